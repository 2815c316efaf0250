import { applyResources } from "../../scripts/tools/provider/apply";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { Pipeline } from "./pipeline";
import { OPERATOR, shop } from "./programs/shop";
import { expectAsked } from "./server-view";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

const EXISTING = [
  "jetstream_consumer.shop_events_orders",
  "jetstream_consumer.shop_orders_jobs_worker",
  "jetstream_kv_bucket.shop_orders_sessions",
  "jetstream_stream.shop_audit",
  "jetstream_stream.shop_events",
  "jetstream_stream.shop_orders",
  "jetstream_stream.shop_orders_jobs",
  "jetstream_stream.shop_orders_snapshots",
  "jetstream_stream.shop_orders_wal",
  "jetstream_stream.shop_platform",
];

test("adopt takes in what was made by hand, without a change and with its data", async () => {
  const pipeline = await Pipeline.start(toolchain, shop({ platform: { adopt: true, accessEntries: false } }));
  try {
    const stack = pipeline.workspace.json("shop");
    const operator = await pipeline.connect(OPERATOR);
    await applyResources(operator, stack);
    await operator.request("shop.orders.wal.1", "frame");
    const terraform = await pipeline.terraform("shop");
    const { changes } = await terraform.plan();
    expect(changes.map(({ address, change }) => [address, ...change.actions])).toEqual(
      EXISTING.map((address) => [address, "no-op"]),
    );
    await terraform.applyPlan();
    expect((await terraform.state()).map(({ address }) => address)).toEqual(EXISTING);
    const view = await pipeline.view(OPERATOR);
    await expectAsked([view], stack);
    expect((await view.api.stream("shop_orders_wal"))?.state.messages).toBe(1);
    pipeline.workspace.synth(shop({ platform: { accessEntries: false } }));
    expect((await terraform.plan()).changes).toEqual([]);
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});

test("adopt fails where there is nothing to take in", async () => {
  const pipeline = await Pipeline.start(toolchain, shop({ platform: { adopt: true } }));
  try {
    const terraform = await pipeline.terraform("shop");
    await expect(terraform.plan()).rejects.toThrow("Cannot import non-existent remote object");
  } finally {
    await pipeline.stop();
  }
});
