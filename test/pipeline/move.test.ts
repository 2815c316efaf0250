import { TerraformStack } from "cdktf";
import { AppConstruct, type jetstream, PlatformConstruct } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { backupStream, restoreStream } from "../support/stream-copy";
import { Pipeline } from "./pipeline";
import type { Declare } from "./workspace";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

/** Which subjects of the old streams become which of the new ones. */
const COPIES = {
  KV_shop_orders: { "$KV.shop_orders.>": "$KV.mall_orders.>" },
  shop_orders_wal: { "shop.orders.wal.>": "mall.orders.wal.>" },
  OBJ_shop_orders_snapshots: {
    "$O.shop_orders_snapshots.C.>": "$O.mall_orders_snapshots.C.>",
    "$O.shop_orders_snapshots.M.>": "$O.mall_orders_snapshots.M.>",
  },
};

/** Lets a stream take in all messages of another one of its account. */
function copy(resource: unknown, name: keyof typeof COPIES): void {
  const subjectTransform = Object.entries(COPIES[name]).map(([source, destination]) => ({ source, destination }));
  (resource as jetstream.Stream).putSource([{ name, subjectTransform }]);
}

/** The platforms `shop` and `mall`, with the app `orders` in the one, in both, or in both while the data is copied. */
const program =
  (stage: "old" | "both" | "copying"): Declare =>
  (app) => {
    const stack = new TerraformStack(app, "company");
    for (const platform of ["shop", "mall"]) {
      const owner = new PlatformConstruct(stack, platform, {
        nodes: ["node-1"],
        servers: ["nats://127.0.0.1:4222"],
      });
      if (platform === "mall" && stage === "old") continue;
      const orders = new AppConstruct(owner, "orders", { wal: {}, snapshots: {} });
      if (platform === "shop" || stage !== "copying") continue;
      copy(orders.keyValueStore.resource, "KV_shop_orders");
      copy(orders.wal?.resource, "shop_orders_wal");
      copy(orders.snapshots?.resource, "OBJ_shop_orders_snapshots");
    }
  };

test("an app is moved to another platform without a loss: declare, restore, copy, remove the copies", async () => {
  // The server has the passwords of both apps from the start.
  const pipeline = await Pipeline.start(toolchain, program("both"));
  try {
    await pipeline.change(program("old"));
    const terraform = await pipeline.terraform("company");
    await terraform.apply();
    const old = await pipeline.connect("shop-orders");
    const [from, snapshot] = [old.jetstream(), new Uint8Array(300_000).map((_, index) => index % 251)];
    await (await from.views.kv("shop_orders", { bindOnly: true })).put("users/1", "Ada");
    for (let frame = 0; frame < 40; frame++) await from.publish(`shop.orders.wal.${frame}`, `frame ${frame}`);
    await (await from.views.os("shop_orders_snapshots")).putBlob({ name: "snapshot" }, snapshot);

    await pipeline.change(program("both"));
    await terraform.apply();
    const [shop, mall] = [await pipeline.connect("shop-node-1"), await pipeline.connect("mall-node-1")];
    for (const stream of Object.keys(COPIES)) await restoreStream(mall, await backupStream(shop, stream));

    pipeline.workspace.synth(program("copying"));
    await terraform.apply();
    const { streams } = await mall.jetstreamManager();
    for (const [source, target] of [
      ["KV_shop_orders", "KV_mall_orders"],
      ["shop_orders_wal", "mall_orders_wal"],
      ["OBJ_shop_orders_snapshots", "OBJ_mall_orders_snapshots"],
    ] as const) {
      const { messages } = (await streams.info(source)).state;
      for (let attempt = 0; attempt < 100; attempt++) {
        if ((await streams.info(target)).state.messages === messages) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect([target, (await streams.info(target)).state.messages]).toEqual([target, messages]);
    }

    pipeline.workspace.synth(program("both"));
    expect((await terraform.plan()).changes.map(({ address, change }) => [address, ...change.actions])).toEqual([
      ["jetstream_stream.mall_orders", "update"],
      ["jetstream_stream.mall_orders_snapshots", "update"],
      ["jetstream_stream.mall_orders_wal", "update"],
    ]);
    await terraform.applyPlan();
    for (const stream of Object.keys(COPIES)) await streams.delete(stream);
    expect((await terraform.plan()).changes).toEqual([]);

    const to = (await pipeline.connect("mall-orders")).jetstream();
    expect((await (await to.views.kv("mall_orders", { bindOnly: true })).get("users/1"))?.string()).toBe("Ada");
    expect(await (await to.views.os("mall_orders_snapshots")).getBlob("snapshot")).toEqual(snapshot);
    const last = await streams.getMessage("mall_orders_wal", { last_by_subj: "mall.orders.wal.39" });
    expect(last?.string()).toBe("frame 39");
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});
