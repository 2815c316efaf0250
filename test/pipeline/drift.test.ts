import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { ServerStreamConfig } from "../../scripts/tools/provider/stream-config";
import type { Plan, Terraform } from "../../scripts/tools/terraform";
import { sample } from "../support/sample";
import { Pipeline } from "./pipeline";
import { OPERATOR, shop } from "./programs/shop";
import { expectAsked, type ServerView } from "./server-view";

let toolchain: Toolchain;
let pipeline: Pipeline;
let terraform: Terraform;
let view: ServerView;

beforeAll(async () => {
  toolchain = await openToolchain();
  pipeline = await Pipeline.start(toolchain, shop());
  terraform = await pipeline.terraform("shop");
  await terraform.apply();
  view = await pipeline.view(OPERATOR);
});

afterAll(async () => {
  await pipeline?.stop();
  toolchain?.close();
});

async function changeByHand(stream: string, change: ServerStreamConfig): Promise<void> {
  const current = (await view.api.stream(stream))?.config as ServerStreamConfig;
  await view.api.updateStream({ ...current, ...change });
}

const summary = ({ changes }: Plan) => changes.map(({ address, change }) => `${change.actions} ${address}`);

const CHANGES: readonly [string, string[], () => Promise<void>][] = [
  [
    "settings of a stream",
    ["update jetstream_stream.shop_orders_jobs"],
    () => changeByHand("shop_orders_jobs", { max_msgs: 7, max_age: 3600e9, description: "by hand" }),
  ],
  [
    "the subjects of a stream",
    ["update jetstream_stream.shop_orders_wal"],
    () => changeByHand("shop_orders_wal", { subjects: ["shop.orders.other"] }),
  ],
  [
    "settings of a key-value bucket",
    ["update jetstream_stream.shop_orders"],
    () => changeByHand("KV_shop_orders", { max_msgs_per_subject: 9, max_bytes: 1_000_000 }),
  ],
  [
    "settings of a key-value bucket that is a jetstream_kv_bucket",
    ["update jetstream_kv_bucket.shop_orders_sessions"],
    () => changeByHand("KV_shop_orders_sessions", { max_msgs_per_subject: 9, max_bytes: 1_000_000 }),
  ],
  [
    "settings of an object store",
    ["update jetstream_stream.shop_orders_snapshots"],
    () => changeByHand("OBJ_shop_orders_snapshots", { max_bytes: 1_000_000 }),
  ],
  [
    "settings of a consumer",
    ["update jetstream_consumer.shop_orders_jobs_worker"],
    async () => {
      const current = await view.api.consumer("shop_orders_jobs", "worker");
      await view.api.writeConsumer("shop_orders_jobs", { ...current?.config, max_deliver: 2, ack_wait: 5e9 });
    },
  ],
  [
    "an access document",
    ["update jetstream_kv_entry.shop_access_access_users_shop-orders"],
    () => view.api.putEntry("shop_platform", "access.users.shop-orders", "{}"),
  ],
  [
    "a deleted access document",
    ["create jetstream_kv_entry.shop_access_access_users_shop-orders"],
    () => view.api.deleteEntry("shop_platform", "access.users.shop-orders"),
  ],
  [
    "a deleted consumer",
    ["create jetstream_consumer.shop_events_orders"],
    () => view.api.deleteConsumer("shop_events", "orders"),
  ],
  [
    "a deleted stream with its consumer",
    ["create jetstream_consumer.shop_orders_jobs_worker", "create jetstream_stream.shop_orders_jobs"],
    () => view.api.deleteStream("shop_orders_jobs"),
  ],
  ["a deleted bucket", ["create jetstream_stream.shop_orders"], () => view.api.deleteStream("KV_shop_orders")],
];

test.each(sample(CHANGES, 2))("%s changed by hand is planned and mended", async (_, planned, change) => {
  await change();
  const plan = await terraform.plan();
  expect(summary(plan)).toEqual(planned);
  expect(plan.drift.length).toBeGreaterThan(0);
  await terraform.applyPlan();
  expect(pipeline.violations).toEqual([]);
  await expectAsked(view, pipeline.workspace.json("shop"));
  expect((await terraform.plan()).changes).toEqual([]);
});
