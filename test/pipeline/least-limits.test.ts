import { TerraformStack, TerraformVariable, Token } from "cdktf";
import {
  AppConstruct,
  jetstream,
  NatsClient,
  PlatformConstruct,
  type PlatformConstructProps,
  RetentionPolicy,
} from "../../lib";
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

/** A platform of which something has so much room. */
const small =
  (props: Partial<PlatformConstructProps>, entries = 0): Declare =>
  (app) => {
    const stack = new TerraformStack(app, "small");
    const prod = new PlatformConstruct(stack, "prod", { servers: ["nats://127.0.0.1:4222"], ...props });
    for (const name of ["a", "b", "c"]) new AppConstruct(prod, name);
    const { bucketName: bucket, resource } = prod.keyValueStore;
    for (let index = 0; index < entries; index++) {
      new jetstream.KvEntry(stack, `entry-${index}`, {
        bucket,
        key: `config.${index}`,
        value: "x".repeat(1000),
        provider: resource.provider,
        dependsOn: [resource],
      });
    }
  };

/** What has room for what Terraform writes: an account, and the bucket of the access documents. */
const ROOMS: readonly [string, (room: number) => Declare][] = [
  ["the account of the entries of the program", (maxFileBytes) => small({ jetStreamLimits: { maxFileBytes } }, 5)],
  ["the bucket of the access documents", (maxBytes) => small({ accessStore: { maxBytes } })],
];

/** The least room that synth accepts. */
function leastRoom(declare: (room: number) => Declare, room = 1): number {
  const { message = "" } = refusal((_, app) => declare(room)(app));
  const [, allowed] = /allowed: (\d+) or more: the (?:\d+ )?entries that Terraform writes/.exec(message) ?? [];
  return allowed === undefined ? room : leastRoom(declare, Number(allowed));
}

test.each(ROOMS)(
  "what an apply writes fits into the least room that synth accepts: %s",
  async (_, declare) => {
    const room = leastRoom(declare);
    expect(room).toBeGreaterThan(5000);
    const pipeline = await Pipeline.start(toolchain, declare(room));
    try {
      const terraform = await pipeline.terraform("small");
      await terraform.plan();
      await terraform.applyPlan();
      expect((await terraform.plan()).changes).toEqual([]);
    } finally {
      await pipeline.stop();
    }
  },
  60_000,
);
