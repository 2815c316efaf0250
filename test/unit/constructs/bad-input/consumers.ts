import { Lazy } from "cdktf";
import {
  AckPolicy,
  AppConstruct,
  DeliverPolicy,
  PlatformConstruct,
  RetentionPolicy,
  type StreamOptions,
} from "../../../../lib";
import { at, convexOf, prodOf, type Row, row, type WorkerOptions, worker } from "./programs";

const START = "2026-01-31T00:00:00Z";
const BEGINNING = "one of deliverPolicy, startSequence and startTime";
const WORK: StreamOptions = { retention: RetentionPolicy.WORKQUEUE };

const consumer = (
  name: string,
  options: WorkerOptions,
  what: string,
  allowed: string,
  fix: string,
  stream?: StreamOptions,
): Row => row(`refuses ${name}`, worker(options, stream), [at.worker, what, allowed, fix]);

const beginnings: Row[] = (
  [
    ["a policy and a sequence", { deliverPolicy: DeliverPolicy.NEW, startSequence: 1 }],
    ["a policy and a time", { deliverPolicy: DeliverPolicy.ALL, startTime: START }],
    ["a sequence and a time", { startSequence: 1, startTime: START }],
  ] as [string, WorkerOptions][]
).map(([name, options]) =>
  consumer(
    `${name} as beginnings of a consumer`,
    options,
    "a consumer has several beginnings",
    BEGINNING,
    "Remove the others",
  ),
);

const options: Row[] = [
  consumer(
    "LAST_PER_SUBJECT without a filter",
    { deliverPolicy: DeliverPolicy.LAST_PER_SUBJECT },
    "LAST_PER_SUBJECT lacks filterSubjects",
    "this policy together with filterSubjects",
    "Add filterSubjects",
  ),
  consumer(
    "an empty list of filters",
    { deliverPolicy: DeliverPolicy.LAST_PER_SUBJECT, filterSubjects: [] },
    "filterSubjects is empty",
    "one or more subjects",
    "Leave filterSubjects out for all messages",
  ),
  consumer(
    "more backoff steps than deliveries",
    { backoffSeconds: [1, 2, 3], maxDeliver: 2 },
    "backoffSeconds has more steps than maxDeliver",
    "at most as many steps as deliveries",
    "Raise maxDeliver or shorten backoffSeconds",
  ),
  consumer(
    "backoff beside ackWaitSeconds",
    { backoffSeconds: [1], ackWaitSeconds: 30 },
    "both backoffSeconds and ackWaitSeconds",
    "one of the two",
    "Remove ackWaitSeconds",
  ),
  consumer(
    "a bad time of a consumer",
    { startTime: "31.1.2026" },
    'startTime is not a time: "31.1.2026"',
    "2026-01-31T00:00:00Z",
    "Write startTime in this form",
  ),
  consumer(
    "a reserved metadata key of a consumer",
    { metadata: { "_nats.x": "1" } },
    'metadata key is reserved: "_nats.x"',
    "do not begin with",
    "Rename the key",
  ),
  consumer(
    "a carriage return that changes what Terraform reads",
    { description: "one\r$" + "{two}" },
    "description has a carriage return before `$" + "{` or `%{`",
    "line feeds",
    "Replace the carriage return",
  ),
  consumer(
    "a metadata key that the provider loses",
    { metadata: { "%": "1" } },
    'metadata key is reserved: "%"',
    "are not `%`",
    "Rename the key",
  ),
  consumer(
    "a filter that is no pattern",
    { filterSubjects: ["prod.convex.jobs."] },
    'filter subject has an empty token: "prod.convex.jobs."',
    "tokens separated by dots",
    "Correct the filter subject",
  ),
  consumer(
    "a filter that matches nothing in the stream",
    { filterSubjects: ["prod.convex.mail.>"] },
    'matches nothing in the stream: "prod.convex.mail.>"',
    "subjects that prod.convex.jobs.> overlaps",
    "Correct the filter",
  ),
  consumer(
    "a filter that covers another",
    { filterSubjects: ["prod.convex.jobs.>", "prod.convex.jobs.a"] },
    '"prod.convex.jobs.> and prod.convex.jobs.a"',
    "filters of which none covers another",
    "Remove the narrower one",
  ),
];

const twice = row(
  "refuses the same filter twice",
  worker({ filterSubjects: ["prod.convex.jobs.a", "prod.convex.jobs.a"] }),
  [at.worker, "covers another", "filters of which none covers another", "Remove the narrower one"],
);

const replicas: Row[] = [
  consumer(
    "more replicas of a consumer than of its stream",
    { replicas: 3 },
    "replicas is above that of the stream: 3",
    "1 to 2",
    "Leave replicas out",
    { replicas: 2 },
  ),
  consumer(
    "fewer replicas of a consumer than of its work queue",
    { replicas: 1 },
    "replicas is not that of the stream: 1",
    "3, on a stream with this retention",
    "Leave replicas out",
    { ...WORK, replicas: 3 },
  ),
];

const unknownFilter = row(
  "refuses a filter that is known only at apply",
  worker({ filterSubjects: [Lazy.stringValue({ produce: () => "prod.convex.jobs.a" })] }),
  [at.convex, "filterSubjects[0] is known only at apply", "known at synth", "Give the value itself"],
);

const workQueue: Row[] = [
  consumer(
    "a consumer of a work queue that never acknowledges",
    { ackPolicy: AckPolicy.NONE },
    "does not acknowledge each message",
    "AckPolicy.EXPLICIT",
    "Remove ackPolicy",
    WORK,
  ),
  consumer(
    "a consumer of a work queue that acknowledges in bulk",
    { ackPolicy: AckPolicy.ALL },
    "does not acknowledge each message",
    "AckPolicy.EXPLICIT",
    "Remove ackPolicy",
    WORK,
  ),
  consumer(
    "a consumer of a work queue that begins with new messages",
    { deliverPolicy: DeliverPolicy.NEW },
    "does not begin with the first message",
    "DeliverPolicy.ALL",
    "Remove deliverPolicy",
    WORK,
  ),
  consumer(
    "a consumer of a work queue that begins with a sequence",
    { startSequence: 5 },
    "does not begin with the first message",
    "DeliverPolicy.ALL",
    "startSequence",
    WORK,
  ),
  consumer(
    "a consumer of a work queue that begins with a time",
    { startTime: "2026-01-31T00:00:00Z" },
    "does not begin with the first message",
    "DeliverPolicy.ALL",
    "startTime",
    WORK,
  ),
  row(
    "refuses two consumers of a work queue without filters",
    (stack) => {
      const app = convexOf(stack);
      const stream = app.addStream("jobs", WORK);
      app.addConsumer("first", { stream });
      app.addConsumer("worker", { stream });
    },
    [
      at.worker,
      'consumers of a work queue have messages in common: ">"',
      "one consumer without filterSubjects",
      "share one consumer",
    ],
  ),
  row(
    "refuses consumers of a work queue whose filters overlap",
    (stack) => {
      const app = convexOf(stack);
      const stream = app.addStream("jobs", WORK);
      app.addConsumer("first", { stream, filterSubjects: ["prod.convex.jobs.a.>"] });
      app.addConsumer("worker", { stream, filterSubjects: ["prod.convex.jobs.*.b"] });
    },
    [at.worker, 'messages in common: "prod.convex.jobs.*.b"', "filterSubjects that do not overlap", "filter each"],
  ),
];

const foreign: Row[] = [
  row(
    "refuses a consumer of another app's stream",
    (stack) => {
      const prod = prodOf(stack);
      const stream = new AppConstruct(prod, "convex").addStream("jobs");
      new AppConstruct(prod, "cache").addConsumer("worker", { stream });
    },
    [
      "[stack/prod/cache",
      `stream belongs to ${at.convex}: "prod_convex_jobs"`,
      "for an app also those of its platform",
      "Add the consumer to the stream's owner",
    ],
  ),
  row(
    "refuses a consumer of the platform on an app's stream",
    (stack) => {
      const prod = prodOf(stack);
      const stream = new AppConstruct(prod, "convex").addStream("jobs");
      prod.addConsumer("worker", { stream });
    },
    ["[stack/prod", `stream belongs to ${at.convex}`, "streams of the same owner", "Add the consumer"],
  ),
  row(
    "refuses a consumer of another platform's stream",
    (stack) => {
      const staging = new PlatformConstruct(stack, "staging", {
        servers: ["nats://nats:4222"],
      });
      convexOf(stack).addConsumer("worker", { stream: staging.events });
    },
    [
      "[stack/prod/convex",
      'stream belongs to [stack/staging]: "staging_events"',
      "streams of the same owner",
      "Add the consumer to the stream's owner",
    ],
  ),
  row(
    "refuses two consumers of one name on a stream",
    (stack) => {
      const app = convexOf(stack);
      const stream = app.addStream("jobs");
      app.addConsumer("worker", { stream });
      app.addConsumer("worker", { stream });
    },
    [
      at.worker,
      `consumer name is already taken by ${at.worker}`,
      "each consumer name once in a program",
      "Rename one of the two",
    ],
  ),
];

export const consumerRows: readonly Row[] = [
  ...beginnings,
  ...options,
  twice,
  unknownFilter,
  ...replicas,
  ...workQueue,
  ...foreign,
];
