import { App, Lazy, TerraformStack } from "cdktf";
import {
  AccountsFile,
  AppConstruct,
  BucketResource,
  Findings,
  Isolation,
  jetstream,
  type LitestreamOptions,
  PlatformConstruct,
  RetentionPolicy,
  RetiredData,
  type StreamOptions,
} from "../../../../lib";
import type { Program } from "../../../support/synth";
import { at, convexOf, jobs, prodOf, type Row, row } from "./programs";

/** What a program has that reads a variable of its environment which is not there. */
const ABSENT = undefined as never;

/** A program in which the app `convex` does something. */
const app =
  (use: (convex: AppConstruct) => void): Program =>
  (stack) =>
    use(convexOf(stack));

const repeated = (name: string, use: (convex: AppConstruct) => void, below: string): Row =>
  row(`refuses ${name} with what stands before it`, app(use), [
    at.convex,
    "repeats what stands before it",
    `what comes behind ${below}.`,
    `Leave out ${below}.`,
  ]);

const none = (name: string, use: (convex: AppConstruct) => void, what: string): Row =>
  row(`refuses ${name}`, app(use), [at.convex, `no ${what} is given`, "one or more", "stands for all"]);

const whatAppsDo: Row[] = [
  repeated("an event to publish", (convex) => convex.publishEvents("prod._.events.user.created"), "prod._.events"),
  repeated("an event", (convex) => convex.consumeEvents({ subjects: ["prod._.events.>"] }), "prod._.events"),
  repeated("an API", (convex) => convex.serveApi("prod._.api.convex.query"), "prod._.api"),
  repeated("a lock", (convex) => convex.usePlatformLocks("lock.a"), "lock"),
  repeated("a key of the configuration", (convex) => convex.readPlatformConfig("config.flags"), "config"),
  none("events without a subject", (convex) => convex.publishEvents(), "event subject"),
  none("an empty list of events", (convex) => convex.consumeEvents({ subjects: [] }), "event subject"),
  none("an API without a name", (convex) => convex.serveApi(), "API name"),
  row(
    "refuses an event that is not there",
    app((convex) => convex.publishEvents(ABSENT)),
    [at.convex, "subjects[0] is missing", "a text", "Give a text"],
  ),
  row(
    "refuses a lock without a name",
    app((convex) => convex.usePlatformLocks(ABSENT)),
    [at.convex, "usePlatformLocks(...lockNames): lockNames[0] is missing", "a text", "Give a text"],
  ),
  row(
    "refuses to take no lock",
    app((convex) => convex.usePlatformLocks()),
    [at.convex, "usePlatformLocks(...lockNames): no lock name is given", "one or more", "to do:   Give one"],
  ),
  row(
    "refuses the second of two keys of the configuration",
    app((convex) => convex.readPlatformConfig("flags", "a b")),
    [at.convex, 'key is not valid: "a b"', "letters", "Change"],
  ),
  row(
    "refuses a stream without a name",
    app((convex) => convex.addStream(ABSENT)),
    [at.convex, "addStream(name, options?): name is missing", "a text", "Give a text"],
  ),
  {
    ...row(
      "refuses what is wrong with a stream that has no name at its owner",
      app((convex) => convex.addStream(ABSENT, { maxBytes: -1 })),
      ["[stack/prod/convex]", "maxBytes is out of range: -1", "a whole number of bytes", "Leave it out for no limit"],
    ),
    leadsToMore: true,
  },
  {
    ...row(
      "refuses a consumer without a name",
      app((convex) => convex.addConsumer(ABSENT, ABSENT)),
      [at.convex, "addConsumer(name, options): options is missing", "stream", "Give an object of options"],
    ),
    leadsToMore: true,
  },
  row(
    "refuses a consumer without options",
    app((convex) => convex.addConsumer("worker", ABSENT)),
    [at.convex, "addConsumer(name, options): options is missing", "stream", "Give an object of options"],
  ),
  {
    ...row(
      "refuses options of a consumer without a stream, at its owner",
      app((convex) => convex.addConsumer("worker", { stream: ABSENT, maxDeliver: 0 })),
      ["[stack/prod/convex]", "maxDeliver is out of range: 0", "a whole number of deliveries", "Leave it out"],
    ),
    leadsToMore: true,
  },
  row(
    "refuses Litestream without options",
    (stack) => {
      const prod = prodOf(stack, { servers: ["nats://nats:4222"] });
      new AppConstruct(prod, "convex", { snapshots: {} }).addLitestream(ABSENT);
    },
    [at.convex, "addLitestream(options): options is missing", "databasePath", "Give an object of options"],
  ),
  row(
    "refuses to call nothing",
    app((convex) => convex.callApi(ABSENT)),
    [at.convex, "callApi(app, ...apiNames): app calls something that is no app", "an AppConstruct", "Give"],
  ),
  row(
    "refuses to acknowledge nothing",
    app((convex) => Findings.of(convex).acknowledge(ABSENT, "because")),
    [at.convex, "acknowledge(id, reason): id is missing", "a text", "Give a text"],
  ),
  row(
    "refuses a consumer without a stream",
    app((convex) => convex.addConsumer("worker", { stream: ABSENT })),
    [at.convex, 'consumer has no stream: "worker"', "a stream of the same owner", "only where the app has `wal: {}`"],
  ),
];

const unknownIsolation = ["a platform", "an app"].map((owner) =>
  row(
    `refuses an unknown isolation of ${owner}`,
    (stack) => {
      const props = { isolation: "ACCOUNT" as Isolation };
      if (owner === "an app") convexOf(stack, props);
      else prodOf(stack, props);
    },
    [
      owner === "an app" ? at.convex : at.prod,
      'isolation is not known: "ACCOUNT"',
      "permissions, account",
      "Use one of these",
    ],
  ),
);

const OTHER_JOBS: StreamOptions = { mirror: { name: "prod_convex_jobs" } };

const copies: Row[] = [
  row(
    "refuses a mirror of a stream in another account",
    (stack) => {
      const convex = convexOf(stack, { isolation: Isolation.ACCOUNT });
      convex.addStream("copy", { mirror: { name: "prod_events" } });
    },
    [
      "[stack/prod/convex/Stream-copy]",
      "in the account PROD and not in PROD_CONVEX",
      "externalApiPrefix",
      "consume events",
    ],
  ),
  row(
    "refuses a mirror that cannot be read directly",
    app((convex) => {
      convex.addStream("more", { mirror: { name: "prod_events" }, mirrorDirect: false });
    }),
    [
      "[stack/prod/convex/Stream-more]",
      'mirrorDirect is false, but the other stream can be read directly: "prod_events"',
      "true",
      "Leave mirrorDirect out",
    ],
  ),
  ...Object.entries({
    filterSubject: { mirror: { name: "prod_events", filterSubject: "prod._.events.a.>" } },
    subjectTransforms: { mirror: { name: "prod_events", subjectTransforms: [{ source: ">", destination: "x.>" }] } },
    startSequence: { mirror: { name: "prod_events", startSequence: 2 } },
    startTime: { mirror: { name: "prod_events", startTime: "2026-01-31T00:00:00Z" } },
    maxAgeSeconds: { mirror: { name: "prod_events" }, maxAgeSeconds: 60 },
    maxBytes: { mirror: { name: "prod_events" }, maxBytes: 1 },
    maxMessages: { mirror: { name: "prod_events" }, maxMessages: 1 },
    maxMessagesPerSubject: { mirror: { name: "prod_events" }, maxMessagesPerSubject: 1 },
    subjectTransform: { mirror: { name: "prod_events" }, subjectTransform: { source: ">", destination: "x.>" } },
    retention: { mirror: { name: "prod_events" }, retention: RetentionPolicy.INTEREST },
  } satisfies { [option: string]: StreamOptions }).map(([option, options]) =>
    row(
      `refuses a mirror that answers for another stream with less than that has: ${option}`,
      app((convex) => {
        convex.addStream("more", options);
      }),
      [
        "[stack/prod/convex/Stream-more]",
        `a mirror that is no whole copy answers direct reads of the other stream [${option}]: "prod_events"`,
        "mirrors that have all messages for as long",
        "or use sources instead of mirror",
      ],
    ),
  ),
  row(
    "refuses a mirror in which keys of a bucket do not expire",
    app((convex) => {
      convex.addStream("more", { mirror: { name: "KV_prod_convex" } });
    }),
    [
      "[stack/prod/convex/Stream-more]",
      'answers direct reads of the other stream [maxMessagesPerSubject, allowRollup, allowMessageTtl]: "KV_prod_convex"',
      "mirrors that have all messages for as long",
      "Give these options as the other stream has them",
    ],
  ),
  row(
    "refuses a part of a stream that may be read directly",
    app((convex) => {
      convex.addStream("more", { mirror: { name: "elsewhere", startSequence: 7 } });
    }),
    [
      "[stack/prod/convex/Stream-more]",
      'answers direct reads of the other stream [startSequence]: "elsewhere"',
      "mirrors that have all messages for as long",
      "or set mirrorDirect to false, if the other stream cannot be read directly",
    ],
  ),
  row(
    "refuses a mirror from elsewhere that answers for a stream of the same name here",
    app((convex) => {
      convex.addStream("more", { mirror: { name: "prod_events", externalApiPrefix: "$JS.hub.API" } });
    }),
    [
      "[stack/prod/convex/Stream-more]",
      "a mirror of another account or domain answers direct reads of a stream of this one",
      "mirrorDirect only where no stream of this account has the name",
      "Set mirrorDirect to false",
    ],
  ),
  row(
    "refuses a bucket that is retired without its app",
    (stack) => {
      convexOf(stack, { keyValueStore: { retired: RetiredData.KEEP } });
    },
    [
      at.convex,
      "keyValueStore is retired, which its owner always has",
      "retired for the owner itself",
      "Remove retired from keyValueStore, or retire the owner",
    ],
  ),
  row(
    "refuses a log that is retired without its platform",
    (stack) => {
      prodOf(stack, { audit: { retired: RetiredData.DELETE } });
    },
    [at.prod, "audit is retired, which its owner always has", "retired for the owner itself", "Remove retired"],
  ),
  row(
    "refuses an owner without a name",
    (stack) => {
      prodOf(stack, { owner: "" });
    },
    [at.prod, 'owner is not the name of one: ""', "1 to 200 characters", "Name the repository or team"],
  ),
  row(
    "refuses metadata in the place of the owner",
    app((convex) => {
      convex.addStream("jobs", { metadata: { "cdktf-nats-platform.owner": "me" } });
    }),
    [at.jobs, "metadata key is reserved", "or `cdktf-nats-platform.owner`", "Rename the key"],
  ),
  ...(["sources", "mirror"] as const).map((option) =>
    row(
      `refuses ${option} of a stream that is retired`,
      app((convex) => {
        const stream = convex.addStream("jobs", { retired: RetiredData.KEEP });
        convex.addStream("copy", option === "mirror" ? { mirror: { stream } } : { sources: [{ stream }] });
      }),
      [
        "[stack/prod/convex/Stream-copy]",
        'is a stream that is retired: "prod_convex_jobs"',
        "streams that stay",
        "Retire the other stream when this one has copied all of it",
      ],
    ),
  ),
  row(
    "refuses an app that was in its own stack before",
    (stack) => {
      new AppConstruct(prodOf(stack), "convex", { movedFrom: stack });
    },
    [
      at.convex,
      'movedFrom is the stack that this is in: "stack"',
      "another stack of the same cdktf App",
      "Remove movedFrom, or give the old stack",
    ],
  ),
  row(
    "refuses a platform that was in its own stack before",
    (stack) => {
      prodOf(stack, { movedFrom: stack });
    },
    [at.prod, "movedFrom is the stack that this is in", "another stack of the same cdktf App", "Remove movedFrom"],
  ),
  row(
    "refuses an app that was in another cdktf App before",
    (stack) => {
      new AppConstruct(prodOf(stack), "convex", { movedFrom: new TerraformStack(new App(), "old") });
    },
    [
      at.convex,
      'movedFrom is a stack of another cdktf App: "old"',
      "another stack of the same cdktf App",
      "Set retired: RetiredData.KEEP in the other program",
    ],
  ),
  row(
    "refuses a platform that was in another cdktf App before",
    (stack) => {
      prodOf(stack, { movedFrom: new TerraformStack(new App(), "old") });
    },
    [at.prod, "movedFrom is a stack of another cdktf App", "another stack of the same cdktf App", "with adopt: true"],
  ),
  ...[BucketResource.STREAM, BucketResource.NATIVE].flatMap((bucketResource) =>
    (["name", "stream", "resource"] as const).map((by) =>
      row(
        `refuses an entry of a bucket that is retired, by its ${by}, where it is a ${bucketResource}`,
        (stack) => {
          const convex = convexOf(stack);
          const options = { retired: RetiredData.DELETE, bucketResource };
          const { bucketName, resource } = convex.addKeyValueStore("flags", options);
          const bucket = {
            name: bucketName,
            stream: `KV_${bucketName}`,
            resource: (resource as jetstream.KvBucket).name,
          }[by];
          const { provider } = convex.keyValueStore.resource;
          new jetstream.KvEntry(stack, "entry", { bucket, key: "a", value: "1", provider, dependsOn: [resource] });
        },
        [
          "[stack/entry]",
          'bucket of an entry is retired [stack/prod/convex/KeyValueStore-flags]: "prod_convex_flags"',
          "a bucket that stays",
          "Remove the entry before you retire the bucket, and apply that before the server has the new accounts file. If another bucket copies this one (formerly), remove formerly and apply that first: the deletion of a key is copied too",
        ],
        bucketResource === BucketResource.STREAM && by === "resource",
      ),
    ),
  ),
  row(
    "refuses an entry that depends on a bucket that is retired",
    (stack) => {
      const convex = convexOf(stack);
      const { resource } = convex.addKeyValueStore("flags", { retired: RetiredData.KEEP });
      const { bucketName: bucket, resource: own } = convex.keyValueStore;
      const { provider } = own;
      new jetstream.KvEntry(stack, "entry", { bucket, key: "a", value: "1", provider, dependsOn: [own, resource] });
    },
    [
      "[stack/entry]",
      'depends on what is retired [stack/prod/convex/KeyValueStore-flags], of which Terraform has no resource any more: "jetstream_stream.prod_convex_flags"',
      "dependsOn of what stays",
      "Take it out of dependsOn",
    ],
  ),
  row(
    "refuses to take in what is retired",
    app((convex) => {
      convex.addStream("jobs", { retired: RetiredData.KEEP, adopt: true });
    }),
    [at.jobs, "both retired and adopt are given", "one of the two", "Remove adopt"],
  ),
  row(
    "refuses a call of an app that is retired",
    (stack) => {
      const prod = prodOf(stack);
      const convex = new AppConstruct(prod, "convex", { retired: RetiredData.KEEP });
      convex.serveApi("query");
      new AppConstruct(prod, "cache").callApi(convex, "query");
    },
    [
      "[stack/prod/cache]",
      "app calls convex [stack/prod/convex], which is retired",
      "apps that stay",
      "Remove the call first",
    ],
  ),
  row(
    "refuses copies in a circle",
    app((convex) => {
      convex.addStream("jobs", { sources: [{ name: "prod_convex_more" }] });
      convex.addStream("copy", OTHER_JOBS);
      convex.addStream("more", { sources: [{ name: "prod_convex_copy" }] });
    }),
    [at.jobs, "gets its own messages back", "copies that do not go in a circle", "Remove one of the copies"],
    true,
  ),
  row(
    "refuses more consumers than maxConsumers",
    app((convex) => {
      const stream = convex.addStream("jobs", { maxConsumers: 1 });
      convex.addConsumer("one", { stream });
      convex.addConsumer("two", { stream });
    }),
    [
      "[stack/prod/convex/Consumer-prod_convex_jobs_two]",
      "more consumers than its maxConsumers: 2",
      "1, and",
      "Raise maxConsumers",
    ],
  ),
  ...["prod.cache.x.>", "$KV.prod_platform.>", "prod._.events.>"].map((destination) =>
    row(
      `refuses to publish again on ${destination}`,
      app((convex) => convex.addStream("jobs", { republish: { destination } })),
      [
        at.jobs,
        `republish destination is not one of the stream's owner: "${destination}"`,
        "prod.convex.>",
        "Publish on a subject of the owner",
      ],
    ),
  ),
];

const LITESTREAM = "[stack/prod/convex/Litestream]";

const litestream = (name: string, props: Partial<LitestreamOptions>, what: string, allowed: string, fix: string): Row =>
  row(
    `refuses Litestream with ${name}`,
    (stack) => {
      convexOf(stack, { snapshots: {} }).addLitestream({ databasePath: "/data/app.db", ...props });
    },
    [LITESTREAM, what, allowed, fix],
  );

const seconds = () => Lazy.numberValue({ produce: () => 5 });

const litestreams: Row[] = [
  litestream("no database", { databasePath: "" }, "databasePath is empty", "a path", "Give the path"),
  litestream("an empty path", { replicaPath: "" }, "replicaPath is empty", "a path", "Give the path"),
  litestream("no scheme", { server: "host:4222" }, "address is not valid", "nats://host:port", "Correct the address"),
  litestream(
    "credentials in the address",
    { server: "nats://u:secret@host:4222" },
    "holds credentials (not repeated here)",
    "nats://host:port",
    "Remove them",
  ),
  row(
    "refuses Litestream with an interval known only at apply",
    (stack) => {
      const options = { databasePath: "/data/app.db", syncIntervalSeconds: seconds() };
      convexOf(stack, { snapshots: {} }).addLitestream(options);
    },
    [at.convex, "syncIntervalSeconds is known only at apply", "known at synth", "Give the value itself"],
  ),
  row(
    "refuses Litestream with a store that is retired",
    (stack) => {
      const convex = convexOf(stack, { snapshots: { retired: RetiredData.KEEP } });
      convex.addLitestream({ databasePath: "/data/app.db" });
    },
    [LITESTREAM, 'objectStore is retired: "prod_convex_snapshots"', "a store that stays", "Remove addLitestream"],
  ),
  row(
    "refuses Litestream with the store of another owner",
    (stack) => {
      const prod = prodOf(stack);
      const convex = new AppConstruct(prod, "convex");
      convex.addLitestream({ databasePath: "/data/app.db", objectStore: prod.addObjectStore("files") });
    },
    [
      LITESTREAM,
      'objectStore is not one of the app\'s: "prod_files"',
      "addObjectStore",
      "Give the app an object store",
    ],
  ),
];

/** What somebody meant otherwise, in a language that checks no types. */
const meantOtherwise: Row[] = [
  row("refuses metadata as a Map", jobs({ metadata: new Map([["team", "a"]]) as never }), [
    at.jobs,
    "metadata is not an object of names and texts",
    "an object of names and texts",
    "Give an object of names and texts, or leave it out",
  ]),
  row(
    "refuses numbers of a list as one text",
    app((convex) => {
      convex.addConsumer("worker", { stream: convex.addStream("jobs"), backoffSeconds: "1, 2" as never });
    }),
    [at.convex, 'worker.backoffSeconds is not a list: "1, 2"', "each of which is a number", "Write [1,2]"],
  ),
  row("refuses one client as a text", (stack) => convexOf(stack, { clients: "nats.js" as never }), [
    at.convex,
    'clients is not a list: "nats.js"',
    "a list",
    'Write ["nats.js"]',
  ]),
  row("refuses an unknown field of an object of a class", (stack) => convexOf(stack, new Misspelt() as never), [
    at.convex,
    "option appNam is not known",
    "appName",
    "Did you mean appName?",
  ]),
  row(
    "refuses options that cannot be read",
    jobs(
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new RangeError("no keys");
          },
        },
      ),
    ),
    [at.jobs, "options cannot be read: no keys", "a value that can be read", "Correct the getter or the Proxy"],
  ),
  row(
    "refuses a list that cannot be read",
    (stack) => convexOf(stack, { liveEvents: Object.defineProperty([""], 0, { get: () => JSON.parse("?") }) }),
    [at.convex, "liveEvents cannot be read: Unexpected token", "a value that can be read", "Correct the getter"],
  ),
];

class Misspelt {
  public readonly appNam = "zed";
}

export const slipRows: readonly Row[] = [
  ...meantOtherwise,
  ...whatAppsDo,
  ...unknownIsolation,
  ...copies,
  ...litestreams,
  row(
    "refuses limits known only at apply",
    (stack) => prodOf(stack, { jetStreamLimits: { maxFileBytes: seconds() } }),
    [at.prod, "maxFileBytes is known only at apply", "known at synth", "Give the value itself"],
  ),
  row(
    "refuses a reference to a platform of the same program",
    (stack) => {
      prodOf(stack);
      PlatformConstruct.fromPlatformName(stack, "again", "prod", {
        owner: "github.com/acme/search",
        servers: ["nats://nats:4222"],
      });
    },
    [
      "[stack/again]",
      'that this program declares [stack/prod]: "prod"',
      "of other programs",
      "Pass the PlatformConstruct",
    ],
  ),
  row(
    "refuses an accounts file of a program that has no platform",
    (stack) => {
      PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
        owner: "github.com/acme/search",
        servers: ["nats://nats:4222"],
      });
      new AccountsFile(stack, "accounts");
    },
    ["[stack/accounts]", "accounts file has no account", "declares a platform", "remove AccountsFile"],
  ),
  row(
    "refuses an app of a platform in another cdktf App",
    (stack) => {
      const prod = prodOf(new TerraformStack(new App(), "far"));
      new AppConstruct(stack, "convex", { platform: prod });
    },
    ["[stack/convex]", "construct of another cdktf App", "a platform of the same App", "fromPlatformName"],
  ),
];
