import { App, TerraformStack } from "cdktf";
import { AppConstruct, BucketResource, type IApp, PlatformConstruct, RetentionPolicy, RetiredData } from "../../../lib";
import { prodOf } from "../../support/prod";
import { block, type Program, problemsIn, refusal, synth } from "../../support/synth";

const STREAM = "jetstream_stream";

/** The sources of a stream or bucket of a program. */
function sourcesOf(name: string, program: (prod: PlatformConstruct, stack: TerraformStack) => void) {
  const stack = synth((stack) => program(prodOf(stack), stack));
  return block(stack, `${STREAM}.${name}`).source as { name: string; subject_transform: object[] }[] | undefined;
}

const problemsOf = (program: Program) => problemsIn(refusal(program).message ?? "");

const rewriting = (name: string, source: string, destination: string) => [
  { name, subject_transform: [{ source, destination }] },
];

test.each(["before", "after"])("a stream copies the one that is called alike, declared %s it", (order) => {
  const sources = sourcesOf("prod_store_jobs", (prod) => {
    const cache = new AppConstruct(prod, "cache");
    const store = new AppConstruct(prod, "store", { formerly: cache });
    for (const app of order === "before" ? [store, cache] : [cache, store]) app.addStream("jobs");
  });
  expect(sources).toEqual(rewriting("prod_cache_jobs", "prod.cache.>", "prod.store.>"));
});

test("nothing copies what the other does not have, nor a stream of another kind of that name", () => {
  const declare = (prod: PlatformConstruct) => {
    const cache = new AppConstruct(prod, "cache");
    cache.addKeyValueStore("jobs");
    const store = new AppConstruct(prod, "store", { formerly: cache, wal: {} });
    store.addStream("jobs");
  };
  expect(sourcesOf("prod_store_jobs", declare)).toBeUndefined();
  expect(sourcesOf("prod_store_wal", declare)).toBeUndefined();
});

test("a stream that copies may be without a duplicate window, and no other", () => {
  const program =
    (copied: boolean, retired?: RetiredData): Program =>
    (stack) => {
      const prod = prodOf(stack);
      const cache = new AppConstruct(prod, "cache");
      if (copied) cache.addStream("jobs", { retired });
      new AppConstruct(prod, "store", { formerly: cache }).addStream("jobs", { duplicateWindowSeconds: 0 });
    };
  expect(block(synth(program(true)), `${STREAM}.prod_store_jobs`)).toMatchObject({ duplicate_window: 0 });
  const refused = [expect.stringContaining("duplicateWindowSeconds is 0 for a stream that copies nothing")];
  expect(problemsOf(program(false))).toEqual(refused);
  expect(problemsOf(program(true, RetiredData.DELETE))).toEqual(refused);
});

test("copying ends when the other app, or a stream of it, is retired", () => {
  const declare =
    (ofApp?: RetiredData, ofStream?: RetiredData) =>
    (prod: PlatformConstruct): void => {
      const cache = new AppConstruct(prod, "cache", { retired: ofApp });
      cache.addStream("jobs", { retired: ofStream });
      new AppConstruct(prod, "store", { formerly: cache }).addStream("jobs");
    };
  expect(sourcesOf("prod_store_jobs", declare())).toHaveLength(1);
  expect(sourcesOf("prod_store_jobs", declare(RetiredData.KEEP))).toBeUndefined();
  expect(sourcesOf("prod_store_jobs", declare(undefined, RetiredData.DELETE))).toBeUndefined();
  expect(sourcesOf("prod_store", declare(undefined, RetiredData.DELETE))).toHaveLength(1);
});

test.each([
  ["a work queue", { retention: RetentionPolicy.WORKQUEUE }],
  ["a stream by interest", { retention: RetentionPolicy.INTEREST }],
  ["a stream with sources", { sources: [{ name: "elsewhere" }] }],
  [
    "a stream with a transform",
    { subjectTransform: { source: "prod.cache.a.*", destination: "prod.cache.b.{{wildcard(1)}}" } },
  ],
])("%s is not copied", (_, options) => {
  const sources = sourcesOf("prod_store_jobs", (prod) => {
    const cache = new AppConstruct(prod, "cache");
    cache.addStream("jobs", options);
    new AppConstruct(prod, "store", { formerly: cache }).addStream("jobs");
  });
  expect(sources).toBeUndefined();
});

test("a platform copies what it has itself, and its apps what those of their names have", () => {
  const declare = (prod: PlatformConstruct, stack: TerraformStack) => {
    const live = new PlatformConstruct(stack, "live", { servers: ["nats://nats:4222"], formerly: prod });
    live.addStream("jobs");
    new AppConstruct(live, "cache", { snapshots: {} });
    new AppConstruct(live, "fresh");
    prod.addStream("jobs");
    new AppConstruct(prod, "cache", { snapshots: {} });
  };
  expect(sourcesOf("live_jobs", declare)).toEqual(rewriting("prod_jobs", "prod.>", "live.>"));
  expect(sourcesOf("live_audit", declare)).toEqual(rewriting("prod_audit", "prod.>", "live.>"));
  expect(sourcesOf("live_cache", declare)).toEqual(rewriting("KV_prod_cache", "$KV.prod_cache.>", "$KV.live_cache.>"));
  expect(sourcesOf("live_fresh", declare)).toBeUndefined();
  expect(sourcesOf("live_platform", declare)?.[0]?.subject_transform).toEqual([
    { source: "$KV.prod_platform.lock.>", destination: "$KV.live_platform.lock.>" },
    { source: "$KV.prod_platform.config.>", destination: "$KV.live_platform.config.>" },
  ]);
  expect(sourcesOf("live_cache_snapshots", declare)?.[0]?.subject_transform).toHaveLength(2);
});

test.each([
  ["what is no app", (_: TerraformStack) => ({ appName: "cache", node: { path: "cache" } }) as unknown as IApp],
  [
    "an app of another cdktf App",
    (_: TerraformStack) => new AppConstruct(prodOf(new TerraformStack(new App(), "elsewhere")), "cache"),
  ],
])("formerly is refused for %s", (_, former) => {
  const problems = problemsOf((stack) => {
    new AppConstruct(prodOf(stack), "store", { formerly: former(stack) });
  });
  expect(problems).toEqual([expect.stringContaining("formerly is no app of this program")]);
});

test("a platform of another program is no former one", () => {
  const problems = problemsOf((stack) => {
    const formerly = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
      owner: "github.com/acme/search",
      servers: ["nats://nats:4222"],
    });
    new PlatformConstruct(stack, "live", { servers: ["nats://nats:4222"], formerly });
  });
  expect(problems).toEqual([expect.stringContaining("formerly is no platform that this program declares")]);
});

test("a bucket is not made NATIVE before the one that it copied is out of the program", () => {
  const program =
    (cache: object, bucketResource: BucketResource): Program =>
    (stack) => {
      const prod = prodOf(stack);
      const formerly = new AppConstruct(prod, "cache", cache);
      new AppConstruct(prod, "store", { formerly, keyValueStore: { bucketResource } });
    };
  const retired = RetiredData.DELETE;
  expect(problemsOf(program({ retired }, BucketResource.NATIVE))).toEqual([
    expect.stringContaining("BucketResource.NATIVE cannot copy"),
  ]);
  const wasNative = { retired, keyValueStore: { bucketResource: BucketResource.NATIVE } };
  expect(problemsOf(program(wasNative, BucketResource.STREAM))).toEqual([]);
});

test("what has a time to live is not copied where it would stay for ever", () => {
  const program =
    (of: "cache" | "both", stream: object, bucket: object): Program =>
    (stack) => {
      const prod = prodOf(stack);
      const formerly = new AppConstruct(prod, "cache", { keyValueStore: bucket });
      formerly.addStream("jobs", stream);
      const own = of === "both";
      new AppConstruct(prod, "store", { formerly, keyValueStore: own ? bucket : {} }).addStream(
        "jobs",
        own ? stream : {},
      );
    };
  const fault = (name: string) =>
    expect.stringContaining(
      `copies one whose messages may have a time to live, and would keep them for ever: "${name}"`,
    );
  const ttl = { allowMessageTtl: true };
  expect(problemsOf(program("cache", ttl, {}))).toEqual([fault("prod_cache_jobs")]);
  expect(problemsOf(program("cache", {}, { limitMarkerTtlSeconds: 60 }))).toEqual([]);
  expect(problemsOf(program("both", ttl, {}))).toEqual([]);
});

test.each(["cache", "store"])("a bucket that is NATIVE is refused, of %s", (native) => {
  const of = (name: string) => (name === native ? { bucketResource: BucketResource.NATIVE } : {});
  const problems = problemsOf((stack) => {
    const prod = prodOf(stack);
    const formerly = new AppConstruct(prod, "cache", { keyValueStore: of("cache") });
    new AppConstruct(prod, "store", { formerly, keyValueStore: of("store") });
  });
  expect(problems).toEqual([expect.stringContaining("BucketResource.NATIVE cannot copy")]);
});
