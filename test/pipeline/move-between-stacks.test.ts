import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import { AppConstruct, Isolation, jetstream, PlatformConstruct } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { Terraform } from "../../scripts/tools/terraform";
import { sample } from "../support/sample";
import { Pipeline } from "./pipeline";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

type Place = "one" | "two";

/** Two stacks that keep an app each, and where the platform and the app `orders` are. */
const program =
  (at: { readonly platform: Place; readonly orders: Place }) =>
  (app: App): void => {
    const stacks = { one: new TerraformStack(app, "one"), two: new TerraformStack(app, "two") };
    const shop = new PlatformConstruct(stacks[at.platform], "shop", {
      nodes: ["node-1"],
      servers: ["nats://127.0.0.1:4222"],
    });
    for (const stay of ["one", "two"] as const) new AppConstruct(stacks[stay], `stay-${stay}`, { platform: shop });
    const orders = new AppConstruct(stacks[at.orders], "orders", { platform: shop, wal: {}, snapshots: {} });
    orders.addConsumer("worker", { stream: orders.addStream("jobs") });
    orders.consumeEvents({ subjects: ["user.created"] });
  };

/** Apps that leave a stack with nothing of the platform in it: one of the platform's account, and one with its own. */
const leaving =
  (at: Place) =>
  (app: App): void => {
    const stacks = { one: new TerraformStack(app, "one"), two: new TerraformStack(app, "two") };
    const shop = new PlatformConstruct(stacks.one, "shop", { nodes: ["node-1"], servers: ["nats://127.0.0.1:4222"] });
    const movedFrom = at === "one" ? stacks.two : undefined;
    const orders = new AppConstruct(stacks[at], "orders", { platform: shop, wal: {}, snapshots: {}, movedFrom });
    orders.addConsumer("worker", { stream: orders.addStream("jobs") });
    const isolation = Isolation.ACCOUNT;
    new AppConstruct(stacks[at], "apart", { platform: shop, wal: {}, isolation, movedFrom }).publishAudit();
  };

/** The sequence of the last message, the number and the creation of each stream, and the access documents. */
async function contentsOf(pipeline: Pipeline) {
  const node = await pipeline.connect("shop-node-1");
  const { streams, consumers } = await node.jetstreamManager();
  const all = await streams.list().next();
  const found = all
    .map(({ config, state, created }) => [config.name, state.messages, state.last_seq, created] as const)
    .sort();
  const worker = await consumers.info("shop_orders_jobs", "worker");
  const documents = await (await pipeline.documents("shop")).all();
  const keys = documents.map(({ key }) => key).filter((key) => !key.startsWith("access.stacks."));
  return { found, acknowledged: worker.ack_floor.stream_seq, created: worker.created, keys };
}

async function fill(pipeline: Pipeline): Promise<void> {
  const connection = await pipeline.connect("shop-orders");
  const jetstream = connection.jetstream();
  await (await jetstream.views.kv("shop_orders", { bindOnly: true })).put("users/1", "Ada");
  for (let each = 0; each < 20; each++) {
    await jetstream.publish(`shop.orders.wal.${each}`, `frame ${each}`);
    await jetstream.publish("shop.orders.jobs.new", `job ${each}`);
  }
  await (await jetstream.views.os("shop_orders_snapshots")).putBlob({ name: "x" }, new Uint8Array(200_000));
  const consumer = await jetstream.consumers.get("shop_orders_jobs", "worker");
  const message = await consumer.next();
  await message?.ackAck();
}

type Apply = (one: Terraform, two: Terraform) => Promise<unknown>;

const leavesFirst: Apply = async (one, two) => [await one.apply(), await two.apply()];
const takesInFirst: Apply = async (one, two) => [await two.apply(), await one.apply()];
const atOnce: Apply = (one, two) => Promise.all([one.apply(), two.apply()]);

const MOVES = [
  ["an app, the stack that it leaves first", { platform: "one", orders: "two" }, leavesFirst, true],
  ["an app, the stack that takes it in first", { platform: "one", orders: "two" }, takesInFirst, false],
  ["an app, both stacks at once", { platform: "one", orders: "two" }, atOnce, false],
  ["a platform", { platform: "two", orders: "one" }, takesInFirst, false],
  ["both", { platform: "two", orders: "two" }, atOnce, true],
] as const;

test.each(sample(MOVES, 2))("what is in another stack keeps everything: %s", async (_, moved, apply, isBack) => {
  const pipeline = await Pipeline.start(toolchain, program({ platform: "one", orders: "one" }));
  try {
    const [one, two] = [await pipeline.terraform("one"), await pipeline.terraform("two")];
    await one.apply();
    await two.apply();
    await fill(pipeline);
    const before = await contentsOf(pipeline);
    await pipeline.change(program(moved));
    await apply(one, two);
    for (const terraform of [one, two]) expect((await terraform.plan()).changes).toEqual([]);
    expect(await contentsOf(pipeline)).toEqual(before);
    expect(pipeline.violations).toEqual([]);
    if (!isBack) return;
    await pipeline.change(program({ platform: "one", orders: "one" }));
    await apply(two, one);
    for (const terraform of [one, two]) expect((await terraform.plan()).changes).toEqual([]);
    expect(await contentsOf(pipeline)).toEqual(before);
  } finally {
    await pipeline.stop();
  }
});

const ORDERS = [
  ["the stack that it leaves first", takesInFirst],
  ["the stack that takes it in first", leavesFirst],
] as const;

test.each(sample(ORDERS, 2))(
  "a stack that is left with nothing of the platform forgets what was moved: %s",
  async (_, apply) => {
    const pipeline = await Pipeline.start(toolchain, leaving("two"));
    try {
      const [one, two] = [await pipeline.terraform("one"), await pipeline.terraform("two")];
      await one.apply();
      await two.apply();
      await fill(pipeline);
      const apart = await pipeline.connect("shop-apart");
      await apart.jetstream().publish("shop.apart.wal.1", "frame");
      const before = await contentsOf(pipeline);
      await pipeline.change(leaving("one"));
      await apply(one, two);
      for (const terraform of [one, two]) expect((await terraform.plan()).changes).toEqual([]);
      expect(await two.state()).toEqual([]);
      expect(await contentsOf(pipeline)).toEqual(before);
      const log = await (await apart.jetstreamManager()).streams.info("shop_apart_wal");
      expect(log.state.messages).toBe(1);
      expect(pipeline.violations).toEqual([]);
    } finally {
      await pipeline.stop();
    }
  },
);

/** An app in one of two stacks, with a key of its bucket that Terraform writes once. */
const withEntry =
  (at: Place) =>
  (app: App): void => {
    const stacks = { one: new TerraformStack(app, "one"), two: new TerraformStack(app, "two") };
    const shop = new PlatformConstruct(stacks.one, "shop", { nodes: ["node-1"], servers: ["nats://127.0.0.1:4222"] });
    new AppConstruct(stacks.two, "stay", { platform: shop });
    const { bucketName: bucket, resource } = new AppConstruct(stacks[at], "orders", { platform: shop }).keyValueStore;
    new jetstream.KvEntry(stacks[at], "mode", {
      bucket,
      key: "settings.mode",
      value: "of the program",
      provider: resource.provider,
      dependsOn: [resource],
      lifecycle: { ignoreChanges: ["value"] },
    });
  };

test("a key that a move writes over is named before it is", async () => {
  const pipeline = await Pipeline.start(toolchain, withEntry("one"));
  try {
    const [one, two] = [await pipeline.terraform("one"), await pipeline.terraform("two")];
    await one.apply();
    await two.apply();
    const bucket = await (await pipeline.connect("shop-orders")).jetstream().views.kv("shop_orders");
    await bucket.put("settings.mode", "of a client");
    expect((await one.plan()).changes).toEqual([]);
    await pipeline.change(withEntry("two"));
    const check = async (terraform: Terraform, ...options: string[]) => {
      await terraform.run("plan", "-out=check.tfplan");
      const plan = await terraform.run("show", "-json", "check.tfplan");
      writeFileSync(join(pipeline.workspace.folder, "plan.json"), plan);
      return pipeline.command("shop-node-1", "check-plan", "plan.json", ...options);
    };
    const left = "a stack that takes it in writes settings.mode anew, over a value that was changed on the server";
    expect(await check(one)).toEqual({ status: 4, text: expect.stringContaining(left) });
    const taken =
      "key settings.mode of key-value bucket shop_orders is on the server with a value that the plan does not know, which is overwritten; to allow it: --allow overwritten:shop_orders/settings.mode";
    expect(await check(two, "--ask-server")).toEqual({ status: 4, text: expect.stringContaining(taken) });
    expect((await check(two, "--ask-server", "--allow", "shop_orders/settings.mode")).status).toBe(0);
    expect((await bucket.get("settings.mode"))?.string()).toBe("of a client");
    await two.run("apply", "check.tfplan");
    expect((await bucket.get("settings.mode"))?.string()).toBe("of the program");
  } finally {
    await pipeline.stop();
  }
});
