import { type App, TerraformStack } from "cdktf";
import { AppConstruct, PlatformConstruct } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { Terraform } from "../../scripts/tools/terraform";
import { Pipeline } from "./pipeline";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

const servers = ["nats://127.0.0.1:4222"];

/** Platforms with an app each, in one stack and in this order. */
const platforms =
  (...names: string[]) =>
  (app: App): void => {
    const stack = new TerraformStack(app, "nats");
    for (const name of names)
      new AppConstruct(new PlatformConstruct(stack, name, { servers }), `${name}-app`, { wal: {} });
  };

async function withPlatforms(use: (pipeline: Pipeline) => Promise<void>): Promise<void> {
  const pipeline = await Pipeline.start(toolchain, platforms("live", "trial"));
  try {
    await use(pipeline);
  } finally {
    await pipeline.stop();
  }
}

const addresses = async (terraform: Terraform) => (await terraform.state()).map(({ address }) => address);

test("platforms in another order are the same to Terraform", () =>
  withPlatforms(async (pipeline) => {
    const terraform = await pipeline.terraform("nats");
    await terraform.apply();
    const before = await addresses(terraform);
    await pipeline.change(platforms("trial", "live"));
    expect((await terraform.plan()).changes).toEqual([]);
    await terraform.applyPlan();
    expect(await addresses(terraform)).toEqual(before);
  }));

test("a platform that is taken out of the program leaves no state in silence", () =>
  withPlatforms(async (pipeline) => {
    const terraform = await pipeline.terraform("nats");
    await terraform.apply();
    const before = await addresses(terraform);
    await pipeline.change(platforms("trial"));
    await expect(terraform.plan()).rejects.toThrow(/Provider configuration not present/);
    await expect(terraform.apply()).rejects.toThrow(/Provider configuration not present/);
    expect(await addresses(terraform)).toEqual(before);
  }));

test("a state of the provider without alias is taken over with the next apply, and nothing is replaced", () =>
  withPlatforms(async (pipeline) => {
    const withoutAlias = (text: string) =>
      text.replace(/"alias": *"live",?/, "").replaceAll('"jetstream.live"', '"jetstream"');
    pipeline.workspace.rewrite("nats", withoutAlias);
    const { provider } = pipeline.workspace.json("nats");
    expect(provider?.jetstream?.map(({ alias }) => alias)).toEqual([undefined, "live_access", "trial", "trial_access"]);
    const terraform = await pipeline.terraform("nats");
    await terraform.apply();
    await pipeline.change(platforms("live", "trial"));
    expect((await terraform.plan()).changes).toEqual([]);
    await terraform.applyPlan();
    await pipeline.change(platforms("trial", "live"));
    expect((await terraform.plan()).changes).toEqual([]);
  }));
