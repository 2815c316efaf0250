import { TerraformStack, TerraformVariable, Token } from "cdktf";
import { AppConstruct, jetstream, NatsClient, PlatformConstruct, RetentionPolicy } from "../../lib";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { refusal } from "../support/synth";
import { Pipeline } from "./pipeline";
import type { Declare } from "./workspace";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

const STREAMS = 30;

/** A program of which nothing is below the least that synth accepts. */
const program: Declare = (app) => {
  const stack = new TerraformStack(app, "tight");
  const prod = new PlatformConstruct(stack, "prod", {
    nodes: ["node-1"],
    servers: ["nats://127.0.0.1:4222"],
    accountLimits: { maxConnections: 20, maxSubscriptions: 1, maxPayloadBytes: 20_000 },
    jetStreamLimits: { maxStreams: STREAMS + 5, maxConsumers: 1, maxFileBytes: 1_000_001 },
  });
  const owner = new AppConstruct(prod, "app", { clients: [NatsClient.NATS_GO] });
  for (let index = 0; index < STREAMS; index++) owner.addStream(`s${index}`);
  const steps = new TerraformVariable(stack, "steps", { type: "list(number)", default: [1, 5, 30] });
  const stream = owner.addStream("jobs", {
    maxBytes: 1_000_000,
    retention: RetentionPolicy.WORKQUEUE,
    subjectTransform: { source: "prod.app.jobs.>", destination: "prod.app.done.>" },
    republish: { destination: ">" },
  });
  owner.addConsumer("worker", { stream, backoffSeconds: Token.asNumberList(steps.value) });
  const { bucketName: bucket, resource } = prod.keyValueStore;
  const { provider } = resource;
  new jetstream.KvEntry(stack, "flags", { bucket, key: "config.flags", value: "{}", provider, dependsOn: [resource] });
};

test("an apply fits into the least limits that synth accepts, and writes the entries of the program", async () => {
  const pipeline = await Pipeline.start(toolchain, program);
  try {
    const terraform = await pipeline.terraform("tight");
    await terraform.plan();
    await terraform.applyPlan();
    expect((await terraform.plan()).changes).toEqual([]);
    expect(pipeline.nats.log).not.toMatch(/violation|exceeded/i);
    const { api } = await pipeline.view("prod-node-1");
    expect((await api.streams()).length).toBe(STREAMS + 5);
    expect(await api.entry("prod_platform", "config.flags")).toMatchObject({ value: "{}" });
    const worker = await api.consumer("prod_app_jobs", "worker");
    expect(worker?.config.backoff).toEqual([1, 5, 30].map((seconds) => seconds * 1_000_000_000));
  } finally {
    await pipeline.stop();
  }
}, 60_000);

/** A platform with three apps and so much room for their entries, on disk. */
const small =
  (maxFileBytes: number): Declare =>
  (app) => {
    const stack = new TerraformStack(app, "small");
    const prod = new PlatformConstruct(stack, "prod", {
      servers: ["nats://127.0.0.1:4222"],
      jetStreamLimits: { maxFileBytes },
    });
    for (const name of ["a", "b", "c"]) new AppConstruct(prod, name);
  };

/** The least room that synth accepts: the access entries say the limit too, so that it changes what they need. */
function leastRoom(room = 1): number {
  const { message = "" } = refusal((_, app) => small(room)(app));
  const [, allowed] = /allowed: (\d+) or more: the entries that Terraform writes/.exec(message) ?? [];
  return allowed === undefined ? room : leastRoom(Number(allowed));
}

test("the entries of an apply fit into the least room that synth accepts", async () => {
  const room = leastRoom();
  expect(room).toBeGreaterThan(1000);
  const pipeline = await Pipeline.start(toolchain, small(room));
  try {
    const terraform = await pipeline.terraform("small");
    await terraform.plan();
    await terraform.applyPlan();
    expect((await terraform.plan()).changes).toEqual([]);
  } finally {
    await pipeline.stop();
  }
}, 60_000);
