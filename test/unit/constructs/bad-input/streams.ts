import { Fn, Lazy, Token } from "cdktf";
import {
  type AppConstruct,
  Compression,
  DiscardPolicy,
  type NatsClient,
  type Placement,
  RetentionPolicy,
  type StreamOptions,
} from "../../../../lib";
import { at, convexOf, jobs, keyValueStore, prodOf, type Row, row, snapshots, worker } from "./programs";

const RFC3339 = "a time of UTC in whole seconds, from 1970 on: 2026-01-31T00:00:00Z";
const events = { name: "prod_events" };

const stream = (name: string, options: StreamOptions, what: string, allowed: string, fix: string): Row =>
  row(`refuses ${name}`, jobs(options), [at.jobs, what, allowed, fix]);

const JOBS = "[stack/prod/convex/Stream-jobs]";

/** A program with streams of the app beside `jobs`, declared before it or after. */
const copied = (name: string, declare: (app: AppConstruct) => void, says: Row["says"]): Row =>
  row(`refuses ${name}`, (stack) => declare(convexOf(stack)), says);

const COPY = "[stack/prod/convex/Stream-copy]";
const WORK = { retention: RetentionPolicy.WORKQUEUE };
const TWICE = "each message of a work queue for one consumer or one copy";

const copiesOfOwn: Row[] = [
  copied(
    "a mirror that takes smaller messages than its origin",
    (app) => {
      const stream = app.addStream("jobs", { maxMessageBytes: 1000 });
      app.addStream("copy", { maxMessageBytes: 10, mirror: { stream } });
    },
    [COPY, `takes smaller messages than the one that it copies ${JOBS}: 10`, "1000 bytes or more", "Raise or remove"],
  ),
  copied(
    "a source that takes smaller messages than a bucket",
    (app) => {
      const { streamName: name } = app.addKeyValueStore("sessions", { maxValueBytes: 1000 });
      app.addStream("copy", { maxMessageBytes: 10, sources: [{ name }] });
    },
    [COPY, "takes smaller messages than the one that it copies", "2024 bytes or more, which KV_", "maxValueBytes"],
  ),
  copied(
    "a source without room for the header that the server adds",
    (app) => {
      const stream = app.addStream("jobs", { maxMessageBytes: 1000 });
      app.addStream("copy", { maxMessageBytes: 2023, sources: [{ stream }] });
    },
    [COPY, `takes smaller messages than the one that it copies ${JOBS}: 2023`, "2024 bytes or more", "with 1024 for"],
  ),
  copied(
    "a copy with a limit of a stream without one",
    (app) => app.addStream("copy", { maxMessageBytes: 1000, mirror: { stream: app.addStream("jobs") } }),
    [
      COPY,
      "takes smaller messages than the one that it copies",
      "no limit: prod_convex_jobs has none",
      "Raise or remove",
    ],
  ),
  copied(
    "a copy that publishes again on the subjects of its origin",
    (app) => {
      const stream = app.addStream("jobs");
      app.addStream("copy", { mirror: { stream }, republish: { destination: "prod.convex.jobs.>" } });
    },
    [
      COPY,
      "a stream publishes messages again that come back to it through other streams",
      "no message comes back",
      "Choose",
    ],
  ),
  copied(
    "a copy of a work queue beside its consumer",
    (app) => {
      app.addStream("copy", { subjects: [], sources: [{ name: "prod_convex_jobs" }] });
      app.addConsumer("worker", { stream: app.addStream("jobs", WORK) });
    },
    [COPY, "copies messages of a work queue that [stack/prod/convex/Consumer-", TWICE, "Give the copy a filterSubject"],
  ),
  copied(
    "two copies of a work queue with messages in common",
    (app) => {
      const stream = app.addStream("jobs", WORK);
      app.addStream("copy", { sources: [{ stream, filterSubject: "prod.convex.jobs.a.>" }] });
      app.addStream("more", { sources: [{ stream, filterSubject: "prod.convex.jobs.*.b" }] });
    },
    ["[stack/prod/convex/Stream-more]", `work queue that ${COPY} takes from it`, TWICE, "RetentionPolicy.LIMITS"],
  ),
  copied(
    "sources on two ways of different length",
    (app) => {
      const first = app.addStream("jobs");
      const second = app.addStream("second", { sources: [{ stream: first }] });
      app.addStream("copy", { sources: [{ stream: first }, { stream: second }] });
    },
    [
      COPY,
      'copies another on two ways of different length, the longer one through prod_convex_second: "prod_convex_jobs"',
      "on ways of one length",
      "Name prod_convex_second before prod_convex_jobs in sources",
    ],
  ),
];

const TRANSFORM = { source: "prod.convex.jobs.*" };

const functions: Row[] = (
  [
    ["the unknown function", "{{upper(1)}}", "has the unknown function {{upper(1)}}"],
    ["a name in other letters", "{{WILDCARD(1)}}", "has the unknown function {{WILDCARD(1)}}"],
    ["a wildcard that is not there", "{{wildcard(2)}}", "names wildcard 2 of a source that has 1"],
    ["a wildcard of a function that is not there", "{{partition(5,1,3)}}", "names wildcard 3 of a source that has 1"],
    ["too few arguments", "{{left(1)}}", "has {{left(1)}}, whose arguments are not those of left"],
    ["too many arguments", "{{wildcard(1,2)}}", "has {{wildcard(1,2)}}, whose arguments are not those of wildcard"],
    [
      "an argument that is no number",
      "{{partition(five,1)}}",
      "has {{partition(five,1)}}, whose arguments are not those of partition",
    ],
    ["a dot to split at", "{{split(1,.)}}", "has the unknown function {{split(1,"],
    ["a function inside a token", "a-{{wildcard(1)}}", "has the function in a-{{wildcard(1)}} beside other text"],
  ] as const
).map(([name, token, what]) =>
  stream(
    `${name} in a transform`,
    { subjectTransform: { ...TRANSFORM, destination: `prod.convex.${token}` } },
    `subjectTransform destination ${what}`,
    "{{wildcard(1)}}",
    "Correct the destination",
  ),
);

const lateText = () => Lazy.stringValue({ produce: () => "prod.convex.other" });

const late: Row[] = [
  stream(
    "a transform destination known only at apply",
    { subjectTransform: { ...TRANSFORM, destination: lateText() } },
    "subjectTransform.destination is known only at apply",
    "known at synth",
    "Give the value itself",
  ),
  row("refuses a choice of retention known only at apply", jobs({ retention: lateText() as RetentionPolicy }), [
    at.jobs,
    "retention is known only at apply",
    "known at synth",
    "Give the value itself",
  ]),
  row(
    "refuses a yes or no known only at apply",
    (stack) => convexOf(stack, { privateInbox: Fn.conditional(true, true, false) }),
    [at.convex, "privateInbox is known only at apply", "what the program makes depends on it", "Give the value itself"],
  ),
  row(
    "refuses clients known only at apply",
    (stack) =>
      convexOf(stack, { clients: Token.asList(Lazy.listValue({ produce: () => ["nats.go"] })) as NatsClient[] }),
    [at.convex, "clients is known only at apply", "known at synth", "Give the value itself"],
  ),
];

const copies: Row[] = [
  stream(
    "a mirror with subjects",
    { mirror: events, subjects: ["prod.convex.a"] },
    "a mirror has subjects",
    "a mirror without subjects",
    "Remove subjects",
  ),
  stream(
    "a mirror with sources",
    { mirror: events, sources: [{ name: "prod_audit" }] },
    "a stream has both mirror and sources",
    "one of the two",
    "Use sources for several streams",
  ),
  stream(
    "a mirror with a duplicate window",
    { mirror: events, duplicateWindowSeconds: 60 },
    "a mirror has duplicateWindowSeconds",
    "a mirror without",
    "Remove duplicateWindowSeconds",
  ),
  stream(
    "mirrorDirect without mirror",
    { mirrorDirect: true },
    "mirrorDirect is given for a stream that is no mirror",
    "mirrorDirect together with mirror",
    "Remove mirrorDirect",
  ),
  stream(
    "a mirror of itself",
    { mirror: { name: "prod_convex_jobs" } },
    'copies from itself: "prod_convex_jobs"',
    "other streams",
    "Give the name of another stream",
  ),
  stream(
    "a source that is the stream itself",
    { sources: [{ name: "prod_convex_jobs" }] },
    'copies from itself: "prod_convex_jobs"',
    "other streams",
    "Give the name of another stream",
  ),
  stream(
    "a source that is given twice",
    { sources: [events, { ...events }] },
    'a source is given twice: "prod_events"',
    "each source once",
    "Remove one of the two",
  ),
  stream(
    "a subject for the name of a mirror",
    { mirror: { name: "prod._.events.>" } },
    'mirror is not the name of a stream: "prod._.events.>"',
    "1 to 255 characters without white space",
    "not a subject",
  ),
  stream(
    "a source without a name",
    { sources: [{ name: "" }] },
    'source is not the name of a stream: ""',
    "1 to 255 characters",
    "Give the name of the other stream",
  ),
  stream(
    "a source whose name is too long",
    { sources: [{ name: "x".repeat(256) }] },
    "source is not the name of a stream",
    "1 to 255 characters",
    "Give the name of the other stream",
  ),
  stream(
    "a bad filter of a source",
    { sources: [{ ...events, filterSubject: "a..b" }] },
    'source filterSubject has an empty token: "a..b"',
    "tokens separated by dots",
    "Correct the source filterSubject",
  ),
  stream(
    "two beginnings of a source",
    { sources: [{ ...events, startSequence: 1, startTime: "2026-01-31T00:00:00Z" }] },
    "source has both startSequence and startTime",
    "one of the two",
    "Remove startSequence or startTime",
  ),
  stream(
    "a filter beside transforms of a source",
    { sources: [{ ...events, filterSubject: "a", subjectTransforms: [{ source: "a", destination: "b" }] }] },
    "source has both filterSubject and subjectTransforms",
    "one of the two",
    "Remove filterSubject or subjectTransforms",
  ),
  stream(
    "a bad transform of a mirror",
    { mirror: { name: "elsewhere", subjectTransforms: [{ source: "a", destination: "" }] }, mirrorDirect: false },
    'mirror transform destination is empty: ""',
    "{{wildcard(1)}}",
    "Correct the destination",
  ),
  stream(
    "a bad time of a source",
    { sources: [{ ...events, startTime: "yesterday" }] },
    'source startTime is not a time: "yesterday"',
    RFC3339,
    "Write source startTime in this form",
  ),
];

const times: Row[] = [
  "2026-01-31",
  "2026-01-31T00:00:00",
  "2026-13-31T00:00:00Z",
  "2026-01-31T00:00:00.5Z",
  "2026-02-30T00:00:00Z",
  "2026-01-31T00:00:00+01:00",
  "1969-12-31T23:59:59Z",
].map((startTime) =>
  stream(
    `the time ${startTime}`,
    { mirror: { name: "elsewhere", startTime }, mirrorDirect: false },
    `mirror startTime is not a time: "${startTime}"`,
    RFC3339,
    "Write mirror startTime in this form",
  ),
);

const rules: Row[] = [
  stream(
    "a duplicate window above the age limit",
    { maxAgeSeconds: 60, duplicateWindowSeconds: 61 },
    "duplicateWindowSeconds is above maxAgeSeconds",
    "a window of at most the age limit",
    "Lower duplicateWindowSeconds or leave it out",
  ),
  stream(
    "discardNewPerSubject by itself",
    { discardNewPerSubject: true },
    "discardNewPerSubject lacks what it works on",
    "DiscardPolicy.NEW and maxMessagesPerSubject",
    "Add the two",
  ),
  stream(
    "discardNewPerSubject without a limit per subject",
    { discardNewPerSubject: true, discard: DiscardPolicy.NEW },
    "discardNewPerSubject lacks",
    "maxMessagesPerSubject",
    "Add the two",
  ),
  stream(
    "discardNewPerSubject that discards the old",
    { discardNewPerSubject: true, maxMessagesPerSubject: 1 },
    "discardNewPerSubject lacks",
    "DiscardPolicy.NEW",
    "Add the two",
  ),
  stream(
    "allowRollup with denyPurge",
    { allowRollup: true, denyPurge: true },
    "a stream has both allowRollup and denyPurge",
    "one of the two: a roll-up purges",
    "Remove allowRollup, or set denyPurge to false",
  ),
  row(
    "refuses allowRollup of the audit stream, which denies purging",
    (stack) => prodOf(stack, { audit: { allowRollup: true } }),
    [
      "[stack/prod/Stream-audit]",
      "a stream has both allowRollup and denyPurge",
      "one of the two",
      "set denyPurge to false",
    ],
  ),
  stream(
    "a republish cycle",
    { republish: { destination: "prod.convex.jobs.again.>" } },
    `one of the stream's own subjects: "prod.convex.jobs.again.>"`,
    "subjects that prod.convex.jobs.> does not match",
    "Choose another destination",
  ),
  stream(
    "a republish destination that is no subject",
    { republish: { destination: "a b" } },
    'republish destination contains white space or a control character: "a b"',
    "a subject that takes the wildcards of",
    "Correct the destination",
  ),
  stream(
    "a bad republish source",
    { republish: { source: "a..b", destination: "c" } },
    'republish source has an empty token: "a..b"',
    "tokens separated by dots",
    "Correct the republish source",
  ),
  stream(
    "a bad transform source",
    { subjectTransform: { source: "", destination: "c" } },
    'subjectTransform source is empty: ""',
    "tokens separated by dots",
    "Correct the subjectTransform source",
  ),
  stream(
    "a bad transform destination",
    { subjectTransform: { source: "a", destination: "b c" } },
    'subjectTransform destination contains white space or a control character: "b c"',
    "a subject",
    "Correct the destination",
  ),
  stream(
    "a reserved metadata key",
    { metadata: { "_nats.level": "1" } },
    'metadata key is reserved: "_nats.level"',
    "do not begin with `_nats.`",
    "Rename the key",
  ),
  stream(
    "an empty metadata key",
    { metadata: { "": "1" } },
    'metadata key is reserved: ""',
    "keys that are not empty",
    "Rename the key",
  ),
  stream(
    "metadata above 128 KiB",
    { metadata: { a: "x".repeat(131_072) } },
    "metadata has 131073 bytes",
    "at most 131056 bytes",
    "Shorten the metadata",
  ),
];

const unknown = (name: string, program: Row["program"], path: string, values: string, given = '"other"'): Row =>
  row(`refuses the unknown ${name} ${given}`, program, [
    path,
    `${name} is not known: ${given}`,
    values,
    `Use one of these for ${name}`,
  ]);

const other = "other" as never;

const enums: Row[] = [
  unknown("retention", jobs({ retention: other }), at.jobs, Object.values(RetentionPolicy).join(", ")),
  unknown("discard", jobs({ discard: other }), at.jobs, Object.values(DiscardPolicy).join(", ")),
  unknown("compression", jobs({ compression: other }), at.jobs, Object.values(Compression).join(", ")),
  unknown("snapshots.compression", snapshots({ compression: true as never }), at.convex, "none, s2", "true"),
  unknown("monitoring", (stack) => prodOf(stack, { monitoring: other }), at.prod, "none, live, history"),
  unknown("storage", jobs({ storage: other }), at.jobs, "file, memory"),
  unknown("keyValueStore.bucketResource", keyValueStore({ bucketResource: other }), at.convex, "native, stream"),
  unknown("snapshots.bucketResource", snapshots({ bucketResource: other }), at.convex, "native, stream"),
  unknown("worker.deliverPolicy", worker({ deliverPolicy: other }), at.convex, "all, last, last_per_subject, new"),
  unknown("worker.ackPolicy", worker({ ackPolicy: other }), at.convex, "explicit, all, none"),
  unknown("worker.replayPolicy", worker({ replayPolicy: other }), at.convex, "instant, original"),
];

const TOO_LONG = "é".repeat(2049);

const descriptions: Row[] = (
  [
    ["a stream", jobs({ description: TOO_LONG }), at.jobs],
    ["a key-value bucket", keyValueStore({ description: TOO_LONG }), at.keyValueStore],
    ["an object store", snapshots({ description: TOO_LONG }), at.snapshots],
    ["a consumer", worker({ description: TOO_LONG }), at.worker],
  ] as const
).map(([of, program, path]) =>
  row(`refuses a description of ${of} above 4096 bytes`, program, [
    path,
    "description has 4098 bytes",
    "at most 4096 bytes",
    "Shorten the description",
  ]),
);

const withoutCluster: Row = row("refuses a placement whose cluster is undefined", jobs({ placement: {} as never }), [
  at.jobs,
  "placement.cluster is missing",
  "a text",
  "Give a text",
]);

const placements: Row[] = (
  [
    ["without a cluster", { cluster: "" }, '""'],
    ["with white space in the cluster", { cluster: "a b" }, '"a b"'],
    ["with white space in a tag", { cluster: "a", tags: ["ssd", "b c"] }, '"b c"'],
  ] as [string, Placement, string][]
).map(([name, placement, value]) =>
  row(`refuses a placement ${name}`, jobs({ placement }), [
    at.jobs,
    `placement has a name that is missing or has white space: ${value}`,
    "the name of a cluster",
    "Correct the cluster or tag, or leave placement out",
  ]),
);

const ownPlacement = row(
  "refuses a bad placement of an app",
  (stack) => convexOf(stack, { placement: { cluster: "" } }),
  [
    at.convex,
    'placement has a name that is missing or has white space: ""',
    "the name of a cluster",
    "Correct the cluster",
  ],
);

export const streamRows: readonly Row[] = [
  ...copiesOfOwn,
  ...functions,
  ...late,
  ...copies,
  ...times,
  ...rules,
  ...enums,
  ...descriptions,
  ...placements,
  withoutCluster,
];
export const inheritedPlacementRows: readonly Row[] = [ownPlacement];
