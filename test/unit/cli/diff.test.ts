import {
  AppConstruct,
  BucketResource,
  DeliverPolicy,
  DiscardPolicy,
  Isolation,
  NatsClient,
  PlatformConstruct,
  RetentionPolicy,
  RetiredData,
  StorageType,
  type StreamOptions,
} from "../../../lib";
import type {
  Catalog,
  CatalogAccount,
  CatalogFinding,
  CatalogResource,
  CatalogUser,
} from "../../../lib/catalog/catalog";
import { prodOf, SERVERS } from "../../support/prod";
import { catalogOfProgram, command, type Parts, program } from "./cli";

const base = catalogOfProgram(program());
const variant = (more: (parts: Parts) => void, props?: object) => catalogOfProgram(program(more, props));

function diff(before: Catalog, after: Catalog, ...options: string[]) {
  return command(["diff", "old.json", "new.json", ...options], { "old.json": before, "new.json": after });
}

/** The base with changes that no program makes alone. */
const withAccount = (name: string, change: (account: CatalogAccount) => CatalogAccount): Catalog => ({
  ...base,
  accounts: base.accounts.map((account) => (account.name === name ? change(account) : account)),
});
const withUser = (name: string, change: (user: CatalogUser) => CatalogUser): Catalog => ({
  ...base,
  accounts: base.accounts.map((account) => ({
    ...account,
    users: account.users.map((user) => (user.name === name ? change(user) : user)),
  })),
});
const withNkey = (user: CatalogUser, identity: string): CatalogUser => ({
  ...user,
  connection: { ...user.connection, credentials: "nkey", identity },
});
const withResource = (name: string, change: Partial<CatalogResource>): Catalog => ({
  ...base,
  resources: base.resources.map((resource) => (resource.name === name ? { ...resource, ...change } : resource)),
});
const prodWith = (change: Partial<CatalogAccount>) => withAccount("PROD", (account) => ({ ...account, ...change }));
const allow = (subject: string, why: string, capability = "core.publish") => ({
  subject,
  reasons: [{ why, capability, source: "stack/prod/cache" }],
});
const cachePublishes = (...subjects: string[]) =>
  withUser("prod-cache", (user) => ({
    ...user,
    publish: { ...user.publish, allow: [...user.publish.allow, ...subjects.map((each) => allow(each, "for a test"))] },
  }));

/** The base with an app that may subscribe in any queue group. */
const ungrouped = withUser("prod-cache", (user) => ({
  ...user,
  subscribe: { ...user.subscribe, allow: user.subscribe.allow.filter(({ queue }) => queue === undefined) },
}));

test("no hole is gone because a part of what it reaches is permitted", () => {
  const readsKey = variant(({ cache }) => cache.readPlatformConfig("flags"));
  for (const [before, after] of [
    [base, readsKey],
    [readsKey, base],
  ] as const) {
    expect(diff(before, after).out).toContain("the key config.flags of prod_platform");
    const holes = diff(before, after)
      .out.split("\n")
      .filter((line) => line.includes("through a hole"));
    const can = after === readsKey ? "+ prod-cache can now" : "- prod-cache can no longer";
    expect(holes).toEqual([
      `  ${can} leave consumers on the key-value bucket prod_platform through a hole that permissions cannot close`,
    ]);
  }
});

describe("what is only in the new catalog is gained, and what is only in the old one is lost", () => {
  const flags = variant(({ cache }) => cache.readPlatformConfig("flags"));
  const rows: [string, Catalog, Catalog, string, string][] = [
    [
      "a key",
      base,
      flags,
      "+ prod-cache can now read the key config.flags of prod_platform",
      "- prod-cache can no longer read the key config.flags of prod_platform",
    ],
    [
      "a second key",
      flags,
      variant(({ cache }) => {
        cache.readPlatformConfig("flags");
        cache.readPlatformConfig("limits");
      }),
      "+ prod-cache can now read the key config.limits of prod_platform",
      "- prod-cache can no longer read the key config.limits of prod_platform",
    ],
    [
      "a lock",
      base,
      variant(({ convex }) => convex.usePlatformLocks("job")),
      "+ prod-convex can now read and write the key lock.job of prod_platform",
      "- prod-convex can no longer read and write the key lock.job of prod_platform",
    ],
    [
      "subjects of a stream",
      base,
      variant(({ convex }) => convex.publishEvents("user.>")),
      "+ prod-convex can now write the subjects prod._.events.user.> of the stream prod_events",
      "- prod-convex can no longer write the subjects prod._.events.user.> of the stream prod_events",
    ],
    [
      "more subjects of a stream",
      variant(({ convex }) => convex.publishEvents("user.created")),
      variant(({ convex }) => convex.publishEvents("user.>")),
      "+ prod-convex can now write the subjects prod._.events.user.> of the stream prod_events; before, only the subject prod._.events.user.created",
      "- prod-convex can no longer write the subjects prod._.events.user.> of the stream prod_events, only the subject prod._.events.user.created",
    ],
    [
      "a consumer",
      base,
      variant(({ cache }) => cache.consumeEvents()),
      "+ prod-cache can now read the consumer cache of the stream prod_events",
      "- prod-cache can no longer read the consumer cache of the stream prod_events",
    ],
    [
      "calls of a service",
      base,
      variant(({ convex, cache }) => {
        convex.serveApi("put");
        cache.callApi(convex, "put");
      }),
      "+ prod-cache can now call prod._.api.convex.put",
      "- prod-cache can no longer call prod._.api.convex.put",
    ],
    [
      "serving",
      base,
      variant(({ convex }) => convex.serveApi("put")),
      "+ prod-convex can now answer calls of prod._.api.convex.put",
      "- prod-convex can no longer answer calls of prod._.api.convex.put",
    ],
    [
      "an inbox",
      base,
      variant(() => {}, { privateInbox: true }),
      "+ prod-cache can now receive replies under _INBOX_prod_cache.>",
      "- prod-cache can no longer receive replies under _INBOX_prod_cache.>",
    ],
    [
      "the inboxes of callers",
      base,
      variant(() => {}, { privateInbox: true }),
      "can now answer callers under _INBOX_prod_cache.>",
      "can no longer answer callers under _INBOX_prod_cache.>",
    ],
    [
      "another app's bucket",
      base,
      cachePublishes("$KV.prod_convex.>", "$JS.API.STREAM.DELETE.KV_prod_convex"),
      "+ prod-cache can now write and manage the key-value bucket prod_convex",
      "- prod-cache can no longer write and manage the key-value bucket prod_convex",
    ],
    [
      "the configuration of a bucket",
      base,
      cachePublishes("$JS.API.STREAM.INFO.KV_prod_convex"),
      "+ prod-cache can now see the configuration of the key-value bucket prod_convex",
      "- prod-cache can no longer see the configuration of the key-value bucket prod_convex",
    ],
    [
      "any other subject, with the reason",
      base,
      cachePublishes("x.y"),
      "+ prod-cache can now publish x.y (for a test)",
      "- prod-cache can no longer publish x.y (for a test)",
    ],
    [
      "an own bucket that is new",
      base,
      variant(({ convex }) => void convex.addKeyValueStore("sessions")),
      "+ prod-convex can now read and write the key-value bucket prod_convex_sessions",
      "- prod-convex can no longer read and write the key-value bucket prod_convex_sessions",
    ],
    [
      "what is no longer denied",
      withUser("prod-cache", (user) => ({ ...user, publish: { ...user.publish, deny: ["prod.cache.x"] } })),
      base,
      "+ prod-cache can now publish prod.cache.x where its lines allow it, which was denied",
      "- prod-cache can no longer publish prod.cache.x where its lines allow it, which was denied",
    ],
    [
      "the queue groups of others",
      base,
      ungrouped,
      "+ prod-cache can now join the queue groups of others on prod._.events.> and prod.cache.>",
      "- prod-cache can no longer join the queue groups of others on prod._.events.> and prod.cache.>",
    ],
    [
      "a user, with what it can do",
      base,
      variant(({ prod }) => void new AppConstruct(prod, "search")),
      "+ user prod-search (app) of account PROD added\n      can write the subjects prod._.audit.search.> of the stream prod_audit\n",
      "- user prod-search (app) of account PROD removed\n      could write the subjects prod._.audit.search.> of the stream prod_audit\n",
    ],
  ];
  test.each(rows)("%s", (_, before, after, added, removed) => {
    const there = diff(before, after);
    const back = diff(after, before);
    expect([there.status, back.status]).toEqual([3, 3]);
    expect(there.out.split("Access gained\n")[1]?.split("\n\n")[0]).toContain(added);
    expect(back.out.split("Access lost\n")[1]?.split("\n\n")[0]).toContain(
      removed.replace("where its lines allow it, which was denied", ""),
    );
  });
});

describe("says what differs otherwise", () => {
  const finding: CatalogFinding = { id: "NP900", level: "warning", message: "m *", source: "stack/prod" };
  const found = (...findings: CatalogFinding[]) => ({ ...base, findings });
  const withNew: Catalog = {
    ...base,
    accounts: [
      ...base.accounts,
      {
        name: "NEW",
        about: "a test",
        jetStream: false,
        users: [],
        exports: [{ kind: "service", subject: "a.b", accounts: ["PROD"] }],
        imports: [{ kind: "stream", account: "PROD", subject: "x.>", to: "y.>" }],
        mappings: { a: "b" },
        source: "stack",
      },
    ],
  };
  const exported = (...accounts: string[]) => prodWith({ exports: [{ kind: "service", subject: "a.b", accounts }] });
  const imported = (to?: string) =>
    withAccount("MONITOR", (account) => ({
      ...account,
      imports: [...account.imports, { kind: "stream", account: "PROD", subject: "x.>", ...(to && { to }) }],
    }));
  const rows: [string, Catalog, Catalog, number, string][] = [
    ["an export", base, exported("MONITOR"), 3, "+ PROD now exports the service a.b to MONITOR"],
    ["an export to everybody", base, exported(), 3, "+ PROD now exports the service a.b to every account"],
    ["an export that is gone", exported("MONITOR"), base, 3, "- PROD no longer exports the service a.b to MONITOR"],
    ["an export to more", exported("A"), exported("A", "B"), 3, "+ PROD now exports the service a.b to B too"],
    ["an export to fewer", exported("A", "B"), exported("A"), 3, "- PROD no longer exports the service a.b to B"],
    ["an export opened", exported("A"), exported(), 3, "+ PROD now exports the service a.b to every account"],
    ["an export closed", exported(), exported("A"), 3, "- PROD now exports the service a.b to only A"],
    ["an import", base, imported(), 3, "+ MONITOR now imports the stream x.> from PROD\n      nobody there uses it"],
    [
      "an import that is used",
      base,
      imported("prod.a.health.>"),
      3,
      "from PROD as prod.a.health.>\n      used by monitor",
    ],
    ["an import that is gone", imported(), base, 3, "- MONITOR no longer imports the stream x.> from PROD"],
    ["a mapping", base, prodWith({ mappings: { a: "b" } }), 3, "+ PROD now maps a to b"],
    ["a mapping that is gone", prodWith({ mappings: { a: "b" } }), base, 3, "- PROD no longer maps a to b"],
    [
      "another mapping",
      prodWith({ mappings: { a: "b" } }),
      prodWith({ mappings: { a: "c" } }),
      3,
      "~ PROD maps a to c instead of b",
    ],
    ["JetStream that is gone", base, prodWith({ jetStream: false }), 3, "- PROD no longer has JetStream"],
    ["JetStream", prodWith({ jetStream: false }), base, 3, "+ PROD now has JetStream"],
    [
      "an account and what moves there",
      base,
      variant(() => {}, { isolation: Isolation.ACCOUNT }),
      3,
      "~ prod-cache moved from account PROD to PROD_CACHE",
    ],
    [
      "an account",
      base,
      variant(() => {}, { isolation: Isolation.ACCOUNT }),
      3,
      "+ account PROD_CACHE added: app cache of platform prod: its data; 2 users, with JetStream\n  + account",
    ],
    [
      "an account for messages, with what it imports",
      base,
      variant(() => {}, { isolation: Isolation.ACCOUNT }),
      3,
      "+ account PROD_CACHE_MESSAGING added: app cache of platform prod: its messages; 1 user, 1 import, without JetStream\n      imports the service prod._.api.convex.query from PROD\n",
    ],
    [
      "an account for messages that is gone",
      variant(() => {}, { isolation: Isolation.ACCOUNT }),
      base,
      3,
      "- account PROD_CACHE_MESSAGING removed: app cache of platform prod: its messages; 1 user, 1 import, without JetStream\n      imported the service prod._.api.convex.query from PROD\n",
    ],
    [
      "what an account that is new has to do with others, and what of it nobody uses",
      base,
      withNew,
      3,
      "+ account NEW added: a test; 0 users, 1 import, 1 export, without JetStream\n      imports the stream x.> from PROD as y.>, which nobody there uses\n      exports the service a.b to PROD\n      maps a to b\n",
    ],
    [
      "an account that is gone",
      variant(() => {}, { isolation: Isolation.ACCOUNT }),
      base,
      3,
      "- account PROD_CACHE removed",
    ],
    [
      "a hole",
      variant(() => {}, { privateInbox: true }),
      base,
      3,
      "+ prod-cache can now read the streams prod_audit, prod_convex_wal and prod_events and the key-value buckets prod_convex and prod_platform through a hole that permissions cannot close",
    ],
    [
      "a hole that is gone",
      base,
      variant(() => {}, { privateInbox: true }),
      3,
      "- prod-cache can no longer read the streams prod_audit, prod_convex_wal and prod_events and the key-value",
    ],
    ["a finding", found(), found(finding), 0, "+ new warning NP900: m *\n      at stack/prod"],
    ["a finding that is gone", found(finding), found(), 0, "- gone: warning NP900: m *"],
    [
      "a finding that says something else",
      found(finding),
      found({ ...finding, message: "n" }),
      0,
      "~ now warning NP900: n",
    ],
    [
      "one more finding in the same place, before another",
      found({ ...finding, message: "n" }),
      found({ ...finding, message: "m" }, { ...finding, message: "n" }),
      0,
      "Nobody's access differs. 1 new finding.\n\nFindings\n  + new warning NP900: m\n      at stack/prod\n",
    ],
    [
      "an acknowledged finding",
      found(finding),
      found({ ...finding, acknowledged: "it is so" }),
      0,
      "~ acknowledged: NP900: m *\n      at stack/prod\n      acknowledged: it is so",
    ],
    [
      "a finding no longer acknowledged",
      found({ ...finding, acknowledged: "x" }),
      found(finding),
      0,
      "~ no longer acknowledged: NP900",
    ],
    [
      "a bucket, with who uses it",
      base,
      variant(({ convex }) => void convex.addKeyValueStore("sessions")),
      3,
      "+ key-value bucket prod_convex_sessions added in account PROD\n      read, written and managed by prod-node-1\n      read and managed by prod-terraform\n      read and written by prod-convex",
    ],
    [
      "a bucket that is gone",
      variant(({ convex }) => void convex.addKeyValueStore("sessions")),
      base,
      3,
      "- key-value bucket prod_convex_sessions removed from account PROD",
    ],
    [
      "a bucket in another account",
      base,
      variant(() => {}, { isolation: Isolation.ACCOUNT }),
      3,
      "~ key-value bucket prod_cache moves from account PROD to PROD_CACHE; its data does not",
    ],
    [
      "subjects",
      base,
      withResource("prod_events", { subjects: ["prod._.events.a"] }),
      3,
      "~ stream prod_events now stores prod._.events.a and no longer stores prod._.events.>",
    ],
    [
      "republishing",
      base,
      withResource("prod_events", { republish: { source: "a", destination: "b" } }),
      3,
      "~ stream prod_events now publishes a again as b",
    ],
    [
      "roll-ups",
      base,
      withResource("prod_events", { rollUp: true }),
      3,
      "~ stream prod_events now lets a message delete others, by Nats-Rollup",
    ],
    [
      "replicas",
      base,
      withResource("prod_events", { replicas: 3 }),
      0,
      "~ stream prod_events has 3 replicas instead of 1 replica",
    ],
    [
      "limits",
      base,
      withResource("prod_events", { bounded: true }),
      0,
      "~ stream prod_events now has a limit of age, size or number",
    ],
    [
      "an address",
      base,
      withResource("prod_events", { address: "jetstream_stream.x" }),
      0,
      "is jetstream_stream.x in Terraform's state instead of jetstream_stream.prod_events",
    ],
    [
      "an inbox prefix",
      base,
      variant(() => {}, { privateInbox: true }),
      3,
      "~ prod-cache: clients must set the inbox prefix _INBOX_prod_cache instead of _INBOX",
    ],
    [
      "a domain",
      base,
      withUser("prod-cache", (user) => ({ ...user, connection: { ...user.connection, domain: "prod" } })),
      0,
      "~ prod-cache: clients must set the JetStream domain prod",
    ],
    [
      "a queue group",
      withUser("prod-cache", ({ connection: { queueGroup: _, ...connection }, ...user }) => ({ ...user, connection })),
      base,
      0,
      "~ prod-cache: clients may be in the queue group prod-cache and in those that begin with prod-cache., in no other where others subscribe too",
    ],
    [
      "a queue group that is gone",
      base,
      withUser("prod-cache", ({ connection: { queueGroup: _, ...connection }, ...user }) => ({ ...user, connection })),
      0,
      "~ prod-cache: clients no longer have the queue group prod-cache",
    ],
    [
      "a line for a queue group",
      base,
      ungrouped,
      3,
      "- prod-cache subscribe prod.cache.> in the queue group prod-cache\n  - prod-cache subscribe prod.cache.> in the queue group prod-cache.>\n",
    ],
    [
      "credentials",
      base,
      withUser("prod-cache", (user) => ({ ...user, connection: { ...user.connection, credentials: "nkey" } })),
      3,
      "~ prod-cache: credentials are the seed of its nkey; before, a password, which the server has",
    ],
    [
      "another nkey",
      withUser("prod-cache", (user) => withNkey(user, "UOLD")),
      withUser("prod-cache", (user) => withNkey(user, "UNEW")),
      3,
      "1 user proves otherwise who it is.\n\nIdentities\n  ~ prod-cache: credentials are the seed of its nkey UNEW; before, the seed of its nkey UOLD",
    ],
    [
      "a limit",
      withAccount("PROD", (account) => ({ ...account, limits: { maxConnections: 5 } })),
      withAccount("PROD", (account) => ({ ...account, limits: { maxConnections: 10 } })),
      0,
      "~ PROD: the limit maxConnections is 10; before, 5",
    ],
    [
      "a part of the accounts file",
      base,
      withAccount("PROD", (account) => ({ ...account, notInFile: true })),
      3,
      "- PROD is no longer part of the accounts file",
    ],
    [
      "clients",
      base,
      variant(() => {}, { clients: [NatsClient.NATS_GO, NatsClient.NATS_CLI] }),
      0,
      "~ prod-cache: permissions now suit nats CLI",
    ],
    ["every line", base, cachePublishes("$JS.FC.x.>"), 3, "Lines of permissions\n  + prod-cache publish $JS.FC.x.>"],
  ];
  test.each(rows)("%s", (_, before, after, status, text) => {
    const outcome = diff(before, after);
    expect(outcome.out).toContain(text);
    expect([outcome.status, outcome.err]).toEqual([status, ""]);
  });
});

test("what a renamed platform copies is not taken for a work queue", () => {
  const shop = (isRenamed: boolean) =>
    catalogOfProgram((stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "cache", { wal: {} });
      if (!isRenamed) return;
      new AppConstruct(new PlatformConstruct(stack, "live", { servers: SERVERS, formerly: prod }), "cache", {
        wal: {},
      });
    });
  const { out } = diff(shop(false), shop(true));
  expect(out).toContain("stream live_cache_wal added in account LIVE");
  expect(out).not.toMatch(/data at risk|work queue/i);
});

describe("data at risk comes first, whoever has access", () => {
  const jobs = (options: StreamOptions, consumer?: object) =>
    variant(({ cache }) => {
      const stream = cache.addStream("jobs", options);
      if (consumer) cache.addConsumer("work", { stream, ...consumer });
    });
  const queue = (retention: RetentionPolicy, copy?: StreamOptions | "filtered") =>
    variant(({ cache }) => {
      const stream = cache.addStream("jobs", { retention });
      const filtered = { sources: [{ stream, filterSubject: "prod.cache.jobs.a" }] };
      if (copy) cache.addStream("copy", copy === "filtered" ? filtered : { ...copy, sources: [{ stream }] });
    });
  const far = (name: string) => variant(({ cache }) => void cache.addStream("copy", { sources: [{ name }] }));
  const rows: [string, Catalog, Catalog, string][] = [
    [
      "a new copy of a work queue",
      queue(RetentionPolicy.WORKQUEUE),
      queue(RetentionPolicy.WORKQUEUE, {}),
      "~ stream prod_cache_copy now copies work queue prod_cache_jobs: what it has copied is deleted there",
    ],
    [
      "a copy of more of a work queue",
      queue(RetentionPolicy.WORKQUEUE, "filtered"),
      queue(RetentionPolicy.WORKQUEUE, {}),
      "~ stream prod_cache_copy now copies work queue prod_cache_jobs: what it has copied is deleted there",
    ],
    [
      "a copy of what another program may have as a work queue",
      far("other_jobs"),
      far("other_work"),
      "~ stream prod_cache_copy now copies other_work: if that is a work queue, what it has copied is deleted there",
    ],
    [
      "a new copy by a stream that keeps so many",
      variant(({ cache }) => void [cache.addStream("jobs"), cache.addStream("copy", { maxMessagesPerSubject: 1 })]),
      variant(({ cache }) => {
        const stream = cache.addStream("jobs");
        cache.addStream("copy", { maxMessagesPerSubject: 1, sources: [{ stream }] });
      }),
      "~ stream prod_cache_copy now copies prod_cache_jobs, and exists already: what it copies takes the place of what it has",
    ],
    [
      "a shorter age",
      jobs({ maxAgeSeconds: 600 }),
      jobs({ maxAgeSeconds: 300 }),
      "~ stream prod_cache_jobs: max_age is 300 seconds; before, 600 seconds: what is older is deleted",
    ],
    [
      "an age where there was none",
      jobs({}),
      jobs({ maxAgeSeconds: 300 }),
      "~ stream prod_cache_jobs: max_age is 300 seconds; before, none: what is older is deleted",
    ],
    [
      "a smaller size",
      jobs({ maxBytes: 2_000_000 }),
      jobs({ maxBytes: 1_000_000 }),
      "~ stream prod_cache_jobs: max_bytes is 1,000,000 bytes; before, 2,000,000 bytes: the oldest messages above that are",
    ],
    [
      "stricter retention",
      jobs({}),
      jobs({ retention: RetentionPolicy.INTEREST }),
      '~ stream prod_cache_jobs: retention is "interest"; before, "limits": messages that no consumer waits for are deleted',
    ],
    [
      "what the server refuses",
      jobs({}),
      jobs({ retention: RetentionPolicy.WORKQUEUE }),
      "a work queue never anything else; the server refuses that, unless it is made again, empty",
    ],
    [
      "what Terraform replaces",
      jobs({}),
      jobs({ storage: StorageType.MEMORY }),
      'storage is "memory"; before, "file": Terraform refuses that of a protected one, and otherwise makes it again, empty',
    ],
    [
      "less history",
      variant(
        ({ cache }) => void cache.addKeyValueStore("more", { history: 9, bucketResource: BucketResource.NATIVE }),
      ),
      variant(
        ({ cache }) => void cache.addKeyValueStore("more", { history: 3, bucketResource: BucketResource.NATIVE }),
      ),
      "~ key-value bucket prod_cache_more: history is 3 revisions; before, 9 revisions: the oldest revisions of each key",
    ],
    [
      "a stream that is retired, and its data kept",
      jobs({}),
      jobs({ retired: RetiredData.KEEP }),
      "- stream prod_cache_jobs removed from account PROD\n      it is retired: Terraform forgets it, and it stays on the server",
    ],
    [
      "a stream whose data was to be kept, and is to be deleted",
      jobs({ retired: RetiredData.KEEP }),
      jobs({ retired: RetiredData.DELETE }),
      "~ prod_cache_jobs is retired with its data to be deleted; before, to be kept\n      the apply destroys it, unless Terraform has forgotten it before",
    ],
    [
      "a stream that was retired",
      jobs({ retired: RetiredData.KEEP }),
      base,
      "~ prod_cache_jobs was retired and is not declared any more\n      the apply destroys it, unless Terraform has forgotten it before",
    ],
    [
      "a stream that is retired, and its data deleted",
      jobs({}),
      jobs({ retired: RetiredData.DELETE }),
      "it is retired: the apply destroys it with everything that is in it",
    ],
    [
      "a stream that is gone",
      jobs({}),
      base,
      "- stream prod_cache_jobs removed from account PROD\n      the apply destroys it with everything that is in it",
    ],
    [
      "a consumer that is gone",
      jobs({}, {}),
      jobs({}),
      "- consumer work of stream prod_cache_jobs removed, and with it how far it has come",
    ],
    [
      "a consumer that starts elsewhere",
      jobs({}, {}),
      jobs({}, { deliverPolicy: DeliverPolicy.NEW }),
      "~ consumer work of stream prod_cache_jobs: deliver_new is true; before, not set: Terraform refuses",
    ],
  ];
  test("servers by which Terraform reaches a platform", () => {
    const by = (servers: readonly string[] | undefined): Catalog => ({
      ...base,
      platforms: base.platforms.map((each) => ({ ...each, servers })),
    });
    const { status, out } = diff(by(["nats://a", "nats://b"]), by(["nats://c"]));
    expect(out).toContain("Terraform reaches platform prod by nats://c; before, by nats://a and nats://b");
    expect(out).toContain("in another cluster the apply makes everything anew, empty");
    expect([status, out.includes("Data at risk")]).toEqual([3, true]);
    expect(diff(by(["nats://a", "nats://b"]), by(["nats://b", "nats://a"])).out).toContain("Nothing differs");
    expect(diff(by(["nats://a"]), by(["nats://a", "nats://b"])).out).toContain("Nothing differs");
    expect(diff(by(undefined), by(["nats://a"])).out).not.toContain("Terraform reaches");
  });

  test.each(rows)("%s", (_, before, after, text) => {
    const { status, out } = diff(before, after);
    expect(status).toBe(3);
    expect(out.split("\n\n")[1]).toMatch(/^Data at risk\n/);
    expect(out.split("\n\n")[1]).toContain(text);
    expect(out).toMatch(/\d changes? puts? data at risk/);
  });

  test.each([
    ["a copy of a stream that keeps its messages", queue(RetentionPolicy.LIMITS), queue(RetentionPolicy.LIMITS, {})],
    ["a copy of a work queue that is as new", base, queue(RetentionPolicy.WORKQUEUE, {})],
    [
      "a copy of less of a work queue",
      queue(RetentionPolicy.WORKQUEUE, {}),
      queue(RetentionPolicy.WORKQUEUE, "filtered"),
    ],
    ["a copy of a bucket of another program", base, far("KV_other_cache")],
  ])("but not by %s, which is a change of access", (_, before, after) => {
    const { status, out } = diff(before, after);
    expect([status, out.includes("Data at risk")]).toEqual([3, false]);
  });

  test.each([
    ["a longer age", jobs({ maxAgeSeconds: 300 }), jobs({ maxAgeSeconds: 600 })],
    ["no age any more", jobs({ maxAgeSeconds: 300 }), jobs({})],
    [
      "a smaller size of a stream that takes nothing more when it is full",
      jobs({ maxBytes: 2_000_000, discard: DiscardPolicy.NEW }),
      jobs({ maxBytes: 1_000_000, discard: DiscardPolicy.NEW }),
    ],
    ["a description", jobs({}), jobs({ description: "jobs" })],
  ])("but not by %s", (_, before, after) => {
    const { status, out } = diff(before, after);
    expect([status, out.includes("Data at risk")]).toEqual([0, false]);
    expect(out).toContain("Streams and buckets");
  });
});

describe("is no more than what differs", () => {
  test("the same program twice differs in nothing", () => {
    expect(diff(base, base)).toEqual({ status: 0, out: "Nothing differs.\n", err: "" });
  });

  test("a narrower line beside a wider one gives nothing", () => {
    const { status, out } = diff(base, cachePublishes("prod.cache.one"));
    expect(status).toBe(3);
    expect(out).toBe(
      "Only lines differ that give nobody more or less.\n\nLines of permissions\n  + prod-cache publish prod.cache.one\n",
    );
  });

  test("who may use all buckets is not said to gain one that is new", () => {
    const { out } = diff(
      base,
      variant(({ convex }) => void convex.addKeyValueStore("sessions")),
    );
    const [, gained = ""] = out.split("Access gained\n");
    expect(gained.split("\n\n")[0]).not.toContain("prod-node-1");
  });

  test("other apps are not mentioned", () => {
    const { out } = diff(
      base,
      variant(({ cache }) => cache.readPlatformConfig("flags")),
    );
    expect(out.split("Findings")[0]).not.toContain("prod-convex ");
  });

  test("the order of catalogs' lists does not matter", () => {
    const turned = {
      ...base,
      accounts: [...base.accounts].reverse().map((account) => ({ ...account, users: [...account.users].reverse() })),
      resources: [...base.resources].reverse(),
    };
    expect(diff(base, turned).out).toBe("Nothing differs.\n");
    const after = variant(({ prod }) => void new AppConstruct(prod, "search"));
    expect(diff(turned, after).out.split("Beyond")[0]).toBe(diff(base, after).out.split("Beyond")[0]);
  });
});

test("what an app can call comes before where it answers", () => {
  const allowed = [
    allow("_INBOX_prod_convex.>", "", "service.reply"),
    allow("prod._.api.convex.other", "", "service.call"),
  ];
  const changed = withUser("prod-cache", (user) => ({
    ...user,
    publish: { ...user.publish, allow: [...user.publish.allow, ...allowed] },
  }));
  const [, gained = ""] = diff(base, changed).out.split("Access gained\n");
  expect(gained.split("\n\n")[0]?.split("\n")).toEqual([
    "  + prod-cache can now call prod._.api.convex.other",
    "  + prod-cache can now answer callers under _INBOX_prod_convex.>",
  ]);
});

describe("an app that becomes isolated", () => {
  const { out } = diff(
    variant(() => {}),
    variant(
      ({ cache }) => {
        cache.publishAudit();
        cache.serveApi("get");
      },
      { isolation: Isolation.ACCOUNT, liveEvents: [">"] },
    ),
  );
  const section = (title: string) => out.split(`${title}\n`)[1]?.split("\n\n")[0]?.split("\n") ?? [];

  test("has a second user, of which everything is said in one place", () => {
    const gained = section("Access gained");
    const start = gained.indexOf("  + user prod-cache-messaging (messaging) of account PROD_CACHE_MESSAGING added");
    expect(gained.slice(start + 1, start + 10)).toEqual([
      "      can write the subjects prod._.audit.cache.> of the stream prod_audit",
      "      can call prod._.api.convex.query",
      "      can receive prod._.events.> (platform events as they are published)",
      "      can answer calls of prod._.api.cache.get",
      "      can receive replies under _INBOX.>",
      "      beyond its permissions: the server drops a message of prod-convex to stream prod_audit whose Nats-Msg-Id it has used before",
      "      beyond its permissions: a message that expects a wrong last sequence of any subject of stream prod_audit is refused with the right one",
      "      beyond its permissions: it stores messages in streams of account PROD whose size is not limited",
      "  + user prod-cache-terraform (terraform) of account PROD_CACHE added",
    ]);
  });

  test("loses what the second user has now, and each of it is said once", () => {
    const lost = section("Access lost").filter((line) => line.includes("prod-cache "));
    expect(lost).toEqual([
      "  - prod-cache can no longer write the subjects prod._.audit.cache.> of the stream prod_audit",
      "  - prod-cache can no longer call prod._.api.convex.query",
      "  - prod-cache can no longer receive prod._.events.> (platform events as they are published)",
    ]);
  });

  test("has two accounts that are said with all that goes in and out", () => {
    const accounts = section("Between accounts");
    expect(accounts[0]).toBe("  ~ prod-cache moved from account PROD to PROD_CACHE");
    const start = accounts.findIndex((line) => line.startsWith("  + account PROD_CACHE added"));
    expect(accounts.slice(start)).toEqual([
      "  + account PROD_CACHE added: app cache of platform prod: its data; 2 users, with JetStream",
      "  + account PROD_CACHE_MESSAGING added: app cache of platform prod: its messages; 1 user, 3 imports, without JetStream",
      "      imports the service prod._.api.convex.query from PROD",
      "      imports the service prod._.audit.cache.> from PROD",
      "      imports the stream prod._.live.events.> from PROD as prod._.events.>",
    ]);
  });
});

describe("formats", () => {
  const after = variant(
    ({ prod, cache }) => {
      cache.readPlatformConfig("flags");
      new AppConstruct(prod, "search");
      new PlatformConstruct(prod.node.root.node.findChild("stack"), "staging", {
        servers: ["nats://h:4222"],
      });
    },
    { privateInbox: true },
  );

  test("the most important comes first", () => {
    const { out } = diff(base, after);
    const titles = out.split("\n").filter((line) => /^[A-Z][a-z ]+$/.test(line));
    expect(titles).toEqual([
      "Access gained",
      "Access lost",
      "Between accounts",
      "Beyond permissions",
      "Findings",
      "Streams and buckets",
      "Client settings",
      "Lines of permissions",
    ]);
    expect(out.split("Access gained\n")[1]).toMatch(
      /^ {2}\+ access-reader can now read the key-value bucket staging_access\n {2}\+ prod-cache can now read the key config\.flags/,
    );
    expect(out).toMatch(/^\d+ users gain access, .*\.\n/);
  });

  test("markdown has names in backticks, lists, and the lines folded", () => {
    const { status, out } = diff(base, after, "--format", "markdown");
    expect(status).toBe(3);
    expect(out).toMatch(/^### Who can reach what on NATS\n\n\d+ users gain access/);
    expect(out).toContain(
      "**Access gained**\n\n- `access-reader` can now read the key-value bucket `staging_access`\n" +
        "- `prod-cache` can now read the key `config.flags` of `prod_platform`\n",
    );
    expect(out).toContain("<details>\n<summary>Lines of permissions");
    expect(out).toContain("```diff\n");
    expect(out.trimEnd().endsWith("</details>")).toBe(true);
  });

  test("markdown shows text that is not code as it stands", () => {
    const findings: CatalogFinding[] = [{ id: "NP900", level: "error", message: "a <b> *c*_d", source: "x" }];
    const { out } = diff(base, { ...base, findings }, "--format", "markdown");
    expect(out).toContain("- new error NP900: a \\<b\\> \\*c\\*\\_d\n");
  });

  test("markdown fits into a comment", () => {
    const many = variant(({ prod }) => {
      for (let app = 0; app < 150; app++) new AppConstruct(prod, `app-${app}`);
    });
    const { out } = diff(base, many, "--format", "markdown");
    expect(out.length).toBeLessThan(65_536);
    expect(out).toContain("more");
  });

  describe("markdown is as long as it may be", () => {
    const words = "`@a` www.x.y #1 ".repeat(600);
    const findings = Array.from({ length: 30 }, (_, index): CatalogFinding => {
      return { id: "NP900", level: "warning", message: `${index} ${words}`, source: "x", acknowledged: words };
    });
    const changed = variant(({ prod }) => {
      for (let app = 0; app < 30; app++) new AppConstruct(prod, `app-${app}`);
    });
    const report = (...options: string[]) =>
      diff(base, { ...changed, findings }, "--format", "markdown", ...options).out.trimEnd();

    test.each([
      [65_536, []],
      [30_000, ["--max-characters", "30000"]],
      [10_000, ["--max-characters", "10000"]],
    ])("%i characters", (most, options) => {
      const out = report(...options);
      expect(out.length).toBeLessThanOrEqual(most);
      expect(out).toContain("**Findings**");
      expect(out.match(/^```/gm)?.length).toBe(2);
      expect(out.endsWith("```\n\n</details>")).toBe(true);
    });

    test.each(["x", "", "9999", "1e5.5"])("but not %j", (most) => {
      const { status, err } = diff(base, base, "--max-characters", most);
      expect(status).toBe(2);
      expect(err).toMatch(/no number of characters|needs a value/);
    });
  });

  test("markdown links nothing and refers to nothing", () => {
    const findings: CatalogFinding[] = [
      { id: "NP900", level: "error", message: "_www.evil.com GH-12 gh-3 @me #4 http://x", source: "x" },
    ];
    const { out } = diff(base, { ...base, findings }, "--format", "markdown");
    expect(out).not.toMatch(/www\.|GH-\d|gh-\d|@me|#4|:\/\//);
  });

  test("no line is a command of the runner of a pipeline", () => {
    const findings: CatalogFinding[] = [
      {
        id: "NP900",
        level: "error",
        message: "m",
        source: "x",
        acknowledged: "\n::error::x\n  ##[group]y ##[add-mask]z",
      },
    ];
    const user = { ...base.accounts[0]?.users[0], name: "::error::x" };
    const [account, ...others] = base.accounts;
    const accounts = [{ ...account, users: [user] }, ...others] as unknown as Catalog["accounts"];
    const { out } = diff(base, { ...base, accounts, findings });
    expect(out).toContain("::error::x");
    expect(out).toContain("add-mask]z");
    expect(out).not.toMatch(/^\s*::|##\[/m);
  });

  test("a catalog that has a user twice is none", () => {
    const [account, ...others] = base.accounts;
    const accounts = [{ ...account, users: [...(account?.users ?? []), account?.users[0]] }, ...others];
    const { status, err } = diff(base, { ...base, accounts } as unknown as Catalog);
    expect(status).toBe(2);
    expect(err).toMatch(/not a catalog, since it has prod-\S+ twice: new\.json/);
  });

  test("json has the same sentences with their users", () => {
    const { status, out } = diff(base, after, "--format", "json");
    expect(status).toBe(3);
    const report = JSON.parse(out);
    expect(report.accessChanged).toBe(true);
    expect(report.gained).toContainEqual({
      kind: "added",
      text: "prod-cache can now read the key config.flags of prod_platform",
      users: ["prod-cache"],
      access: true,
    });
    expect(Object.keys(report)).toEqual([
      "accessChanged",
      "dataAtRisk",
      "summary",
      "risks",
      "gained",
      "lost",
      "identities",
      "accounts",
      "beyond",
      "findings",
      "resources",
      "clients",
      "lines",
    ]);
  });
});

describe("copies", () => {
  const withCopy = (options: StreamOptions, filterSubjects?: string[]) =>
    variant(({ convex, cache }) => {
      convex.addStream("orders");
      cache.addConsumer("work", { stream: cache.addStream("jobs", options), filterSubjects });
    });
  const sources = (filterSubject?: string) => ({ sources: [{ name: "prod_convex_orders", filterSubject }] });

  test("that are new are named, with who reads by them", () => {
    const { out, status } = diff(withCopy({}), withCopy(sources("prod.convex.orders.new.>")));
    expect(status).toBe(3);
    expect(out).toContain("stream prod_cache_jobs now copies prod.convex.orders.new.> of prod_convex_orders");
    expect(out).toMatch(/prod-cache can now read .*prod\.convex\.orders\.new\.>/);
  });

  test("that take more are named where their origin stores more, too", () => {
    const program = (filterSubject: string, ...more: string[]) =>
      variant(({ convex, cache }) => {
        const stream = convex.addStream("orders", { subjects: ["prod.convex.orders.>", ...more] });
        cache.addConsumer("work", { stream: cache.addStream("jobs", { sources: [{ stream, filterSubject }] }) });
      });
    const before = program("prod.convex.orders.new.>");
    expect(diff(before, program("prod.convex.orders.>", "prod.convex.more")).out).toMatch(
      /prod-cache can now read .*prod\.convex\.orders\.>/,
    );
  });

  test("whose origins store more are named, with who reads them", () => {
    const program = (...subjects: string[]) =>
      variant(({ prod, cache }) => {
        const made = subjects.map((each) => `prod._.r.${each}`);
        prod.addStream("r", { subjects: made, republish: { destination: "prod._.events.p.>" } });
        cache.consumeEvents();
      });
    const { out, status } = diff(program("a"), program("a", "secret"));
    expect(status).toBe(3);
    expect(out).toMatch(/now stores prod\._\.r\.secret\n( +.*\n)*? +read.* by .*prod-cache/);
  });

  test("that take more are named", () => {
    const { out, status } = diff(withCopy(sources("prod.convex.orders.new.>")), withCopy(sources()));
    expect(status).toBe(3);
    expect(out).toContain("now copies all of prod_convex_orders and no longer copies prod.convex.orders.new.>");
    expect(out).toMatch(/prod-cache can now read the stream prod_convex_orders/);
    expect(out).not.toContain("prod_cache_jobs: source is");
  });

  test("are named by their attribute too where that says more", () => {
    const later = { sources: [{ name: "prod_convex_orders", startSequence: 7 }] };
    const { out } = diff(withCopy(sources("prod.convex.orders.new.>")), withCopy(later));
    expect(out).toContain("now copies all of prod_convex_orders");
    expect(out).toContain('prod_cache_jobs: source is [{"name":"prod_convex_orders","start_seq":7}]');
  });

  test("and what is published again, are named with who receives it", () => {
    const without = variant(() => {});
    const withAgain = variant(({ prod }) => {
      prod.audit.resource.addOverride("republish_source", ">");
      prod.audit.resource.addOverride("republish_destination", "prod.cache.log.>");
    });
    const { out, status } = diff(without, withAgain);
    expect(status).toBe(3);
    expect(out).toMatch(/Access gained\n {2}\+ prod-cache can now read .*the stream prod_audit/);
    expect(diff(withAgain, without).out).toMatch(
      /Access lost\n {2}- prod-cache can no longer read .*the stream prod_audit/,
    );
  });

  test.each([
    [
      "republish",
      { republish: { destination: "live.>", headersOnly: true } },
      { republish: { destination: "live.>" } },
    ],
  ])("and contents that were headers only are a change of access: %s", (_, before, after) => {
    expect(diff(withCopy(before), withCopy(after)).status).toBe(3);
  });

  test("and contents that a consumer delivered as headers only are a change of access", () => {
    const withConsumer = (headersOnly?: boolean) =>
      variant(({ cache }) => cache.addConsumer("work", { stream: cache.addStream("jobs"), headersOnly }));
    expect(diff(withConsumer(true), withConsumer()).status).toBe(3);
  });

  test("and rewritings, and consumers that deliver more, are named", () => {
    const subjectTransform = { source: "prod.cache.jobs.a", destination: "prod.cache.jobs.b" };
    const before = withCopy({}, ["prod.cache.jobs.a"]);
    const { out, status } = diff(before, withCopy({ subjectTransform }));
    expect(status).toBe(3);
    expect(out).toContain("stream prod_cache_jobs now stores prod.cache.jobs.a as prod.cache.jobs.b");
    expect(out).toMatch(/delivers everything; before, prod\.cache\.jobs\.a\n +fetched from by .*prod-cache/);
    expect(out).toMatch(/now stores prod\.cache\.jobs\.a as prod\.cache\.jobs\.b\n( +.*\n)*? +read.* by prod-cache/);
  });
});
