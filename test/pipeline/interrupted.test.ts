import { AppConstruct, BucketResource } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { kill, outcome, type Terraform, TerraformError } from "../../scripts/tools/terraform";
import { Pipeline } from "./pipeline";
import { OPERATOR, type ShopOptions, shop } from "./programs/shop";
import { RemoteState } from "./remote-state";
import { asked, type Contents } from "./server-view";

// Terraform is killed at random points of an apply: INTERRUPTIONS says at how many, INTERRUPTION_SEED which.
const POINTS = Number(process.env.INTERRUPTIONS ?? 1);
const SEED = Number(process.env.INTERRUPTION_SEED ?? Date.now() % 1_000_000);

const PROGRESS = /Creating\.\.\.|Creation complete|Modifying\.\.\.|Modifications complete/g;

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Result {
  readonly contents: Contents;
  readonly addresses: readonly string[];
}

async function resultOf(pipeline: Pipeline, terraform: Terraform): Promise<Result> {
  const keys = Object.keys(asked(pipeline.workspace.json("shop")).entries);
  const contents = await (await pipeline.view(OPERATOR)).contents(keys);
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
  return { platform: { keyValueStore }, orders: { keyValueStore }, sessions: keyValueStore };
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

test.each<[string, Case]>([
  ["run again", { shop: buckets(BucketResource.STREAM), remote: false, again: applyAgain }],
  ["run again, with remote state", { shop: buckets(BucketResource.STREAM), remote: true, again: applyAgain }],
  ["run again in a change, with remote state", { shop: AFTER, before: BEFORE, remote: true, again: applyAgain }],
  [
    "run again, native buckets imported that it has made but not noted",
    { shop: buckets(BucketResource.NATIVE), remote: false, again: applyAndImport },
  ],
])(
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
