import { TerraformStack } from "cdktf";
import { AppConstruct, PlatformConstruct, RetiredData } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { accountContents } from "../support/account-contents";
import { held } from "../support/held-messages";
import { backupStream, restoreStream } from "../support/stream-copy";
import { Pipeline } from "./pipeline";
import type { Declare } from "./workspace";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

/** What is brought from one account to the other. */
const BROUGHT = [
  "KV_shop_orders",
  "KV_shop_parcels",
  "KV_shop_platform",
  "OBJ_shop_orders_snapshots",
  "shop_audit",
  "shop_events",
  "shop_jobs",
  "shop_orders_wal",
  "shop_parcels_wal",
];

type Stage = "old" | "declared" | "copying" | "copied" | "retired" | "new";

/**
 * The platform `shop`, which becomes `mall`. Its app `orders` keeps its name; its app `parcels` is called `post` then. Users
 * and accounts are there before anything is copied.
 */
const program =
  (stage: Stage): Declare =>
  (app) => {
    const stack = new TerraformStack(app, "company");
    const declarePlatform = (name: string, formerly?: PlatformConstruct, retired?: RetiredData) => {
      const props = { nodes: ["node-1"], servers: ["nats://127.0.0.1:4222"], formerly, retired };
      const platform = new PlatformConstruct(stack, name, props);
      platform.addStream("jobs");
      return platform;
    };
    const retired = stage === "retired" ? RetiredData.DELETE : undefined;
    const shop = stage === "new" ? undefined : declarePlatform("shop", undefined, retired);
    const parcels = shop && new AppConstruct(shop, "parcels", { wal: {} });
    if (shop) new AppConstruct(shop, "orders", { wal: {}, snapshots: {} });
    if (stage === "old") return;
    const isCopying = stage === "copying";
    const mall = declarePlatform("mall", isCopying ? shop : undefined);
    new AppConstruct(mall, "orders", { wal: {}, snapshots: {} });
    new AppConstruct(mall, "post", { wal: {}, formerly: isCopying ? parcels : undefined });
  };

test("a platform gets another name, and an app of it too: declare, bring, copy, check, retire", async () => {
  // The server has the passwords of all users from the start.
  const pipeline = await Pipeline.start(toolchain, program("declared"));
  try {
    const terraform = await pipeline.terraform("company");
    await pipeline.change(program("old"));
    const apply = async () => {
      await terraform.apply();
      expect((await terraform.plan()).changes).toEqual([]);
    };
    await terraform.apply();
    const old = (await pipeline.connect("shop-orders")).jetstream();
    const snapshot = new Uint8Array(300_000).map((_, index) => index % 251);
    await (await old.views.kv("shop_orders", { bindOnly: true })).put("users/1", "Ada");
    for (let frame = 0; frame < 40; frame++) await old.publish(`shop.orders.wal.${frame}`, `frame ${frame}`);
    await (await old.views.os("shop_orders_snapshots")).putBlob({ name: "snapshot" }, snapshot);
    await old.publish("shop._.audit.orders.login", "Ada");
    const shop = await pipeline.connect("shop-node-1");
    const events = shop.jetstream();
    await events.publish("shop._.events.user.created", "Ada");
    await events.publish("shop._.jobs.clean", "all");
    await events.publish("$KV.shop_platform.config.flags", "blue");
    await events.publish("shop.parcels.wal.1", "parcel");
    await events.publish("$KV.shop_parcels.one", "1");

    await pipeline.change(program("declared"));
    await apply();
    const mall = await pipeline.connect("mall-node-1");
    const contents = (user: typeof mall) =>
      accountContents({ request: (subject, data) => user.request(subject, data, { timeout: 5000 }) });
    for (const stream of BROUGHT) await restoreStream(mall, await backupStream(shop, stream));

    pipeline.workspace.synth(program("copying"));
    await apply();
    const { status, text } = pipeline.command("mall-node-1", "check-copies");
    expect([status, text.trim().split("\n").sort()]).toEqual([
      0,
      expect.arrayContaining(["mall_orders_wal has all of shop_orders_wal: 40 messages"]),
    ]);
    const [next, ...compared] = text.trim().split("\n").reverse();
    expect(next).toMatch(/^Nothing lacks\. Retire the former/);
    expect(compared).toEqual(BROUGHT.map(() => expect.stringContaining(" has all of ")));
    const [before, after] = [await contents(shop), await contents(mall)];
    const renamed = JSON.stringify(held(before, "shop")).replaceAll("parcels", "post");
    expect(held(after, "mall")).toEqual(JSON.parse(renamed));
    expect(Object.keys(held(after, "mall"))).toHaveLength(BROUGHT.length);

    pipeline.workspace.synth(program("copied"));
    await terraform.plan();
    await terraform.applyPlan();
    const { streams } = await mall.jetstreamManager();
    for (const stream of BROUGHT) await streams.delete(stream);
    const to = (await pipeline.connect("mall-orders")).jetstream();
    expect((await (await to.views.kv("mall_orders", { bindOnly: true })).get("users/1"))?.string()).toBe("Ada");
    expect(await (await to.views.os("mall_orders_snapshots")).getBlob("snapshot")).toEqual(snapshot);

    pipeline.workspace.synth(program("retired"));
    await apply();
    await pipeline.change(program("new"));
    await apply();
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});
