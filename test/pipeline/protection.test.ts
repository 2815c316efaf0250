import {
  AckPolicy,
  BucketResource,
  DeliverPolicy,
  RetentionPolicy,
  StorageType,
  type StreamOptions,
} from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { Terraform } from "../../scripts/tools/terraform";
import { sample } from "../support/sample";
import { Pipeline } from "./pipeline";
import { OPERATOR, type ShopOptions, shop } from "./programs/shop";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

describe("a protected platform", () => {
  const base: ShopOptions = {
    more: (orders) => orders.addStream("copy", { mirror: { name: "shop_orders_wal" } }),
  };
  let pipeline: Pipeline;
  let terraform: Terraform;

  beforeAll(async () => {
    pipeline = await Pipeline.start(toolchain, shop(base));
    terraform = await pipeline.terraform("shop");
    await terraform.apply();
  });

  afterAll(() => pipeline?.stop());

  const memory = { storage: StorageType.MEMORY };
  const jobs = (options: StreamOptions): ShopOptions => ({ ...base, jobs: options });

  const REPLACING: readonly [string, ShopOptions][] = [
    ["another storage of a key-value bucket", { ...base, orders: { keyValueStore: memory } }],
    ["another storage of a stream", { ...base, orders: { wal: memory } }],
    ["another storage of an object store", { ...base, orders: { snapshots: memory } }],
    ["another storage of all", { ...base, platform: memory }],
    ["a time to live for messages", jobs({ allowMessageTtl: true })],
    ["a mirror in place of subjects", jobs({ mirror: { name: "shop_audit" } })],
    ["another start of a consumer", { ...base, worker: { deliverPolicy: DeliverPolicy.NEW } }],
    ["another acknowledgement of a consumer", { ...base, worker: { ackPolicy: AckPolicy.ALL } }],
    ["another sequence for a consumer to start with", { ...base, worker: { startSequence: 5 } }],
    ["no time to live of the keys of a bucket", { ...base, orders: { keyValueStore: { limitMarkerTtlSeconds: 0 } } }],
  ];

  test.each(sample(REPLACING, 2))("refuses the plan for %s", async (_, options) => {
    pipeline.workspace.synth(shop(options));
    await expect(terraform.plan()).rejects.toThrow("Instance cannot be destroyed");
  });

  test("refuses to be destroyed", async () => {
    pipeline.workspace.synth(shop(base));
    await expect(terraform.destroy()).rejects.toThrow("Instance cannot be destroyed");
  });

  test.each<[string, ShopOptions]>([
    ["options that can change", { ...base, jobs: { maxAgeSeconds: 60, description: "jobs to do", maxBytes: 1000 } }],
  ])("lets through %s", async (_, options) => {
    pipeline.workspace.synth(shop(options));
    expect((await terraform.plan()).changes.map(({ change }) => change.actions)).toEqual([["update"]]);
  });

  test("refuses on apply what only the server knows to be impossible, and loses nothing", async () => {
    pipeline.workspace.synth(shop(jobs({ retention: RetentionPolicy.WORKQUEUE })));
    await expect(terraform.apply()).rejects.toThrow(/can not change retention policy/);
    expect((await (await pipeline.view(OPERATOR)).contents()).streams.shop_orders_jobs?.retention).toBe("limits");
  });

  test("cannot refuse the removal of what the program no longer declares: the plan shows it", async () => {
    pipeline.workspace.synth(shop({ ...base, orders: { snapshots: undefined } }));
    const { changes } = await terraform.plan();
    const destroyed = changes.filter(({ change }) => change.actions.includes("delete")).map(({ address }) => address);
    expect(destroyed).toEqual(["jetstream_stream.shop_orders_snapshots"]);
  });
});

test("without protection, destroy removes everything and leaves nothing behind", async () => {
  const pipeline = await Pipeline.start(toolchain, shop({ platform: { preventDestroy: false } }));
  try {
    const terraform = await pipeline.terraform("shop");
    await terraform.apply();
    await terraform.destroy();
    expect(await terraform.state()).toEqual([]);
    expect((await (await pipeline.view(OPERATOR)).contents()).streams).toEqual({});
    expect(await (await pipeline.documentsApi("shop")).stream("KV_shop_access")).toBeUndefined();
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});

test("another kind of resource for a bucket keeps the bucket and its data", async () => {
  const buckets = (bucketResource?: BucketResource, adopt = false): ShopOptions => {
    const keyValueStore = { bucketResource, adopt };
    return { platform: { keyValueStore }, orders: { keyValueStore }, sessions: keyValueStore };
  };
  const pipeline = await Pipeline.start(toolchain, shop(buckets(BucketResource.NATIVE)));
  try {
    const terraform = await pipeline.terraform("shop");
    await terraform.apply();
    const view = await pipeline.view(OPERATOR);
    await view.api.putEntry("shop_orders", "users/1", "Ada");
    for (const options of [buckets(), buckets(BucketResource.NATIVE, true), buckets(BucketResource.STREAM)]) {
      pipeline.workspace.synth(shop(options));
      const { changes } = await terraform.plan();
      expect(changes.filter(({ change }) => change.actions.includes("delete"))).toEqual([]);
      await terraform.applyPlan();
      expect(await view.api.entry("shop_orders", "users/1")).toMatchObject({ value: "Ada" });
      pipeline.workspace.synth(shop({ ...options, ...buckets(options.platform?.keyValueStore?.bucketResource) }));
      expect((await terraform.plan()).changes).toEqual([]);
    }
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});
