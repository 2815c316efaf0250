import { App, Lazy, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { AppConstruct, PlatformConstruct, type StreamOptions } from "../../../lib";
import { prodOf } from "../../support/prod";
import { block, expression, type Program, problemsIn, refusal, synth, synthStacks } from "../../support/synth";

const servers = ["nats://nats:4222"];

const broken: Program = (stack, app) => {
  const prod = new PlatformConstruct(stack, "prod", { nodes: ["Node"], servers: ["nats"] });
  new AppConstruct(prod, "convex", { appName: "Convex", wal: { maxBytes: -1 } });
  const other = new TerraformStack(app, "other");
  new AppConstruct(other, "cache", { platform: prod, keyValueStore: { history: 65 } });
  prod.addStream("wide", { subjects: ["prod._.*.user"] });
};

const PATHS = [
  "[stack/prod] a server's address",
  "[stack/prod] node name",
  "[stack/prod/convex] app name",
  "[stack/prod/convex/Stream-wal] maxBytes",
  "[other/cache/KeyValueStore] history",
  "[stack/prod/Stream-wide] subjects overlap with those of stream [stack/prod/Stream-events]",
  "[stack/prod/Stream-wide] subjects overlap with those of stream [stack/prod/Stream-audit]",
];

test("refuses a program with all problems of all its stacks in one error", () => {
  const { message = "", written, testing } = refusal(broken);
  expect(message).toContain("NATS platform: 7 problems found, nothing was written.");
  const found = problemsIn(message);
  expect(found).toHaveLength(PATHS.length);
  for (const path of PATHS) expect(found.filter((problem) => problem.includes(path))).toHaveLength(1);
  expect(written).toEqual([]);
  expect(testing).toBe(message);
});

test("refuses each stack of a program for the problems of another one", () => {
  const app = new App();
  const [one, other] = [new TerraformStack(app, "one"), new TerraformStack(app, "other")];
  const prod = prodOf(one);
  new AppConstruct(other, "cache", { appName: "Cache", platform: prod });
  expect(() => Testing.synth(one)).toThrow(/\[other\/cache\] app name/);
  expect(() => Testing.synth(other)).toThrow(/\[other\/cache\] app name/);
  expect(() => Testing.synthHcl(one)).toThrow(/\[other\/cache\] app name/);
});

test("refuses the same program with the same message however often it is asked", () => {
  const app = new App();
  const stack = new TerraformStack(app, "stack");
  broken(stack, app);
  const messages = [1, 2, 3].map(() => {
    try {
      return Testing.synth(stack);
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(new Set(messages).size).toBe(1);
  expect(messages[0]).toContain("7 problems found");
});

test("refuses a problem that was added after a first, good synthesis", () => {
  const stack = new TerraformStack(new App(), "stack");
  const prod = prodOf(stack);
  Testing.synth(stack);
  prod.addStream("Bad", { subjects: ["prod._.bad.>"] });
  expect(() => Testing.synth(stack)).toThrow(/stream name.*"Bad"/);
});

test("no constructor throws for bad input", () => {
  const app = new App();
  expect(() => broken(new TerraformStack(app, "stack"), app)).not.toThrow();
});

test("two programs in one process know nothing of each other", () => {
  expect(() => synth((scope) => prodOf(scope))).not.toThrow();
  expect(() => synth((scope) => prodOf(scope))).not.toThrow();
});

test("a problem of one program is none of the next", () => {
  expect(refusal(broken).message).toBeDefined();
  expect(() => synth((scope) => prodOf(scope))).not.toThrow();
});

describe("accepts values that are known only at apply", () => {
  const numbers: [name: string, value: (stack: TerraformStack) => number, written: unknown][] = [
    [
      "a Terraform variable",
      (stack) => new TerraformVariable(stack, "n", { type: "number" }).numberValue,
      expression("var.n"),
    ],
    ["a lazy number", () => Lazy.numberValue({ produce: () => 5 }), 5],
  ];

  test.each(numbers)("%s for the numbers of a key-value bucket", (_name, value, written) => {
    const stack = synth((scope) => {
      const n = value(scope);
      const keyValueStore = { history: n, ttlSeconds: n, maxBytes: n, maxValueBytes: n, limitMarkerTtlSeconds: n };
      new AppConstruct(prodOf(scope), "convex", { keyValueStore, replicas: n });
    });
    expect(block(stack, "jetstream_stream.prod_convex")).toMatchObject({
      max_msgs_per_subject: written,
      max_age: written,
      max_bytes: written,
      max_msg_size: written,
      subject_delete_marker_ttl: written,
      replicas: written,
    });
  });

  test.each(numbers)("%s for the numbers of a stream and a consumer", (_name, value, written) => {
    const stack = synth((scope) => {
      const n = value(scope);
      const options: StreamOptions = { maxAgeSeconds: n, duplicateWindowSeconds: n, maxMessages: n, maxConsumers: n };
      const prod = prodOf(scope);
      const stream = prod.addStream("jobs", {
        ...options,
        maxBytes: n,
        maxMessageBytes: n,
        maxMessagesPerSubject: n,
        replicas: n,
      });
      prod.addConsumer("worker", { stream, startSequence: n, maxDeliver: n, backoffSeconds: [n, n], replicas: n });
    });
    expect(block(stack, "jetstream_stream.prod_jobs")).toMatchObject({
      max_age: written,
      duplicate_window: written,
      max_msgs: written,
      max_consumers: written,
      max_bytes: written,
      max_msg_size: written,
      max_msgs_per_subject: written,
    });
    expect(block(stack, "jetstream_consumer.prod_jobs_worker")).toMatchObject({
      stream_sequence: written,
      max_delivery: written,
      backoff: [written, written],
      ack_wait: written,
      replicas: written,
    });
  });

  test("an age limit, which Terraform compares with the default duplicate window", () => {
    const stack = synth((scope) => {
      const age = new TerraformVariable(scope, "age", { type: "number" }).numberValue;
      prodOf(scope).addStream("jobs", { maxAgeSeconds: age });
    });
    const { duplicate_window: window } = block(stack, "jetstream_stream.prod_jobs");
    expect(window).toMatch(/min\(.*120.*var\.age/);
  });

  test("a server's address, a description and a placement", () => {
    const stack = synth((scope) => {
      const text = new TerraformVariable(scope, "text", { type: "string" }).stringValue;
      new PlatformConstruct(scope, "prod", {
        servers: [`nats://${text}:4222`, text],
        placement: { cluster: text, tags: [text] },
        keyValueStore: { description: text },
      });
    });
    const text = expression("var.text");
    expect(stack.provider?.jetstream?.[0]).toMatchObject({ servers: `nats://${text}:4222,${text}` });
    expect(block(stack, "jetstream_stream.prod_platform")).toMatchObject({
      description: text,
      placement_cluster: text,
      placement_tags: [text],
    });
  });
});

test("accepts names that are exactly as long as the server allows", () => {
  const long = (length: number) => "x".repeat(length);
  const names = (scope: TerraformStack) => {
    const prod = prodOf(scope);
    const convex = new AppConstruct(prod, "convex");
    new AppConstruct(prod, "long", { appName: long(247) });
    convex.addObjectStore(long(239));
    convex.addStream(long(243));
    convex.addConsumer(long(248), { stream: prod.events });
  };
  expect(() => synth(names)).not.toThrow();
});

test("accepts every number at both ends of its range", () => {
  const program: Program = (stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "least", {
      keyValueStore: {
        history: 1,
        ttlSeconds: 1,
        maxBytes: 1,
        maxValueBytes: 1,
        limitMarkerTtlSeconds: 0,
        replicas: 1,
      },
      wal: { maxAgeSeconds: 1, duplicateWindowSeconds: 1, maxMessageBytes: 1 },
    });
    new AppConstruct(prod, "most", {
      keyValueStore: { history: 64, ttlSeconds: 9_223_372_036, maxValueBytes: 2 ** 31 - 1, replicas: 5 },
      wal: { maxBytes: Number.MAX_SAFE_INTEGER, description: "é".repeat(2048) },
    });
  };
  expect(() => synth(program)).not.toThrow();
});

test("accepts the same app name on two platforms, and hyphens that do not meet", () => {
  const program: Program = (stack) => {
    for (const platform of ["prod", "prod-eu"]) {
      const construct = new PlatformConstruct(stack, platform, { nodes: ["node-1"], servers });
      new AppConstruct(construct, "convex");
    }
  };
  expect(() => synthStacks(program)).not.toThrow();
});

test("options may be frozen, or an object of a class that has getters", () => {
  class Options {
    public readonly maxBytes = 5;
    public get description(): string {
      return "by a getter";
    }
  }
  const [stack] = Object.values(
    synthStacks((scope) => {
      const convex = new AppConstruct(prodOf(scope), "convex");
      convex.addStream("jobs", new Options());
      convex.addStream("tasks", Object.freeze({ maxBytes: 5 }));
    }),
  );
  const streams = stack?.resource?.jetstream_stream ?? {};
  expect(streams.prod_convex_jobs).toMatchObject({ max_bytes: 5, description: "by a getter" });
  expect(streams.prod_convex_tasks).toMatchObject({ max_bytes: 5 });
});
