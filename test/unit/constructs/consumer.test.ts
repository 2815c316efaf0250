import { Aspects, type IAspect, TerraformStack } from "cdktf";
import {
  AckPolicy,
  type AddConsumerOptions,
  AppConstruct,
  DeliverPolicy,
  type jetstream,
  PlatformConstruct,
  ReplayPolicy,
  RetentionPolicy,
  RetiredData,
  StorageType,
} from "../../../lib";
import { prodOf } from "../../support/prod";
import { addresses, block, refusal, synth, synthStacks } from "../../support/synth";

type WorkerOptions = Omit<AddConsumerOptions, "stream">;

const worker = (options: WorkerOptions) => {
  const stack = synth((scope) => {
    const convex = new AppConstruct(prodOf(scope), "convex");
    convex.addConsumer("worker", { stream: convex.addStream("jobs", { replicas: 3 }), ...options });
  });
  return block(stack, "jetstream_consumer.prod_convex_jobs_worker");
};

const PLAIN = {
  lifecycle: { prevent_destroy: true },
  provider: "jetstream.prod",
  stream_id: "JETSTREAM_STREAM_prod_convex_jobs",
  depends_on: ["jetstream_stream.prod_convex_jobs", "jetstream_stream.prod_convex"],
  durable_name: "worker",
  deliver_all: true,
};

test("a consumer of an app's own stream has the plain name and comes after the stream and the app's bucket", () => {
  expect(worker({})).toEqual(PLAIN);
});

test.each<[WorkerOptions, { [attribute: string]: unknown }]>([
  [{ filterSubjects: ["prod.convex.jobs.a"] }, { filter_subject: "prod.convex.jobs.a" }],
  [
    { filterSubjects: ["prod.convex.jobs.a", "prod.convex.jobs.b"] },
    { filter_subjects: ["prod.convex.jobs.a", "prod.convex.jobs.b"] },
  ],
  [{ deliverPolicy: DeliverPolicy.ALL }, { deliver_all: true }],
  [{ deliverPolicy: DeliverPolicy.LAST }, { deliver_all: undefined, deliver_last: true }],
  [{ deliverPolicy: DeliverPolicy.NEW }, { deliver_all: undefined, deliver_new: true }],
  [
    { deliverPolicy: DeliverPolicy.LAST_PER_SUBJECT, filterSubjects: ["prod.convex.jobs.>"] },
    { deliver_all: undefined, deliver_last_per_subject: true, filter_subject: "prod.convex.jobs.>" },
  ],
  [{ startSequence: 7 }, { deliver_all: undefined, stream_sequence: 7 }],
  [{ startTime: "2026-01-31T00:00:00Z" }, { deliver_all: undefined, start_time: "2026-01-31T00:00:00Z" }],
  [{ ackPolicy: AckPolicy.NONE }, { ack_policy: "none" }],
  [{ ackWaitSeconds: 60 }, { ack_wait: 60 }],
  [{ maxDeliver: 5 }, { max_delivery: 5 }],
  [
    { backoffSeconds: [1, 10], maxDeliver: 2 },
    { backoff: [1, 10], ack_wait: 1, max_delivery: 2 },
  ],
  [{ maxAckPending: 100 }, { max_ack_pending: 100 }],
  [{ maxWaiting: 50 }, { max_waiting: 50 }],
  [{ maxRequestBatch: 10 }, { max_batch: 10 }],
  [{ headersOnly: true }, { headers_only: true }],
  [{ replayPolicy: ReplayPolicy.ORIGINAL }, { replay_policy: "original" }],
  [{ replicas: 3 }, { replicas: 3 }],
  [{ memory: true }, { memory: true }],
  [{ memory: false }, { memory: false }],
  [{ description: "for tests" }, { description: "for tests" }],
  [{ metadata: { team: "data" } }, { metadata: { team: "data" } }],
  [{ preventDestroy: false }, { lifecycle: undefined }],
])("a consumer with %j", (options, changes) => {
  const expected: { [attribute: string]: unknown } = { ...PLAIN, ...changes };
  for (const [name, value] of Object.entries(expected)) if (value === undefined) delete expected[name];
  expect(worker(options)).toEqual(expected);
});

test("an app's consumer on a stream of its platform has the app's name before its own", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    const convex = new AppConstruct(prod, "convex");
    const consumer = convex.addConsumer("worker", { stream: prod.events });
    expect([consumer.consumerName, consumer.streamName]).toEqual(["convex_worker", "prod_events"]);
  });
  expect(block(stack, "jetstream_consumer.prod_events_convex_worker")).toMatchObject({
    durable_name: "convex_worker",
    stream_id: "JETSTREAM_STREAM_prod_events",
    depends_on: ["jetstream_stream.prod_events", "jetstream_stream.prod_convex"],
  });
});

test("a platform's consumer on its own stream has the plain name", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    prod.addConsumer("archive", { stream: prod.audit });
  });
  expect(block(stack, "jetstream_consumer.prod_audit_archive").durable_name).toBe("archive");
});

test("a consumer depends on nothing in another stack", () => {
  const { other = {} } = synthStacks((stack, app) => {
    const prod = prodOf(stack);
    const convex = new AppConstruct(new TerraformStack(app, "other"), "convex", { platform: prod });
    convex.addConsumer("worker", { stream: prod.events });
  });
  const consumer = block(other, "jetstream_consumer.prod_events_convex_worker");
  expect([consumer.stream_id, consumer.depends_on]).toEqual([
    "JETSTREAM_STREAM_prod_events",
    ["jetstream_stream.prod_convex"],
  ]);
});

describe("what a consumer depends on", () => {
  const NEEDED = ["jetstream_stream.prod_convex_jobs", "jetstream_stream.prod_convex"];
  const program = (change: (consumer: jetstream.Consumer) => unknown, late: boolean) => (stack: TerraformStack) => {
    const convex = new AppConstruct(prodOf(stack), "convex");
    const { resource } = convex.addConsumer("worker", { stream: convex.addStream("jobs") });
    if (!late) change(resource);
    else Aspects.of(stack).add({ visit: (node) => node === resource && change(resource) } as IAspect);
  };
  const dependsOn = (each: ReturnType<typeof program>) =>
    block(synth(each), "jetstream_consumer.prod_convex_jobs_worker").depends_on;

  test.each<[string, (consumer: jetstream.Consumer) => unknown, string[]]>([
    ["set to nothing", (each) => Object.assign(each, { dependsOn: [] }), []],
    ["removed", (each) => Object.assign(each, { dependsOn: undefined }), []],
    [
      "set",
      (each) => Object.assign(each, { dependsOn: ["jetstream_stream.prod_audit"] }),
      ["jetstream_stream.prod_audit"],
    ],
    [
      "added to",
      (each) => Object.assign(each, { dependsOn: [...(each.dependsOn ?? []), "jetstream_stream.prod_audit"] }),
      ["jetstream_stream.prod_audit"],
    ],
    [
      "added to by an override",
      (each) => each.addOverride("depends_on", ["jetstream_stream.prod_audit"]),
      ["jetstream_stream.prod_audit"],
    ],
  ])("stays where it is %s", (_, change, more) => {
    for (const late of [false, true]) expect(dependsOn(program(change, late))).toEqual([...NEEDED, ...more]);
  });

  test.each<[string, (consumer: jetstream.Consumer) => unknown]>([
    ["an override", (each) => each.addOverride("depends_on", null)],
    ["an override with nothing", (each) => each.addOverride("depends_on", undefined)],
    [
      "an override of the stack",
      (each) =>
        TerraformStack.of(each).addOverride("resource.jetstream_consumer.prod_convex_jobs_worker.depends_on", null),
    ],
  ])("is not taken away by %s", (_, change) => {
    for (const late of [false, true]) {
      expect(refusal(program(change, late)).message).toContain(
        "[stack/prod/convex/Consumer-prod_convex_jobs_worker] an override takes away what the Terraform resource depends on",
      );
    }
  });

  test("is not a bucket that goes with its app", () => {
    const { resource } = synth((stack) => {
      const convex = new AppConstruct(prodOf(stack), "convex", { retired: RetiredData.KEEP });
      convex.consumeEvents();
    });
    expect(JSON.stringify(resource)).not.toContain("jetstream_stream.prod_convex");
  });
});

test("consumers of one name on different streams, and of different apps on one, do not meet", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    for (const app of ["convex", "cache"]) {
      const owner = new AppConstruct(prod, app);
      owner.addConsumer("worker", { stream: prod.events });
      owner.addConsumer("worker", { stream: prod.audit });
      owner.addConsumer("worker", { stream: owner.addStream("jobs") });
    }
  });
  expect(addresses(stack).filter((address) => address.startsWith("jetstream_consumer."))).toEqual([
    "jetstream_consumer.prod_audit_cache_worker",
    "jetstream_consumer.prod_audit_convex_worker",
    "jetstream_consumer.prod_cache_jobs_worker",
    "jetstream_consumer.prod_convex_jobs_worker",
    "jetstream_consumer.prod_events_cache_worker",
    "jetstream_consumer.prod_events_convex_worker",
  ]);
});

test("consumers of a work queue may share it by filters that do not overlap", () => {
  const program = (scope: TerraformStack) => {
    const convex = new AppConstruct(prodOf(scope), "convex");
    const stream = convex.addStream("jobs", { retention: RetentionPolicy.WORKQUEUE });
    convex.addConsumer("mail", { stream, filterSubjects: ["prod.convex.jobs.mail.>"] });
    convex.addConsumer("images", { stream, filterSubjects: ["prod.convex.jobs.images.>"] });
  };
  expect(() => synth(program)).not.toThrow();
});

test("a consumer inherits protection, but not replicas and storage, which its stream gives to it", () => {
  const stack = synth((scope) => {
    const prod = new PlatformConstruct(scope, "prod", {
      servers: ["nats://nats:4222"],
      replicas: 3,
      storage: StorageType.MEMORY,
      placement: { cluster: "east" },
      preventDestroy: false,
    });
    prod.addConsumer("worker", { stream: prod.events });
  });
  expect(block(stack, "jetstream_consumer.prod_events_worker")).toEqual({
    provider: "jetstream.prod",
    stream_id: "JETSTREAM_STREAM_prod_events",
    depends_on: ["jetstream_stream.prod_events"],
    durable_name: "worker",
    deliver_all: true,
  });
});
