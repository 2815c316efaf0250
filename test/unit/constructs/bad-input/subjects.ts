import { AppConstruct, jetstream, type StreamOptions } from "../../../../lib";
import { at, convexOf, jobs, prodOf, type Row, row } from "./programs";

const PATTERN =
  "tokens separated by dots; `*` for one token, `>` in last place for the rest; " +
  "no white space, control characters, quotes, back-ticks, \\, {, }, # and <";
const OWN = "subjects that prod.convex.> covers";
const OWNER = "Give the stream to the owner of these subjects";
const ONCE = "each subject in one stream of an account";
const NARROW = "Narrow one of the two";

const patterns: Row[] = (
  [
    ["an empty string", "", "is empty"],
    ["an empty token", "prod.convex..a", "has an empty token"],
    ["white space", "prod.convex.a b", "contains white space or a control character"],
    ["a line break", "prod.convex.a\nb", "contains white space or a control character"],
    ["`>` in the middle", "prod.convex.>.a", "has `>` before its last token"],
    ["a wildcard inside a token", "prod.convex.job*", "has a wildcard inside a token"],
    [
      "`$include` at the end",
      "prod.convex.$include",
      "ends with a word that the official Helm chart takes for a command",
    ],
  ] as const
).map(([name, subject, why]) =>
  row(`refuses ${name} in a subject`, jobs({ subjects: [subject] }), [
    at.jobs,
    `subject ${why}: ${JSON.stringify(subject)}`,
    PATTERN,
    "Correct the subject",
  ]),
);

const foreign: Row[] = [
  "prod.cache.jobs.>",
  "prod._.events.>",
  "staging.convex.jobs.>",
  "prod.*.jobs.>",
  ">",
  "convex.>",
].map((subject) =>
  row(
    `refuses ${subject} for a stream of the app convex`,
    jobs({ subjects: [subject] }),
    [at.jobs, `subject is not one of the stream's owner: "${subject}"`, OWN, OWNER],
    true,
  ),
);

const twoStreams = (name: string, first: StreamOptions, second: StreamOptions, what: string) =>
  row(
    name,
    (stack) => {
      const app = convexOf(stack);
      app.addStream("jobs", first);
      app.addStream("mail", second);
    },
    ["[stack/prod/convex/Stream-mail]", `subjects overlap with those of stream ${at.jobs} (${what}`, ONCE, NARROW],
  );

/** A text of a number of bytes that begins in a way. */
const ofBytes = (begin: string, bytes: number) => `${begin}${"x".repeat(bytes - begin.length)}`;

const LINE = "at most 2048 bytes: the server takes 4096 for a line (max_control_line)";

// server/subject-length.test.ts has what a server takes.
const lengths: Row[] = (
  [
    ["subject", at.jobs, (app, text) => app.addStream("jobs", { subjects: [text("prod.convex.jobs.")] })],
    [
      "subject",
      at.jobs,
      (app, text) => Object.assign(app.addStream("jobs").resource, { subjects: [text("prod.convex.jobs.")] }),
    ],
    [
      "filter subject",
      "/Consumer-prod_convex_jobs_w]",
      (app, text) =>
        app.addConsumer("w", { stream: app.addStream("jobs"), filterSubjects: [text("prod.convex.jobs.")] }),
    ],
    [
      "filter subject",
      "/Consumer-prod_convex_jobs_w]",
      (app, text) =>
        Object.assign(app.addConsumer("w", { stream: app.addStream("jobs") }).resource, {
          filterSubject: text("prod.convex.jobs."),
        }),
    ],
    ["event subject", at.convex, (app, text) => app.publishEvents(text("x."))],
    ["API name", at.convex, (app, text) => app.serveApi(text("x."))],
    ["key", at.convex, (app, text) => app.readPlatformConfig(text("x."))],
    ["target of a subject", at.convex, (app, text) => app.naming.subject("wal", text("x."))],
    [
      "source filterSubject",
      at.jobs,
      (app, text) => app.addStream("jobs", { sources: [{ name: "other", filterSubject: text("x.") }] }),
    ],
    [
      "subjectTransform destination",
      at.jobs,
      (app, text) =>
        app.addStream("jobs", { subjectTransform: { source: "prod.convex.jobs.a", destination: text("x.") } }),
    ],
    [
      "key",
      "[stack/prod/convex/e]",
      (app, text) => {
        const { bucketName: bucket, resource } = app.keyValueStore;
        const { provider } = resource;
        new jetstream.KvEntry(app, "e", { bucket, key: text("x."), value: "{}", provider });
      },
    ],
    [
      "replicaPath",
      "/Litestream]",
      (app, text) =>
        app.addLitestream({ databasePath: "/a.db", replicaPath: text("x/"), objectStore: app.addObjectStore("o") }),
    ],
  ] as [string, string, (app: AppConstruct, text: (begin: string) => string) => unknown][]
).map(([what, path, declare], index) =>
  row(
    `refuses a ${what} of more than 2048 bytes (${index})`,
    (stack) => declare(convexOf(stack), (begin) => ofBytes(begin, 2049)),
    [path, `${what} has 2049 bytes: "`, LINE, `Shorten the ${what}`],
  ),
);

export const subjectRows: readonly Row[] = [
  ...patterns,
  ...foreign,
  ...lengths,
  row(
    "refuses a subject of an app for a stream of another platform",
    (stack) => prodOf(stack).addStream("jobs", { subjects: ["staging.>"] }),
    ["[stack/prod/Stream-jobs]", `"staging.>"`, "subjects that prod.> covers", OWNER],
  ),
  row(
    "refuses subjects of one stream that overlap",
    jobs({ subjects: ["prod.convex.jobs.*", "prod.convex.jobs.mail"] }),
    [
      at.jobs,
      'subjects of one stream overlap: "prod.convex.jobs.* and prod.convex.jobs.mail"',
      "subjects that have no subject in common",
      "Remove the narrower one",
    ],
  ),
  row(
    "refuses the same subject twice in one stream",
    jobs({ subjects: ["prod.convex.jobs.mail", "prod.convex.jobs.mail"] }),
    [at.jobs, '"prod.convex.jobs.mail and prod.convex.jobs.mail"', "no subject in common", "Remove the narrower one"],
  ),
  row("refuses a stream without subjects", jobs({ subjects: [] }), [
    at.jobs,
    "a stream has no subjects",
    "at least one subject, a mirror or a source",
    "Leave subjects out",
  ]),
  twoStreams(
    "refuses streams of one app that overlap",
    {},
    { subjects: ["prod.convex.*.mail"] },
    'prod.convex.jobs.>): "prod.convex.*.mail"',
  ),
  twoStreams(
    "refuses a subject that two streams of one app have",
    { subjects: ["prod.convex.work.a"] },
    { subjects: ["prod.convex.work.a"] },
    'prod.convex.work.a): "prod.convex.work.a"',
  ),
  row(
    "refuses a wide stream of the platform that overlaps with one of an app",
    (stack) => {
      const prod = prodOf(stack);
      prod.addStream("all-jobs", { subjects: ["prod.*.jobs.>"] });
      new AppConstruct(prod, "convex").addStream("jobs");
    },
    [at.jobs, 'stream [stack/prod/Stream-all-jobs] (prod.*.jobs.>): "prod.convex.jobs.>"', ONCE, NARROW],
  ),
  row(
    "refuses a stream of the platform on the subjects of an app's stream",
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "convex", { wal: {} });
      prod.addStream("copy", { subjects: ["prod.convex.wal.frames"] });
    },
    [
      "[stack/prod/Stream-copy]",
      'stream [stack/prod/convex/Stream-wal] (prod.convex.wal.>): "prod.convex.wal.frames"',
      ONCE,
      NARROW,
    ],
  ),
  row(
    "refuses a stream of the platform that overlaps with its events",
    (stack) => prodOf(stack).addStream("users", { subjects: ["prod._.events.user.>"] }),
    [
      "[stack/prod/Stream-users]",
      'stream [stack/prod/Stream-events] (prod._.events.>): "prod._.events.user.>"',
      ONCE,
      NARROW,
    ],
  ),
  row(
    "refuses two wide streams of the platform that overlap",
    (stack) => {
      const prod = prodOf(stack);
      prod.addStream("health", { subjects: ["prod.*.health.>"] });
      prod.addStream("cpu", { subjects: ["prod.*.*.cpu"] });
    },
    ["[stack/prod/Stream-cpu]", 'stream [stack/prod/Stream-health] (prod.*.health.>): "prod.*.*.cpu"', ONCE, NARROW],
    true,
  ),
];
