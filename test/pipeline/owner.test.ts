import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import { AppConstruct, type AppConstructProps, PlatformConstruct, RetiredData } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { Terraform } from "../../scripts/tools/terraform";
import { Pipeline } from "./pipeline";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

const servers = ["nats://127.0.0.1:4222"];

/** The program of the platform, with an app. */
const first =
  (props?: AppConstructProps) =>
  (app: App): void => {
    const stack = new TerraformStack(app, "first");
    const shop = new PlatformConstruct(stack, "shop", { nodes: ["node-1"], servers, owner: "acme/shop" });
    if (props) new AppConstruct(shop, "cache", { wal: {}, snapshots: {}, ...props });
  };

/** Another program that declares the same app. */
const second =
  (props: AppConstructProps) =>
  (app: App): void => {
    const stack = new TerraformStack(app, "second");
    const shop = PlatformConstruct.fromPlatformName(stack, "shop", "shop", { servers, owner: "acme/cache" });
    new AppConstruct(stack, "cache", { platform: shop, wal: {}, snapshots: {}, ...props });
  };

/** What the gate says of the plan that Terraform makes now, where it may ask the server. */
async function asked(pipeline: Pipeline, terraform: Terraform) {
  await terraform.run("plan", "-out=check.tfplan");
  writeFileSync(join(pipeline.workspace.folder, "plan.json"), await terraform.run("show", "-json", "check.tfplan"));
  return pipeline.command("shop-node-1", "check-plan", "plan.json", "--ask-server");
}

/** All streams of the platform's account and their durable consumers, and the access documents, as the server has them. */
async function everything(pipeline: Pipeline) {
  const connection = await pipeline.connect("shop-node-1");
  const manager = await connection.jetstreamManager();
  const streams = await manager.streams.list().next();
  const consumers = await Promise.all(streams.map(({ config: { name } }) => manager.consumers.list(name).next()));
  const documents = await pipeline.documents("shop");
  const { state } = await documents.info();
  return {
    streams: streams.map(({ config, created, state }) => ({ config, created, messages: state.messages })),
    consumers: consumers
      .flat()
      .filter(({ config }) => config.durable_name !== undefined)
      .map(({ stream_name, config, created }) => ({ stream_name, config, created })),
    entries: await documents.all(),
    lastEntry: state.last_seq,
  };
}

test("a program with another owner changes nothing of an app of the same name, however few streams it has", async () => {
  const pipeline = await Pipeline.start(toolchain, (app) => {
    const stack = new TerraformStack(app, "first");
    const shop = new PlatformConstruct(stack, "shop", { nodes: ["node-1"], servers, owner: "acme/shop" });
    new AppConstruct(shop, "cache").consumeEvents({ maxDeliver: 3 });
  });
  try {
    await (await pipeline.terraform("first")).apply();
    const before = await everything(pipeline);
    expect(before.consumers.map(({ config }) => config.durable_name)).toEqual(["cache"]);
    expect(before.entries.map(({ key }) => key)).toContain("access.users.shop-cache");

    const other = pipeline.addWorkspace();
    other.synth((app) => {
      const stack = new TerraformStack(app, "second");
      const shop = PlatformConstruct.fromPlatformName(stack, "shop", "shop", { servers, owner: "acme/cache" });
      const cache = new AppConstruct(stack, "cache", { platform: shop, privateInbox: true });
      cache.consumeEvents({ maxDeliver: 7 });
    });
    const two = await pipeline.terraform("second", other);
    await expect(two.apply()).rejects.toThrow(/stream name already in use with a different configuration/);
    expect(await two.state()).toEqual([]);
    expect(await everything(pipeline)).toEqual(before);
  } finally {
    await pipeline.stop();
  }
});

test("a program cannot take over what another one declares, unless that one lets go of it", async () => {
  const pipeline = await Pipeline.start(toolchain, first({}));
  try {
    const one = await pipeline.terraform("first");
    await one.apply();
    const node = await pipeline.connect("shop-node-1");
    await node.jetstream().publish("shop.cache.wal.1", "frame");
    const messages = async () => (await (await node.jetstreamManager()).streams.info("shop_cache_wal")).state.messages;

    const other = pipeline.addWorkspace();
    other.synth(second({}));
    const two = await pipeline.terraform("second", other);
    expect(await asked(pipeline, two)).toEqual({
      status: 4,
      text: expect.stringContaining("stream shop_cache_wal is on the server already, and belongs to acme/shop\n"),
    });
    await expect(two.apply()).rejects.toThrow(/stream name already in use with a different configuration/);
    expect((await two.state()).filter(({ type }) => type === "jetstream_stream")).toEqual([]);
    expect(await messages()).toBe(1);

    await pipeline.change(first({ retired: RetiredData.KEEP }));
    const { text } = await asked(pipeline, one);
    expect(text).toMatch(/stream shop_cache_wal is no longer managed .*\n +the server has 1 message in it\n/);
    expect(text).toMatch(/key-value bucket shop_cache is no longer managed .*\n +the server has 0 messages in it\n/);
    await one.apply();
    other.synth(second({ adopt: true }));
    const { changes } = await two.plan();
    const stream = changes.find(({ address }) => address === "jetstream_stream.shop_cache_wal");
    expect(stream?.change.actions).toEqual(["update"]);
    expect(stream?.change.before?.metadata).toEqual({ "cdktf-nats-platform.owner": "acme/shop" });
    expect(stream?.change.after?.metadata).toEqual({ "cdktf-nats-platform.owner": "acme/cache" });
    expect(await asked(pipeline, two)).toEqual({
      status: 4,
      text: expect.stringContaining(
        "stream shop_cache_wal gets the owner acme/cache; before, acme/shop, whose program has it unless it has let go of it; to allow it: --allow overwritten:shop_cache_wal\n",
      ),
    });
    await two.applyPlan();
    await pipeline.change(first());
    await one.apply();
    other.synth(second({}));
    for (const terraform of [one, two]) expect((await terraform.plan()).changes).toEqual([]);
    expect(await messages()).toBe(1);
  } finally {
    await pipeline.stop();
  }
});
