import { TerraformStack } from "cdktf";
import {
  AckPolicy,
  type AddConsumerOptions,
  AppConstruct,
  DeliverPolicy,
  PlatformConstruct,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
} from "../../../lib";
import { prodOf } from "../../support/prod";
import { addresses, block, synth, synthStacks } from "../../support/synth";

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
  depends_on: ["jetstream_stream.prod_convex_jobs"],
  durable_name: "worker",
  deliver_all: true,
};

test("a consumer of an app's own stream has the plain name and comes after the stream", () => {
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
    depends_on: ["jetstream_stream.prod_events"],
  });
});

test("a platform's consumer on its own stream has the plain name", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    prod.addConsumer("archive", { stream: prod.audit });
  });
  expect(block(stack, "jetstream_consumer.prod_audit_archive").durable_name).toBe("archive");
});

test("a consumer in another stack depends on nothing there", () => {
  const { other = {} } = synthStacks((stack, app) => {
    const prod = prodOf(stack);
    const convex = new AppConstruct(new TerraformStack(app, "other"), "convex", { platform: prod });
    convex.addConsumer("worker", { stream: prod.events });
  });
  const consumer = block(other, "jetstream_consumer.prod_events_convex_worker");
  expect([consumer.stream_id, consumer.depends_on]).toEqual(["JETSTREAM_STREAM_prod_events", undefined]);
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
