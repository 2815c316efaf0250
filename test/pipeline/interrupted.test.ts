import { type App, TerraformStack } from "cdktf";
import {
  AppConstruct,
  BucketResource,
  PlatformConstruct,
  type PlatformConstructProps,
  RetentionPolicy,
  RetiredData,
  type StreamOptions,
} from "cdktf-nats-platform";
import type { NatsConnection } from "nats";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { kill, outcome, type Terraform, TerraformError } from "../../scripts/tools/terraform";
import { randomNumbers } from "../support/random";
import { ALL, sample } from "../support/sample";
import { contentsOfAll } from "./edits/contents";
import { Pipeline } from "./pipeline";
import { type ShopOptions, shop } from "./programs/shop";
import { RemoteState } from "./remote-state";
import { asked, type Contents, seenBy } from "./server-view";

// Terraform is killed at random points of an apply: INTERRUPTIONS says at how many, INTERRUPTION_SEED which.
const POINTS = Number(process.env.INTERRUPTIONS ?? (ALL ? 3 : 1));
const SEED = Number(process.env.INTERRUPTION_SEED ?? Date.now() % 1_000_000);

const PROGRESS = /Creating\.\.\.|Creation complete|Modifying\.\.\.|Modifications complete/g;

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

interface Result {
  readonly contents: Contents;
  readonly addresses: readonly string[];
}

async function resultOf(pipeline: Pipeline, terraform: Terraform): Promise<Result> {
  const keys = Object.keys(asked(pipeline.workspace.json("shop")).entries);
  const contents = await seenBy(await pipeline.views("shop"), keys);
  expect((await terraform.plan()).changes).toEqual([]);
  expect(pipeline.violations).toEqual([]);
  return { contents, addresses: (await terraform.state()).map(({ address }) => address) };
}

/** Applies, and kills Terraform when it has reported progress so many times; tells whether it was killed in time. */
async function applyUntil(terraform: Terraform, progress: number): Promise<boolean> {
  const child = terraform.start("apply", "-auto-approve");
  const ended = outcome(child);
  let seen = "";
  child.stdout?.on("data", (text: string) => {
    seen += text;
    if ((seen.match(PROGRESS)?.length ?? 0) >= progress) kill(child);
  });
  return (await ended).status === null;
}

/** Applies again; what the provider refuses because it exists already is imported first, for as long as there is any. */
async function applyAndImport(terraform: Terraform): Promise<void> {
  for (;;) {
    try {
      await terraform.apply();
      return;
    } catch (error) {
      const buckets = error instanceof TerraformError ? [...error.output.matchAll(/bucket (\w+) already exist/g)] : [];
      if (buckets.length === 0) throw error;
      for (const [, bucket] of buckets)
        await terraform.import(`jetstream_kv_bucket.${bucket}`, `JETSTREAM_KV_${bucket}`);
    }
  }
}

const applyAgain = (terraform: Terraform): Promise<unknown> => terraform.apply();

/** The shop, its buckets of one kind to Terraform. */
function buckets(bucketResource: BucketResource): ShopOptions {
  const keyValueStore = { bucketResource };
  return {
    platform: { keyValueStore, accessStore: keyValueStore },
    orders: { keyValueStore },
    sessions: keyValueStore,
  };
}

/** The shop before a change that makes new resources, updates others, and changes what users may do. */
const BEFORE: ShopOptions = {};
const AFTER: ShopOptions = {
  platform: { events: { maxAgeSeconds: 3600 } },
  orders: { wal: { maxBytes: 1_000_000 }, keyValueStore: { history: 5 } },
  jobs: { description: "jobs to do" },
  more: (orders, platform) => {
    orders.publishEvents("orders.>");
    for (const app of ["stock", "desk"]) new AppConstruct(platform, app, { wal: {} }).consumeEvents();
  },
};

interface Case {
  readonly shop: ShopOptions;
  /** What is applied, undisturbed, before. */
  readonly before?: ShopOptions;
  readonly remote: boolean;
  readonly again: (terraform: Terraform) => Promise<unknown>;
}

const CASES: readonly [string, Case][] = [
  ["run again", { shop: buckets(BucketResource.STREAM), remote: false, again: applyAgain }],
  ["run again, with remote state", { shop: buckets(BucketResource.STREAM), remote: true, again: applyAgain }],
  ["run again in a change, with remote state", { shop: AFTER, before: BEFORE, remote: true, again: applyAgain }],
  [
    "run again, native buckets imported that it has made but not noted",
    { shop: buckets(BucketResource.NATIVE), remote: false, again: applyAndImport },
  ],
];

test.each(sample(CASES, 2))(
  `killed at ${POINTS} points, Terraform comes to the same as undisturbed when it is %s`,
  async (_, { shop: options, before, remote, again }) => {
    const withShop = async <T>(use: (pipeline: Pipeline, terraform: Terraform) => Promise<T>): Promise<T> => {
      const remoteState = remote ? await RemoteState.open() : undefined;
      let pipeline: Pipeline | undefined;
      try {
        pipeline = await Pipeline.start(toolchain, shop(options), remoteState);
        const terraform = await pipeline.terraform("shop");
        if (before) {
          pipeline.workspace.synth(shop(before));
          await terraform.apply();
          pipeline.workspace.synth(shop(options));
        }
        return await use(pipeline, terraform);
      } finally {
        await pipeline?.stop();
        remoteState?.close();
      }
    };
    process.stdout.write(`INTERRUPTION_SEED=${SEED}\n`);
    const random = randomNumbers(SEED);
    const [undisturbed, steps] = await withShop(async (pipeline, terraform) => {
      const output = await terraform.apply();
      return [await resultOf(pipeline, terraform), output.match(PROGRESS)?.length ?? 0] as const;
    });
    let killed = 0;
    for (let point = 0; point < POINTS; point++) {
      const progress = 1 + Math.floor(random() * steps);
      const result = await withShop(async (pipeline, terraform) => {
        if (await applyUntil(terraform, progress)) killed++;
        pipeline.workspace.dropTornState("shop");
        await again(terraform);
        return resultOf(pipeline, terraform);
      });
      expect({ progress, ...result }).toEqual({ progress, ...undisturbed });
    }
    expect(killed).toBeGreaterThan(0);
  },
  120_000,
);

/** A program of two stacks with an app that something is done with. */
interface Shape {
  readonly stack?: "one" | "two";
  readonly retired?: RetiredData;
  readonly owner?: string;
  readonly jobs?: StreamOptions;
}

const twoStacks =
  ({ stack = "one", retired, owner, jobs }: Shape) =>
  (app: App): void => {
    const stacks = { one: new TerraformStack(app, "one"), two: new TerraformStack(app, "two") };
    const props: PlatformConstructProps = { nodes: ["node-1"], servers: ["nats://127.0.0.1:4222"], owner };
    const platform = new PlatformConstruct(stacks.one, "shop", props);
    for (const each of ["one", "two"] as const) new AppConstruct(stacks[each], `stay-${each}`, { platform });
    const orders = new AppConstruct(stacks[stack], "orders", { platform, wal: {}, snapshots: {}, retired });
    orders.addConsumer("worker", { stream: orders.addStream("jobs", jobs) });
    orders.addConsumer("clerk", { stream: orders.addStream("calls", { retention: RetentionPolicy.INTEREST }) });
    orders.consumeEvents({ subjects: ["user.created"] });
  };

const OPERATIONS: readonly (readonly [string, Shape])[] = [
  ["a move to another stack", { stack: "two" }],
  ["a retirement that keeps", { retired: RetiredData.KEEP }],
  ["a retirement that deletes", { retired: RetiredData.DELETE }],
  ["an owner", { owner: "acme/shop" }],
  ["another option", { jobs: { maxAgeSeconds: 3600, description: "jobs to do" } }],
];

/** How long Terraform applies, from when the plan is made; until it is killed, if it is to be. */
async function applyFor(
  terraform: Terraform,
  milliseconds?: number,
): Promise<{ milliseconds: number; killed: boolean }> {
  const child = terraform.start("apply", "-auto-approve");
  const ended = outcome(child);
  let seen = "";
  let begin: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  child.stdout?.on("data", (text: string) => {
    seen += text;
    if (begin !== undefined || !/^Plan: |\nPlan: |No changes/.test(seen)) return;
    begin = Date.now();
    if (milliseconds !== undefined) timer = setTimeout(() => kill(child), milliseconds);
  });
  const { status, output } = await ended;
  clearTimeout(timer);
  if (status !== 0 && status !== null) throw new TerraformError("apply", output);
  return { milliseconds: Date.now() - (begin ?? Date.now()), killed: status === null };
}

/** What is stored in the streams of the platform, and how far their consumers are. */
async function storedIn(node: NatsConnection): Promise<object> {
  const all = await contentsOfAll(new Map([["SHOP", node]]));
  return Object.fromEntries(
    [...all].map(([key, { messages, consumers }]) => {
      const positions = [...consumers].map(([name, { created: _, config: __, ...position }]) => [name, position]);
      return [key, { messages: [...messages], consumers: Object.fromEntries(positions) }];
    }),
  );
}

/** Stores what an app stores, unless it is there. */
async function fillOrders(node: NatsConnection): Promise<void> {
  const stream = await (await node.jetstreamManager()).streams.info("shop_orders_jobs");
  if (stream.state.messages > 0) return;
  const jetstream = node.jetstream();
  for (let each = 0; each < 5; each++) {
    for (const name of ["wal", "jobs", "calls"]) await jetstream.publish(`shop.orders.${name}.${each}`, `${each}`);
    await jetstream.publish(`$KV.shop_orders.${each}`, `${each}`);
    await jetstream.publish(`$O.shop_orders_snapshots.C.${each}`, `${each}`);
  }
  for (const [stream, name] of [
    ["shop_orders_jobs", "worker"],
    ["shop_orders_calls", "clerk"],
  ] as const) {
    const message = await (await jetstream.consumers.get(stream, name)).next();
    await message?.ackAck();
  }
}

// One operation is killed at one point, unless more is asked for: then each at so many, half of them with remote state.
const first = Math.floor(randomNumbers(SEED)() * OPERATIONS.length);
const chosen = POINTS > 1 ? OPERATIONS : OPERATIONS.slice(first, first + 1);
const states = POINTS > 1 ? [false, true] : [SEED % 2 === 0];

test.each(
  chosen.flatMap(([name, after]) => states.map((remote) => [name, remote ? "remote" : "local", after] as const)),
)(
  "%s with %s state comes to the same as undisturbed when it is killed and applied again",
  async (name, place, after) => {
    const remoteState = place === "remote" ? await RemoteState.open() : undefined;
    let pipeline: Pipeline | undefined;
    let killed = 0;
    const random = randomNumbers(SEED);
    const points = Math.ceil(POINTS / states.length);
    try {
      pipeline = await Pipeline.start(toolchain, twoStacks({}), remoteState);
      const { workspace } = pipeline;
      const stacks = { one: await pipeline.terraform("one"), two: await pipeline.terraform("two") };
      const names: readonly ("one" | "two")[] = ["one", "two"];
      const node = await pipeline.connect("shop-node-1");
      const views = await pipeline.views("shop");
      let undisturbed: object | undefined;
      const took = { one: 0, two: 0 };
      for (let point = 0; point <= points; point++) {
        workspace.synth(twoStacks({}));
        for (const each of names) await stacks[each].apply();
        await fillOrders(node);
        workspace.synth(twoStacks(after));
        const order = random() < 0.5 ? names : [...names].reverse();
        for (const each of undisturbed ? order : names) {
          const milliseconds = undisturbed && random() * took[each];
          const done = await applyFor(stacks[each], milliseconds);
          if (!undisturbed) took[each] = done.milliseconds;
          if (done.killed) killed++;
          if (done.killed && place === "local") workspace.restoreTornState(each);
        }
        if (undisturbed) for (const each of order) await stacks[each].apply();
        const keys = Object.keys(asked(...names.map((each) => workspace.json(each))).entries);
        const result = {
          stored: await storedIn(node),
          contents: await seenBy(views, keys),
          addresses: await Promise.all(
            names.map(async (each) => (await stacks[each].state()).map((one) => one.address)),
          ),
        };
        const plans = await Promise.all(names.map((each) => stacks[each].plan()));
        expect(plans.map(({ changes }) => changes)).toEqual([[], []]);
        undisturbed ??= result;
        expect(result).toEqual(undisturbed);
      }
      process.stdout.write(
        `${name}, ${place} state: ${killed} of ${2 * points} applies killed, INTERRUPTION_SEED=${SEED}\n`,
      );
    } finally {
      await pipeline?.stop();
      remoteState?.close();
    }
  },
  60_000 + 60_000 * POINTS,
);
