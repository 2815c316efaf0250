import * as fc from "fast-check";
import { AppConstruct, type AppConstructProps, Isolation, Monitoring, PlatformConstruct } from "../../../lib";
import { valueAt } from "../../../lib/collections/groups";
import { joinedAccounts, type StoredDocument } from "../../../lib/documents/joined-accounts";
import { documentsInStack } from "../../../lib/documents/stack-documents";
import { accountsText } from "../../../lib/server-config/accounts-text";
import { SERVERS } from "../../support/prod";
import { block, type Program, problemsIn, refusal, storageAddresses, synth, synthStacks } from "../../support/synth";

/** The program of the platform, which delegates the app `search`. */
const owner =
  (isolation: Isolation): Program =>
  (stack) => {
    const prod = new PlatformConstruct(stack, "prod", {
      servers: SERVERS,
      nodes: ["node-1"],
      monitoring: Monitoring.HISTORY,
    });
    const convex = new AppConstruct(prod, "convex");
    convex.serveApi("query");
    convex.callApi(AppConstruct.fromAppName(prod, "Search", "search"), "find");
    prod.delegateApp("search", { isolation, ...(isolation === Isolation.PERMISSIONS && { resources: ["jobs"] }) });
  };

/** The program of the app. */
const guest =
  (
    isolation: Isolation,
    more: (search: AppConstruct) => void = () => undefined,
    props: AppConstructProps = {},
  ): Program =>
  (stack) => {
    const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
      servers: SERVERS,
      delegatedApp: "search",
    });
    const search = new AppConstruct(stack, "search", { platform: prod, isolation, wal: {}, snapshots: {}, ...props });
    search.serveApi("find");
    search.callApi(AppConstruct.fromAppName(stack, "Convex", "convex", prod), "query");
    search.publishEvents("found.>");
    search.publishHealth();
    search.publishAudit();
    search.readPlatformConfig("flags");
    search.addStream("jobs");
    more(search);
  };

const documentsOf = (program: Program, origin: string): StoredDocument[] =>
  Object.values(synthStacks(program)).flatMap((stack) => documentsInStack(stack, origin));

/** What does not change from test to test is made once. */
const made = new Map<string, StoredDocument[]>();
const ofOwner = (isolation: Isolation) =>
  valueAt(made, `owner ${isolation}`, () => documentsOf(owner(isolation), "owner"));
const ofGuest = (isolation: Isolation) =>
  valueAt(made, `guest ${isolation}`, () => documentsOf(guest(isolation), "guest"));

const joined = (isolation: Isolation, program?: Program) =>
  joinedAccounts([...ofOwner(isolation), ...(program ? documentsOf(program, "guest") : ofGuest(isolation))]);

const BOTH = [[Isolation.PERMISSIONS], [Isolation.ACCOUNT]] as const;

test.each(BOTH)("the app of another program has what it declares, by documents of its own (%s)", (isolation) => {
  const { accounts, problems } = joined(isolation);
  expect(problems).toEqual([]);
  const names = accounts.map(({ name }) => name);
  const own = isolation === Isolation.ACCOUNT ? ["PROD_SEARCH"] : [];
  const messaging = isolation === Isolation.ACCOUNT ? ["PROD_SEARCH_MESSAGING"] : [];
  const all = ["PROD", "PROD_ACCESS", ...own, "PROD_SEARCH_ACCESS", ...messaging];
  expect(names).toEqual([...all, "ACCESS", "MONITOR"]);
  const users = accounts.flatMap((account) => account.users.map((user) => [account.name, user.name]));
  expect(users).toContainEqual([isolation === Isolation.ACCOUNT ? "PROD_SEARCH" : "PROD", "prod-search"]);
  expect(users).toContainEqual(["PROD_SEARCH_ACCESS", "prod-search-access-terraform"]);
  const reader = accounts.find(({ name }) => name === "ACCESS")?.users[0];
  expect(reader?.publish.map(({ text }) => text)).toContain("$JS.prod.API.STREAM.MSG.GET.KV_prod_search_access");
});

test("an isolated app of another program and apps of the platform call each other, and answer", () => {
  const { accounts } = joined(Isolation.ACCOUNT);
  const text = accountsText(accounts);
  expect(text).toContain('service: { account: "PROD", subject: "prod._.api.convex.query" }');
  expect(text).toContain('service: { account: "PROD_SEARCH_MESSAGING", subject: "prod._.api.search.find" }');
  const publishes = (name: string) =>
    accounts.flatMap(({ users }) =>
      users.filter((user) => user.name === name).flatMap((user) => user.publish.map((line) => line.text)),
    );
  expect(publishes("prod-convex")).toContain("_R_.>");
  expect(publishes("prod-search-messaging")).toContain("_R_.>");
});

test("the other program makes the bucket of its documents, as a user that reaches nothing else", () => {
  const stack = synth(guest(Isolation.PERMISSIONS));
  expect(storageAddresses(stack)).toContain("jetstream_stream.prod_search_access");
  expect(storageAddresses(stack)).not.toContain("jetstream_stream.prod_access");
  expect(stack.provider?.jetstream?.map(({ alias, user }) => `${alias} ${user}`).sort()).toEqual([
    "prod prod-search-terraform",
    "prod_search_access prod-search-access-terraform",
  ]);
  const entries = Object.values(stack.resource?.jetstream_kv_entry ?? {});
  expect(new Set(entries.map(({ bucket, provider }) => `${bucket} ${provider}`))).toEqual(
    new Set(["prod_search_access jetstream.prod_search_access"]),
  );
  expect(block(stack, "jetstream_stream.prod_search_access").provider).toBe("jetstream.prod_search_access");
});

test("the Terraform user of a delegated app in the platform's account names exactly what the app may have there", () => {
  const stack = synth(owner(Isolation.PERMISSIONS));
  const { value } = block(stack, "jetstream_kv_entry.prod_access_access_users_prod-search-terraform");
  const subjects = Object.keys(JSON.parse(String(value)).publish);
  const created = subjects.flatMap((subject) => /^\$JS\.API\.STREAM\.CREATE\.(.+)$/.exec(subject)?.[1] ?? []);
  expect(created.sort()).toEqual(
    [
      ...["KV_prod_search", "prod_search_wal", "KV_prod_search_wal", "OBJ_prod_search_wal", "prod_search_snapshots"],
      ...["KV_prod_search_snapshots", "OBJ_prod_search_snapshots"],
      ...["prod_search_jobs", "KV_prod_search_jobs", "OBJ_prod_search_jobs"],
    ].sort(),
  );
  for (const subject of subjects.filter((each) => /[*>]/.test(each)))
    expect(subject).toMatch(/prod_search|prod_events\.search/);
});

/** What documents of the app say too much, as what comes over the right ones. */
const SURPLUS: readonly [string, (documents: Map<string, { [member: string]: never }>) => void][] = (
  [
    ["publish", "$JS.API.STREAM.CREATE.KV_prod_convex"],
    ["publish", "prod.convex.>"],
    ["publish", "prod.>"],
    ["publish", ">"],
    ["publish", "$JS.API.>"],
    ["publish", "$KV.prod_platform.access.x"],
    ["publish", "$KV.prod_platform.config.>"],
    ["publish", "$KV.prod_platform.config.flags"],
    ["publish", "$KV.prod_platform.lock.*"],
    ["publish", "_INBOX_prod_convex.>"],
    ["publish", "$KV.prod_convex.>"],
    ["publish", "prod._.audit.convex.x"],
    ["publish", "$JS.API.CONSUMER.MSG.NEXT.prod_events.convex"],
    ["publish", "_INBOX_other_convex.>"],
    ["subscribe", "prod._.api.convex.query"],
    ["subscribe", "prod.convex.>"],
    ["subscribe", "_INBOX_prod_convex.>"],
    ["subscribe", "prod._.events.> prod-convex"],
    ["subscribe", "prod._.audit.>"],
    ["subscribe", "$JS.>"],
  ] as const
).map(([direction, subject]) => [
  `may ${direction} ${subject}`,
  (documents) => {
    const document = documents.get("access.users.prod-search") as never as {
      [direction: string]: { [line: string]: string };
    };
    document[direction] = { ...document[direction], [subject]: "hostile" };
  },
]);

/** The documents of the app's program after a change. */
function changed(isolation: Isolation, change: (documents: Map<string, never>) => void): StoredDocument[] {
  const all = ofGuest(isolation);
  const parsed = new Map(all.map(({ key, text }) => [key, JSON.parse(text) as never]));
  change(parsed);
  return [...parsed].map(([key, document]) => ({
    platform: "prod",
    app: "search",
    origin: "guest",
    key,
    text: JSON.stringify(document),
  }));
}

const withoutGuest = () => joinedAccounts(ofOwner(Isolation.PERMISSIONS));

test.each(SURPLUS)("a document of the app that %s is refused, and changes nobody else", (_, change) => {
  const documents = [...ofOwner(Isolation.PERMISSIONS), ...changed(Isolation.PERMISSIONS, change as never)];
  const { accounts, problems } = joinedAccounts(documents);
  expect(problems.map(({ what }) => what)).toContain(
    "user prod-search is not one that platform prod may say something of",
  );
  expect(accountsText(accounts)).not.toContain("hostile");
  expect(accountsText(accounts)).toBe(accountsText(withoutGuest().accounts));
});

test("documents of the app about anybody else are left out", () => {
  const fromOwner = ofOwner(Isolation.ACCOUNT);
  const right = accountsText(joined(Isolation.ACCOUNT).accounts);
  for (const { key, text } of fromOwner.filter((each) => !each.key.startsWith("access.stacks."))) {
    const stolen = { platform: "prod", app: "search", origin: "guest", key, text };
    const { accounts, problems } = joinedAccounts([...fromOwner, ...ofGuest(Isolation.ACCOUNT), stolen]);
    expect(problems.map(({ what }) => what)).toEqual([expect.stringMatching(/is not one that platform prod may say/)]);
    expect(accountsText(accounts)).toBe(right);
  }
});

test("an account for messages that imports or exports too much has only what is right", () => {
  const right = accountsText(joined(Isolation.ACCOUNT).accounts);
  const ways = [
    ["imports", { account: "PROD", kind: "service", subject: "$JS.API.>" }],
    ["imports", { account: "PROD", kind: "service", subject: "$JS.API.STREAM.DELETE.KV_prod_convex" }],
    ["imports", { account: "PROD", kind: "stream", subject: "prod.>" }],
    ["imports", { account: "PROD", kind: "service", subject: "$JS.API.CONSUMER.INFO.prod_events.search" }],
    [
      "imports",
      {
        account: "PROD",
        kind: "service",
        subject: "prod._.events.user.*",
        to: "prod._.outbox.events.user.*",
        offered: "prod._.events.user.*",
      },
    ],
    [
      "imports",
      {
        account: "PROD",
        kind: "service",
        subject: "prod._.audit.search.>",
        offered: "prod._.audit.>",
        manyResponses: true,
      },
    ],
    ["imports", { account: "PROD_CONVEX_MESSAGING", kind: "service", subject: "prod._.api.convex.query" }],
    ["exports", { account: "PROD_SEARCH", kind: "service", subject: "prod._.api.search.y" }],
    ["exports", { account: "PROD_CONVEX", kind: "service", subject: "prod._.api.search.y" }],
    ["exports", { account: "PROD_ACCESS", kind: "service", subject: "prod._.api.search.y" }],
    ["imports", { account: "PROD", kind: "service", subject: "prod._.audit.convex.>", offered: "prod._.audit.>" }],
    ["imports", { account: "PROD_ACCESS", kind: "service", subject: "$JS.API.STREAM.INFO.KV_prod_access" }],
    ["imports", { account: "DEV", kind: "stream", subject: "dev.>" }],
    ["imports", { account: "PROD", kind: "stream", subject: "prod._.live.events.>", to: "prod.x.>" }],
    ["exports", { account: "PROD", kind: "service", subject: "prod._.api.convex.query" }],
    ["exports", { account: "PROD", kind: "stream", subject: "prod._.events.>" }],
    ["exports", { account: "PROD_ACCESS", kind: "stream", subject: "$KV.>" }],
    ["exports", { account: "MONITOR", kind: "stream", subject: "prod.convex.health.>" }],
    ["exports", { account: "MONITOR", kind: "stream", subject: "prod._.audit.>" }],
  ] as const;
  const fromOwner = ofOwner(Isolation.ACCOUNT);
  for (const [direction, way] of ways) {
    const guests = changed(Isolation.ACCOUNT, (documents) => {
      const account = documents.get("access.accounts.PROD_SEARCH_MESSAGING") as never as { [name: string]: object };
      account[direction] = { ...account[direction], hostile: { source: "x", ...way } };
    });
    const { accounts, problems } = joinedAccounts([...fromOwner, ...guests]);
    expect({ way, problems: problems.map(({ what }) => what) }).toEqual({
      way,
      problems: ["hostile is not one that platform prod may say something of"],
    });
    expect(accountsText(accounts)).toBe(right);
  }
});

const declareAll = (calls: readonly ((app: AppConstruct) => unknown)[]) => (app: AppConstruct) => {
  for (const call of calls) call(app);
};

test.each<[string, string, Isolation, (document: { [member: string]: unknown }) => void]>([
  [
    "a user of an isolated app in the platform's account",
    "access.users.prod-search",
    Isolation.ACCOUNT,
    (document) => Object.assign(document, { account: "PROD" }),
  ],
  [
    "a mapping that is no outbox",
    "access.accounts.PROD_SEARCH_MESSAGING",
    Isolation.ACCOUNT,
    (document) => Object.assign(document, { mappings: { "prod._.api.search.y": { to: "$JS.prod.API.INFO" } } }),
  ],
  [
    "a user that may be in any queue group",
    "access.users.prod-search",
    Isolation.PERMISSIONS,
    (document) => Object.assign(document, { subscribe: { "prod._.events.>": "" } }),
  ],
  [
    "a user that answers callers and serves nothing",
    "access.users.prod-search",
    Isolation.PERMISSIONS,
    (document) => Object.assign(document, { publish: { "_INBOX.>": "" }, subscribe: {} }),
  ],
  [
    "a password of another platform",
    "access.users.prod-search",
    Isolation.PERMISSIONS,
    (document) => Object.assign(document, { credentials: "variable DEV_TERRAFORM_PASSWORD" }),
  ],
])("documents of the app with %s are refused", (_, key, isolation, change) => {
  const dev = documentsOf((stack) => new PlatformConstruct(stack, "dev", { servers: SERVERS }), "dev");
  const alone = joinedAccounts([...ofOwner(isolation), ...dev]);
  const guests = changed(isolation, (documents) => {
    const isolated = key.replace("access.users.", "access.accounts.PROD_SEARCH.users.");
    change((documents.get(key) ?? documents.get(isolated)) as never);
    for (const other of [...documents.keys()]) if (other !== key && other !== isolated) documents.delete(other);
  });
  const { accounts, problems } = joinedAccounts([...ofOwner(isolation), ...dev, ...guests]);
  expect(problems.map(({ what }) => what)).toContainEqual(
    expect.stringMatching(/prod-search|PROD_SEARCH_MESSAGING is not one/),
  );
  expect(accountsText(accounts)).toBe(accountsText(alone.accounts));
});

test("whatever an app declares is what documents of it may say", () => {
  const call = fc.constantFrom<(app: AppConstruct) => unknown>(
    (app) => app.usePlatformLocks("migration"),
    (app) => app.addLitestream({ databasePath: "/a.db" }),
    (app) => app.addKeyValueStore("sessions"),
    (app) => app.addObjectStore("uploads"),
    (app) => app.addConsumer("worker", { stream: app.wal as never }),
    (app) => app.consumeEvents({ subjects: ["user.>"] }),
    (app) => app.serveApi("admin.*", "more.>"),
    (app) => app.publishEvents("order.*.paid"),
  );
  fc.assert(
    fc.property(fc.uniqueArray(call), fc.boolean(), (calls, privateInbox) => {
      const program = guest(Isolation.PERMISSIONS, declareAll(calls), { privateInbox });
      expect(joined(Isolation.PERMISSIONS, program).problems).toEqual([]);
    }),
    { numRuns: 10, seed: Number(process.env.SAMPLE) || 1 },
  );
});

test.each<[string, Program, string]>([
  [
    "another app than the delegated one",
    (stack) => {
      const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
        servers: SERVERS,
        delegatedApp: "search",
      });
      new AppConstruct(stack, "other", { platform: prod });
    },
    '[stack/other] app is not the one that the platform delegates to this program: "other"',
  ],
  [
    "a delegated app without documents",
    (stack) => {
      PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
        servers: SERVERS,
        delegatedApp: "search",
        accessEntries: false,
      });
    },
    "[stack/prod] a delegated app has no access entries",
  ],
  [
    "delegating an app that the program declares",
    (stack) => {
      const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS });
      new AppConstruct(prod, "search");
      prod.delegateApp("search");
    },
    'an app is delegated to another program and declared in this one: "search"',
  ],
  [
    "delegating without documents",
    (stack) => new PlatformConstruct(stack, "prod", { servers: SERVERS, accessEntries: false }).delegateApp("search"),
    'an app is delegated by a platform without access entries: "search"',
  ],
  [
    "resources of an isolated app",
    (stack) =>
      new PlatformConstruct(stack, "prod", { servers: SERVERS }).delegateApp("search", {
        isolation: Isolation.ACCOUNT,
        resources: ["jobs"],
      }),
    "resources are given for an app with an account of its own",
  ],
  [
    "limits of an app in the platform's account",
    (stack) =>
      new PlatformConstruct(stack, "prod", { servers: SERVERS }).delegateApp("search", {
        jetStreamLimits: { maxStreams: 3 },
      }),
    "limits are given for an app without an account of its own",
  ],
  [
    "a consumer of the platform's events for an isolated app",
    guest(Isolation.ACCOUNT, (search) => search.consumeEvents()),
    "app has an account of its own, is delegated, and has a consumer of a stream of the platform",
  ],
])("refuses %s", (_, program, told) => {
  const problems = problemsIn(refusal(program).message ?? "");
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(told);
});
