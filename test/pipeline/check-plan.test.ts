import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import {
  AppConstruct,
  BucketResource,
  Isolation,
  jetstream,
  PlatformConstruct,
  RetentionPolicy,
  RetiredData,
  StorageType,
  type StreamOptions,
} from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { Terraform } from "../../scripts/tools/terraform";
import { commandAtOnce, type Outcome } from "../support/command";
import { sample } from "../support/sample";
import { Pipeline } from "./pipeline";

const folder = mkdtempSync(join(tmpdir(), "check-plan-"));
let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => {
  toolchain?.close();
  rmSync(folder, { recursive: true });
});

interface Variant {
  /** In which stack the app is; in none if it is removed. */
  readonly cache?: "one" | "two";
  readonly jobs?: StreamOptions;
  readonly queue?: StreamOptions;
  readonly history?: number;
  readonly isolation?: Isolation;
  readonly retired?: RetiredData;
  /** Whether another stream copies the work queue. */
  readonly copied?: boolean;
}

/** A platform in the stack `one`, an app of which tests want different things, and one that stays. */
const program =
  ({ cache, jobs, queue, history, isolation, retired, copied }: Variant) =>
  (app: App): void => {
    const stacks = { one: new TerraformStack(app, "one"), two: new TerraformStack(app, "two") };
    const shop = new PlatformConstruct(stacks.one, "shop", {
      nodes: ["node-1"],
      servers: ["nats://127.0.0.1:4222"],
      preventDestroy: false,
    });
    new AppConstruct(stacks.two, "stay", { platform: shop });
    if (cache === undefined) return;
    const owner = new AppConstruct(stacks[cache], "cache", { platform: shop, wal: {}, isolation, retired });
    owner.addConsumer("worker", { stream: owner.addStream("jobs", jobs) });
    const work = owner.addStream("queue", { retention: RetentionPolicy.WORKQUEUE, ...queue });
    if (copied) owner.addStream("copy", { sources: [{ stream: work }] });
    owner.addKeyValueStore("old", { bucketResource: BucketResource.NATIVE, history: history ?? 5 });
  };

const base: Variant = { cache: "one", jobs: { maxAgeSeconds: 600 } };

/** What the command says to the plan that Terraform makes now. */
async function check(terraform: Terraform, ...options: string[]): Promise<Outcome> {
  await terraform.run("plan", "-out=check.tfplan");
  writeFileSync(join(folder, "plan.json"), await terraform.run("show", "-json", "check.tfplan"));
  return commandAtOnce(folder, "check-plan", "plan.json", ...options);
}

describe("the plan of a change", () => {
  let pipeline: Pipeline;
  let one: Terraform;

  beforeAll(async () => {
    pipeline = await Pipeline.start(toolchain, program(base));
    one = await pipeline.terraform("one");
  });

  afterAll(() => pipeline?.stop());

  test("that makes everything loses nothing, and names all users", async () => {
    const { status, out } = await check(one);
    expect([status, out.split("\n")[0]]).toEqual([0, expect.stringContaining("Nothing is lost that is not allowed.")]);
    expect(out).toContain("+ user shop-cache (app) of account SHOP added");
    await one.apply();
    await (await pipeline.terraform("two")).apply();
    expect((await check(one)).out).toBe("Nothing is lost that is not allowed.\n");
  });

  const rows: [string, Variant, string[], string[]][] = [
    [
      "an app that is removed",
      {},
      [
        "key-value bucket shop_cache is destroyed with all of its keys, since the program no longer has it, or has it as retired with its data to be deleted; to allow it: --allow destroyed:shop_cache\n",
        "stream shop_cache_jobs is destroyed",
        "so is worker in it",
        "key-value bucket shop_cache_old is destroyed",
        "user shop-cache (app) of account SHOP removed",
      ],
      ["shop_cache", "shop_cache_wal", "shop_cache_jobs", "shop_cache_queue", "shop_cache_old"],
    ],
    [
      "an app that is retired with its data",
      { ...base, retired: RetiredData.DELETE },
      [
        "stream shop_cache_wal is destroyed with all of its messages, since the program no longer has it, or has it as retired with its data to be deleted; to allow it",
        "so is worker in it",
      ],
      ["shop_cache", "shop_cache_wal", "shop_cache_jobs", "shop_cache_queue", "shop_cache_old"],
    ],
    [
      "an app that is retired without its data",
      { ...base, retired: RetiredData.KEEP },
      ["stream shop_cache_wal is no longer managed by this stack", "so is worker in it"],
      ["shop_cache", "shop_cache_wal", "shop_cache_jobs", "shop_cache_queue", "shop_cache_old"],
    ],
    [
      "a copy of a work queue",
      { ...base, copied: true },
      [
        "stream shop_cache_queue is a work queue that shop_cache_copy now copies: what that has copied is deleted; to allow it: --allow",
      ],
      ["shop_cache_queue"],
    ],
    [
      "a shorter age",
      { ...base, jobs: { maxAgeSeconds: 60 } },
      [
        "stream shop_cache_jobs: max_age is 60 seconds; before, 600 seconds: what is older is deleted; to allow it: --allow",
      ],
      ["shop_cache_jobs"],
    ],
    [
      "less history",
      { ...base, history: 2 },
      ["key-value bucket shop_cache_old: history is 2 revisions; before, 5 revisions"],
      ["shop_cache_old"],
    ],
    [
      "a stream that is replaced",
      { ...base, jobs: { maxAgeSeconds: 600, storage: StorageType.MEMORY } },
      [
        "stream shop_cache_jobs is destroyed with all of its messages, and made again, since storage cannot be changed in place",
        "so is worker in it, until the next apply makes it again",
      ],
      ["shop_cache_jobs"],
    ],
    [
      "an app that moves to another stack",
      { ...base, cache: "two" },
      [
        "key-value bucket shop_cache is no longer managed by this stack: nothing is lost on the server, and another stack may",
        "so is worker in it",
      ],
      ["shop_cache", "shop_cache_wal", "shop_cache_jobs", "shop_cache_queue", "shop_cache_old"],
    ],
  ];
  test.each(sample(rows, 2))("by %s", async (_, variant, texts, names) => {
    pipeline.workspace.synth(program(variant));
    const { status, out, err } = await check(one);
    for (const text of texts) expect(out).toContain(text);
    expect([status, err]).toEqual([4, ""]);
    const allowed = await check(one, ...names.flatMap((name) => ["--allow", name]));
    expect([allowed.status, allowed.err]).toEqual([0, ""]);
    expect((await check(one, ...names.slice(1).flatMap((name) => ["--allow", name]))).status).toBe(4);
  });

  test("that the server refuses is said before the server does", async () => {
    pipeline.workspace.synth(program({ ...base, queue: { retention: RetentionPolicy.LIMITS } }));
    const { status, out } = await check(one, "--allow", "shop_cache_queue");
    expect(status).toBe(4);
    expect(out).toContain(
      'Refused by the server\n  ~ stream shop_cache_queue: retention is "limits"; before, "workqueue": a stream never becomes',
    );
    await expect(one.run("apply", "check.tfplan")).rejects.toThrow(/can not change retention policy/);
  });

  test("of a stream that is tainted names how it is kept", async () => {
    pipeline.workspace.synth(program(base));
    await one.run("taint", "jetstream_stream.shop_cache_jobs");
    expect((await check(one)).out).toContain("terraform untaint jetstream_stream.shop_cache_jobs keeps it");
    await one.run("untaint", "jetstream_stream.shop_cache_jobs");
    expect((await check(one)).status).toBe(0);
  });
});

test("the plan of an app that gets an account of its own, without protection, leaves its data where it is", async () => {
  const isolated = program({ ...base, isolation: Isolation.ACCOUNT });
  // The server is started with the variables of all users that it will have.
  const pipeline = await Pipeline.start(toolchain, isolated);
  try {
    await pipeline.change(program(base));
    await (await pipeline.terraform("one")).apply();
    await pipeline.change(isolated);
    const one = await pipeline.terraform("one");
    const { status, out } = await check(one);
    expect(status).toBe(4);
    for (const name of ["key-value bucket shop_cache", "stream shop_cache_jobs", "stream shop_cache_wal"]) {
      expect(out).toContain(`${name} is made anew, empty, since it is not in the account where Terraform now looks`);
    }
    expect(out).toContain("so is worker in it");
    const names = ["shop_cache", "shop_cache_wal", "shop_cache_jobs", "shop_cache_queue", "shop_cache_old"];
    expect(await check(one, ...names.flatMap((name) => ["--allow", name]))).toMatchObject({ status: 0, err: "" });
  } finally {
    await pipeline.stop();
  }
});

const servers = ["nats://127.0.0.1:4222"];

/** What the command says to a plan that Terraform makes now, where it may ask the server as the platform's node. */
async function asked(pipeline: Pipeline, terraform: Terraform, planOptions: readonly string[], ...options: string[]) {
  await terraform.run("plan", "-out=check.tfplan", ...planOptions);
  writeFileSync(join(pipeline.workspace.folder, "plan.json"), await terraform.run("show", "-json", "check.tfplan"));
  return pipeline.command("shop-node-1", "check-plan", "plan.json", ...options);
}

const ASK = "--ask-server";

describe("what the server has already", () => {
  interface Moving {
    readonly cache: "one" | "two";
    /** Whether the app that is there already copies what moves to its stack. */
    readonly copied?: boolean;
    readonly isolation?: Isolation;
    readonly accessEntries?: boolean;
  }

  /** A platform in the stack `two` with an app, and one that can be in either stack. */
  const moving =
    ({ cache: at, copied, isolation, accessEntries }: Moving) =>
    (app: App): void => {
      const stacks = { one: new TerraformStack(app, "one"), two: new TerraformStack(app, "two") };
      const shop = new PlatformConstruct(stacks.two, "shop", { nodes: ["node-1"], servers, accessEntries });
      new AppConstruct(stacks.one, "stay", { platform: shop });
      const cache = new AppConstruct(stacks[at], "cache", { platform: shop, isolation });
      const jobs = cache.addStream("jobs", { retention: RetentionPolicy.WORKQUEUE });
      cache.addConsumer("worker", { stream: cache.addStream("tasks") });
      const { bucketName: bucket, resource } = cache.keyValueStore;
      if (isolation === undefined && accessEntries !== false) {
        const { provider } = resource;
        const entry = { bucket, key: "config.flags", value: "initial", provider, dependsOn: [resource] };
        new jetstream.KvEntry(stacks[at], "flags", entry);
      }
      const store = new AppConstruct(stacks.two, "store", { platform: shop, formerly: copied ? cache : undefined });
      store.addStream("archive", { sources: copied ? [{ stream: jobs }] : [], maxMessages: 2 });
    };

  test.each(sample([[["one", "two"] as const], [["two", "one"] as const]], 1))(
    "is lost by what moves as by what is there: %s",
    async (order) => {
      const pipeline = await Pipeline.start(toolchain, moving({ cache: "one" }));
      try {
        const stacks = { one: await pipeline.terraform("one"), two: await pipeline.terraform("two") };
        await stacks.two.apply();
        await stacks.one.apply();
        const client = (await pipeline.connect("shop-node-1")).jetstream();
        await client.publish("shop.cache.jobs.do", "job");
        await (await client.views.kv("shop_cache", { bindOnly: true })).put("flag", "old");
        await (await client.views.kv("shop_store", { bindOnly: true })).put("flag", "new");
        const allowed = ["shop_cache", "shop_cache_jobs", "shop_cache_tasks"].flatMap((name) => [
          "--allow",
          `unmanaged:${name}`,
        ]);

        await pipeline.change(moving({ cache: "two" }));
        const alone = await asked(pipeline, stacks.two, [], ASK);
        expect(alone).toEqual({ status: 0, text: expect.stringContaining("Nothing is lost that is not allowed.") });

        await (await client.views.kv("shop_cache", { bindOnly: true })).put("config.flags", "changed");
        await pipeline.change(moving({ cache: "two", copied: true }));
        for (const stack of order) {
          if (stack === "one") {
            expect((await asked(pipeline, stacks.one, [], ASK)).status).toBe(4);
            expect((await asked(pipeline, stacks.one, [], ASK, ...allowed)).status).toBe(0);
            await stacks.one.run("apply", "check.tfplan");
            continue;
          }
          const blind = await asked(pipeline, stacks.two, []);
          expect(blind).toEqual({
            status: 0,
            text: expect.stringContaining("\n\nWhat the plan makes was taken for new"),
          });
          const { status, text } = await asked(pipeline, stacks.two, [], ASK);
          expect(status).toBe(4);
          for (const each of [
            "key-value bucket shop_store now copies KV_shop_cache, and exists already",
            "stream shop_cache_jobs is a work queue that shop_store_archive now copies",
            "key config.flags of key-value bucket shop_cache is on the server with a value that the plan does not know",
          ]) {
            expect(text).toContain(each);
          }
        }
      } finally {
        await pipeline.stop();
      }
    },
  );

  test("stays behind when an app that moves gets an account of its own, which the server and the catalogs say", async () => {
    const isolated = moving({ cache: "two", isolation: Isolation.ACCOUNT });
    const pipeline = await Pipeline.start(toolchain, isolated);
    try {
      pipeline.workspace.synth(moving({ cache: "one" }));
      const catalog = join(folder, "old.catalog.json");
      copyFileSync(join(pipeline.workspace.folder, "cdktf.out/stacks/two/catalog.json"), catalog);
      await pipeline.nats.reload(pipeline.workspace.accounts);
      const [one, two] = [await pipeline.terraform("one"), await pipeline.terraform("two")];
      await two.apply();
      await one.apply();
      await (await pipeline.connect("shop-node-1")).jetstream().publish("shop.cache.jobs.do", "job");
      await pipeline.change(isolated);
      const { status, text } = await asked(pipeline, await pipeline.terraform("two"), [], ASK);
      expect(text).toContain(
        "stream shop_cache_jobs is made anew, empty, in account SHOP_CACHE, which is another one: unless it is there already, its 1 message stays behind, unmanaged; to allow it: --allow leftBehind:shop_cache_jobs\n",
      );
      expect(status).toBe(4);
      const listOfMove = ["shop_cache", "shop_cache_jobs"].flatMap((name) => ["--allow", `unmanaged:${name}`]);
      const { status: withList } = await asked(pipeline, await pipeline.terraform("two"), [], ASK, ...listOfMove);
      expect(withList).toBe(4);
      const differs = pipeline.command("shop-node-1", "diff", catalog, "cdktf.out");
      expect(differs.status).toBe(3);
      expect(differs.text).toContain("stream shop_cache_jobs moves from account SHOP to SHOP_CACHE; its data does not");
    } finally {
      await pipeline.stop();
    }
  });

  test("and is only let go of by -refresh-only is named, then and afterwards", async () => {
    const isolated = moving({ cache: "two", isolation: Isolation.ACCOUNT, accessEntries: false });
    const pipeline = await Pipeline.start(toolchain, isolated);
    try {
      await pipeline.change(moving({ cache: "two", accessEntries: false }));
      await (await pipeline.terraform("two")).apply();
      await (await pipeline.connect("shop-node-1")).jetstream().publish("shop.cache.jobs.do", "job");
      await pipeline.change(isolated);
      const two = await pipeline.terraform("two");
      const { status, text } = await asked(pipeline, two, ["-refresh-only"]);
      expect(text).toContain(
        "stream shop_cache_jobs is no longer managed, since it is not in the account where Terraform",
      );
      expect(status).toBe(4);
      await two.run("apply", "check.tfplan");
      const after = await asked(pipeline, two, [], ASK);
      expect(after).toEqual({
        status: 4,
        text: expect.stringContaining("stream shop_cache_jobs is made anew, empty, in"),
      });
    } finally {
      await pipeline.stop();
    }
  });

  test("is what an update is compared with, also if the plan was made without looking", async () => {
    const limited = (description: string) => (app: App) => {
      const shop = new PlatformConstruct(new TerraformStack(app, "one"), "shop", { nodes: ["node-1"], servers });
      new AppConstruct(shop, "cache", { wal: { maxMessages: 3, description } });
    };
    const pipeline = await Pipeline.start(toolchain, limited("a"));
    try {
      const one = await pipeline.terraform("one");
      await one.apply();
      const manager = await (await pipeline.connect("shop-node-1")).jetstreamManager();
      await manager.streams.update("shop_cache_wal", { max_msgs: 100 });
      await pipeline.change(limited("b"));
      expect((await asked(pipeline, one, ["-refresh=false"], ASK)).status).toBe(0);
      await manager.jetstream().publish("shop.cache.wal.a", "entry");
      const { status, text } = await asked(pipeline, one, ["-refresh=false"], ASK);
      expect(text).toContain("stream shop_cache_wal: max_msgs is 3 messages; before, 100 messages");
      expect(status).toBe(4);
    } finally {
      await pipeline.stop();
    }
  });

  test("is named where it is a consumer of another program, whose events would be deleted", async () => {
    const first = (app: App) => {
      const events = { retention: RetentionPolicy.INTEREST };
      const props = { nodes: ["node-1"], servers, owner: "acme/shop", events };
      const shop = new PlatformConstruct(new TerraformStack(app, "first"), "shop", props);
      new AppConstruct(shop, "cache").consumeEvents({ subjects: ["user.>"] });
    };
    const second = (app: App) => {
      const stack = new TerraformStack(app, "second");
      const shop = PlatformConstruct.fromPlatformName(stack, "shop", "shop", { servers, owner: "acme/cache" });
      const keyValueStore = { bucketResource: BucketResource.NATIVE };
      new AppConstruct(stack, "cache", { platform: shop, keyValueStore }).consumeEvents({
        subjects: ["order.created"],
      });
    };
    const pipeline = await Pipeline.start(toolchain, first);
    try {
      await (await pipeline.terraform("first")).apply();
      const other = pipeline.addWorkspace();
      other.synth(second);
      const { status, text } = await asked(pipeline, await pipeline.terraform("second", other), [], ASK);
      expect(text).toContain("key-value bucket shop_cache is on the server already, and belongs to acme/shop\n");
      expect(text).toMatch(
        /consumer cache of stream shop_events is on the server already, in a stream of acme\/shop: .* before, shop\._\.events\.user\.>; to allow it: --allow overwritten:shop_events\/cache\n/,
      );
      expect(text).toMatch(/ deletes those that no consumer wants; to allow it: --allow emptied:shop_events\/cache\n/);
      expect(status).toBe(4);
    } finally {
      await pipeline.stop();
    }
  });
});
