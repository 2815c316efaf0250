import { AppNaming, PlatformNaming } from "../../lib";
import type { User } from "../../lib/access/accounts";
import type { Client } from "../support/clients/client";
import { DIRECT, World } from "./world";

const PLATFORMS = [{ name: "prod" }, { name: "private", privateInbox: true }];

/** A platform whose apps are isolated. */
const APART = { name: "apart", isolated: ["convex", "cache"] } as const;

let world: World;
beforeAll(async () => {
  world = await World.start([...PLATFORMS, APART]);
}, 30_000);
afterAll(() => world?.stop(), 30_000);

interface Attempt {
  readonly operation: "publish" | "subscription";
  readonly subject: string;
}

const publish = (...subjects: string[]): Attempt[] => subjects.map((subject) => ({ operation: "publish", subject }));
const subscribe = (...subjects: string[]): Attempt[] =>
  subjects.map((subject) => ({ operation: "subscription", subject }));

/** Everything that the JetStream API can do with a stream and a consumer that are not one's own. */
const apiOf = (stream: string, consumer: string, key: string): Attempt[] =>
  publish(
    `$JS.API.STREAM.CREATE.${stream}`,
    `$JS.API.STREAM.UPDATE.${stream}`,
    `$JS.API.STREAM.DELETE.${stream}`,
    `$JS.API.STREAM.PURGE.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.STREAM.MSG.DELETE.${stream}`,
    `$JS.API.STREAM.SNAPSHOT.${stream}`,
    `$JS.API.STREAM.RESTORE.${stream}`,
    `$JS.API.STREAM.PEER.REMOVE.${stream}`,
    `$JS.API.STREAM.LEADER.STEPDOWN.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.${key}`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.${consumer}`,
    `$JS.API.CONSUMER.CREATE.${stream}.${consumer}.${key}`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${consumer}`,
    `$JS.API.CONSUMER.INFO.${stream}.${consumer}`,
    `$JS.API.CONSUMER.NAMES.${stream}`,
    `$JS.API.CONSUMER.LIST.${stream}`,
    `$JS.API.CONSUMER.DELETE.${stream}.${consumer}`,
    `$JS.API.CONSUMER.PAUSE.${stream}.${consumer}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    `$JS.ACK.${stream}.${consumer}.1.2.3.4.5`,
    `$JS.FC.${stream}.${consumer}.1`,
  );

/** What belongs to an app, for users that are not the app. */
function ofApp(app: AppNaming): Attempt[] {
  const [bucket, store] = [app.keyValueStore, app.snapshotsObjectStore];
  return [
    ...apiOf(`KV_${bucket}`, "watcher", `$KV.${bucket}.key`),
    ...apiOf(app.walStream, "worker", app.subject("wal", "frames")),
    ...apiOf(`OBJ_${store}`, "reader", `$O.${store}.M.name`),
    ...publish(`$JS.API.STREAM.INFO.KV_${bucket}`, `$JS.API.STREAM.INFO.${app.walStream}`),
    ...publish(`$KV.${bucket}.key`, `$O.${store}.C.chunk`, `$O.${store}.M.name`),
    ...publish(app.subject("wal", "frames"), app.subject("kv", "key"), app.auditSubject("query")),
    ...subscribe(app.subjects, `$KV.${bucket}.>`, `$O.${store}.>`, app.apiSubject("query"), app.auditSubject("query")),
  ];
}

/** The access documents of a platform, for everybody but their own Terraform user. */
function ofDocuments({ accessStore, platform }: PlatformNaming): Attempt[] {
  const [stream, key] = [`KV_${accessStore}`, `$KV.${accessStore}.access.users.any`];
  return [
    ...apiOf(stream, "watcher", key),
    ...publish(key, `$KV.${accessStore}.access.stacks.any`, `$JS.${platform}.API.STREAM.MSG.DELETE.${stream}`),
    ...subscribe(`$KV.${accessStore}.>`),
  ];
}

/** What belongs to the platform, for an app. */
function ofPlatform(platform: PlatformNaming): Attempt[] {
  const bucket = platform.keyValueStore;
  return [
    ...apiOf(`KV_${bucket}`, "watcher", `$KV.${bucket}.access.users.any`),
    ...apiOf(platform.auditStream, "monitor", platform.subject("audit", "any")),
    ...apiOf(platform.eventsStream, "other", platform.subject("events", "user.created")),
    ...publish(`$JS.API.STREAM.INFO.${platform.auditStream}`, `$JS.API.STREAM.INFO.${platform.eventsStream}`),
    ...publish(platform.keySubject("config", "flags"), `$KV.${bucket}.access.users.any`),
    ...ofDocuments(platform),
    ...publish(platform.subject("events", "order.created"), platform.subject("lock", "any")),
    ...publish(platform.subject("api", "unknown.query")),
    ...subscribe(platform.componentSubjects("audit"), platform.subjects, `$KV.${bucket}.>`),
  ];
}

/** What is the server's, or another platform's, for everybody. */
const ofServer: Attempt[] = [
  ...publish(
    "$JS.API.STREAM.LIST",
    "$JS.API.META.LEADER.STEPDOWN",
    "$JS.API.ACCOUNT.PURGE.PROD",
    "$JS.API.SERVER.REMOVE",
  ),
  ...publish("$SYS.REQ.SERVER.PING", "$SYS.REQ.USER.INFO", "$SRV.PING", "staging.convex.kv.key", "other"),
  ...subscribe(">", "*.>", "$JS.>", "$KV.>", "$O.>", "$SYS.>", "staging.>", "_INBOX_staging_convex.>"),
];

/** The attempts of a user that the server does not refuse. */
async function accepted(client: Client, attempts: readonly Attempt[]): Promise<string[]> {
  for (const { operation, subject } of attempts) {
    if (operation === "publish") client.publish(subject, "{}");
    else await client.subscribe(subject);
  }
  await client.flush();
  const refused = new Set(client.refusals.map(({ operation, subject }) => `${operation} ${subject}`));
  return attempts.map(({ operation, subject }) => `${operation} ${subject}`).filter((each) => !refused.has(each));
}

async function expectRefused(
  user: string,
  attempts: readonly Attempt[],
  atLeast: number,
  except: readonly string[] = [],
): Promise<void> {
  const client = await world.connect(DIRECT, user);
  expect(attempts.length).toBeGreaterThanOrEqual(atLeast);
  expect(await accepted(client, attempts)).toEqual(except);
  expect(client.isClosed).toBe(false);
}

describe.each(PLATFORMS)("$name", ({ name, privateInbox }) => {
  const platform = PlatformNaming.of(name);
  const [convex, cache] = [AppNaming.of(name, "convex"), AppNaming.of(name, "cache")];
  const inboxes = privateInbox ? [cache, convex].map(({ inboxPrefix }) => `${inboxPrefix}.>`) : [];

  test.each([
    ["convex", convex, cache],
    ["cache", cache, convex],
  ])("%s is refused everything that belongs to others", async (_, app, other) => {
    const inboxPrefix = privateInbox ? app.inboxPrefix : "_INBOX";
    const foreignInboxes = privateInbox
      ? [...inboxes, "_INBOX.>"].filter((each) => !each.startsWith(`${inboxPrefix}.`))
      : [];
    const foreign = [...ofApp(other), ...ofPlatform(platform), ...ofServer, ...subscribe(...foreignInboxes)];
    // What watchers of one key need: nats.java looks at its consumer, whose name it chooses; and what looks at events first.
    const shared = [
      `publish $JS.API.CONSUMER.INFO.KV_${platform.keyValueStore}.watcher`,
      `publish $JS.FC.KV_${platform.keyValueStore}.watcher.1`,
      `publish $JS.API.STREAM.INFO.${platform.eventsStream}`,
    ];
    await expectRefused(app.user, foreign, 150, shared);
  });

  test.each([
    ["convex", convex],
    ["cache", cache],
  ])("%s may not change its own storage, nor what Terraform made of it", async (_, app) => {
    const streams = [`KV_${app.keyValueStore}`, app.walStream, `OBJ_${app.snapshotsObjectStore}`];
    const attempts = streams.flatMap((stream) =>
      publish(
        ...["CREATE", "UPDATE", "DELETE", "SNAPSHOT", "RESTORE"].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
      ),
    );
    await expectRefused(app.user, attempts, 15);
  });

  test("Terraform can neither read messages nor speak for an app", async () => {
    const readers = [`KV_${convex.keyValueStore}`, convex.walStream, platform.auditStream].flatMap((stream) => [
      `$JS.API.STREAM.MSG.GET.${stream}`,
      `$JS.API.DIRECT.GET.${stream}`,
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.any`,
      `$JS.API.STREAM.PURGE.${stream}`,
      `$JS.API.STREAM.SNAPSHOT.${stream}`,
      `$JS.API.STREAM.RESTORE.${stream}`,
      `$JS.ACK.${stream}.any.1.2.3.4.5`,
    ]);
    await expectRefused(
      platform.terraformUser,
      [
        ...publish(...readers),
        ...publish(`$JS.API.DIRECT.GET.KV_${convex.keyValueStore}.$KV.${convex.keyValueStore}.key`),
        ...publish(`$KV.${convex.keyValueStore}.key`, platform.keySubject("config", "flags")),
        ...publish(convex.subject("wal", "frames"), convex.auditSubject("query"), convex.apiSubject("query")),
        ...publish(platform.subject("events", "user.created"), `$O.${convex.snapshotsObjectStore}.M.name`),
        ...subscribe(convex.subjects, platform.componentSubjects("events"), platform.subjects, ">"),
      ],
      30,
    );
  });

  test("Terraform writes access documents as one user, and can do no more with them, nor with anything else", async () => {
    const documents = `KV_${platform.accessStore}`;
    const manages =
      /^\$JS\.API\.(STREAM\.(CREATE|UPDATE|DELETE|INFO)|CONSUMER\.(CREATE|DURABLE\.CREATE|DELETE|INFO)|INFO)\b/;
    const key = `$KV.${platform.accessStore}.access.users.any`;
    const stacks = `$KV.${platform.accessStore}.access.stacks.any`;
    const own = [key, stacks, `$JS.API.DIRECT.GET.${documents}.${key}`];
    const all = [...ofApp(convex), ...ofPlatform(platform), ...ofServer];
    await expectRefused(
      platform.accessTerraformUser,
      [
        ...all.filter(({ subject }) => !manages.test(subject) && !own.includes(subject)),
        ...publish(`$KV.${platform.accessStore}.other`, `$JS.${name}.API.STREAM.INFO.${documents}`),
      ],
      100,
    );
    await expectRefused(
      platform.terraformUser,
      ofDocuments(platform).filter(({ subject }) => !manages.test(subject)),
      15,
    );
  });

  test("Litestream reaches nothing but its store", async () => {
    const own = `OBJ_${convex.snapshotsObjectStore}`;
    const foreign = [...ofApp(convex), ...ofApp(cache), ...ofPlatform(platform), ...ofServer];
    const attempts = foreign.filter(
      ({ subject }) => !(subject.includes(own) || subject.startsWith(`$O.${convex.snapshotsObjectStore}.`)),
    );
    await expectRefused(
      `${convex.user}-litestream`,
      [
        ...attempts,
        ...publish(`$JS.API.STREAM.DELETE.${own}`, `$JS.API.STREAM.UPDATE.${own}`, `$JS.API.STREAM.MSG.GET.${own}`),
        ...publish("$JS.API.INFO", "$JS.API.STREAM.NAMES"),
        ...subscribe(`${convex.inboxPrefix}.>`),
      ],
      150,
    );
  });
});

describe("isolated apps", () => {
  const platform = PlatformNaming.of(APART.name);
  const [convex, cache] = [AppNaming.of(APART.name, "convex"), AppNaming.of(APART.name, "cache")];

  test.each([
    ["convex", convex, cache],
    ["cache", cache, convex],
  ])("%s is refused everything that belongs to others, as both of its users", async (_, app, other) => {
    const foreign = [...ofApp(other), ...ofPlatform(platform), ...ofServer];
    await expectRefused(app.user, [...foreign, ...subscribe(platform.componentSubjects("events"))], 150);
    await expectRefused(app.messagingUser, foreign, 150);
  });

  test("the user for messages is refused the app's own data, and the one for data what the app does with others", async () => {
    const served = [convex.apiSubject("query"), convex.auditSubject("query")];
    const own = ofApp(convex).filter(({ subject }) => !served.includes(subject));
    await expectRefused(convex.messagingUser, own, 70);
    const domain = `$JS.${APART.name}.API`;
    await expectRefused(
      convex.user,
      [
        ...publish(convex.auditSubject("query"), cache.apiSubject("get"), platform.subject("events", "user.created")),
        ...publish(`${domain}.CONSUMER.MSG.NEXT.${platform.eventsStream}.convex`),
        ...publish(
          `${domain}.STREAM.INFO.KV_${platform.keyValueStore}`,
          `$JS.ACK.${platform.eventsStream}.convex.1.1.1.1.0`,
        ),
        ...subscribe(convex.apiSubject("query"), platform.componentSubjects("events")),
      ],
      8,
    );
  });
});

test("MONITOR reaches nothing but health, audit and the audit history", async () => {
  const platform = PlatformNaming.of("prod");
  const convex = AppNaming.of("prod", "convex");
  const foreign = [...ofApp(convex), ...ofPlatform(platform), ...ofServer].filter(
    (attempt) =>
      ![
        `$JS.ACK.${platform.auditStream}.monitor.1.2.3.4.5`,
        platform.componentSubjects("audit"),
        convex.auditSubject("query"),
      ].includes(attempt.subject),
  );
  await expectRefused(
    "monitor",
    [
      ...foreign,
      ...publish(convex.auditSubject("query"), convex.subject("health", "status"), "$JS.API.INFO"),
      ...publish(
        `$JS.prod.API.STREAM.INFO.${platform.eventsStream}`,
        "$JS.prod.API.CONSUMER.MSG.NEXT.prod_events.monitor",
      ),
      ...subscribe(platform.componentSubjects("events"), convex.subjects, "prod.>", "prod.convex.>", "_INBOX.>"),
    ],
    150,
  );
});

test("access-reader reaches nothing but what it reads of the access documents", async () => {
  const platform = PlatformNaming.of("prod");
  const convex = AppNaming.of("prod", "convex");
  const [documents, bucket] = [`KV_${platform.accessStore}`, `KV_${platform.keyValueStore}`];
  await expectRefused(
    "access-reader",
    [
      ...ofApp(convex),
      ...ofPlatform(platform),
      ...ofServer,
      ...apiOf(documents, "watcher", ">")
        .map((each) => ({ ...each, subject: each.subject.replace("$JS.API", "$JS.prod.API") }))
        .filter(({ subject }) => !subject.includes("STREAM.MSG.GET")),
      ...publish("$JS.API.INFO", "$JS.prod.API.INFO", `$JS.prod.API.STREAM.INFO.${bucket}`),
      ...publish(`$JS.prod.API.STREAM.MSG.GET.${bucket}`, `$JS.prod.API.STREAM.INFO.${platform.eventsStream}`),
      ...publish(`$JS.API.STREAM.INFO.${documents}`, "prod._.audit.convex.query", "_INBOX.any"),
      ...subscribe("prod._.audit.>", "prod.*.health.>", "$JS.prod.API.>", "prod.>"),
    ],
    180,
  );
});

describe("no generated permission", () => {
  const users = () => world.rendered.model.flatMap((account) => account.users);
  const subjectsOf = ({ permissions: { publish, subscribe } }: User) =>
    [...publish, ...subscribe].map(({ subject }) => subject);

  test("is an empty list, which would allow everything", () => {
    expect(world.rendered.accounts).not.toMatch(/(allow|publish|subscribe): \[\s*\]/);
    expect(users().filter(({ permissions }) => permissions.subscribe.length === 0)).toEqual([]);
  });

  test("lets a user answer any reply subject", () => {
    expect(world.rendered.accounts).not.toContain("allow_responses");
  });

  test("is `$JS.>` or `>`", () => {
    expect(users().flatMap(subjectsOf)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(\$JS\.>|>|\*\.>)$/)]),
    );
  });

  test("gives an app or Litestream the whole API, or a change of a stream", () => {
    const subjects = users()
      .filter(({ role }) => role === "app" || role === "litestream")
      .flatMap(subjectsOf);
    const dangerous = /^\$JS\.API\.(>|STREAM\.(>|\*|CREATE|UPDATE|DELETE|SNAPSHOT|RESTORE|MSG\.DELETE))/;
    expect(subjects.filter((subject) => dangerous.test(subject))).toEqual([]);
  });
});
