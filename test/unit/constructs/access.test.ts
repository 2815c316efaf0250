import { TerraformStack } from "cdktf";
import {
  AppConstruct,
  Credentials,
  Isolation,
  Monitoring,
  NatsClient,
  PlatformConstruct,
  type PlatformConstructProps,
  RetiredData,
} from "../../../lib";
import type { StackDocument } from "../../../lib/documents/schema";
import { isWhole, type KeyedText } from "../../../lib/documents/whole-stack";
import { SERVERS } from "../../support/prod";
import { addresses, type Block, block, type Program, refusal, synth, synthStacks } from "../../support/synth";

const entry = (user: string) => `jetstream_kv_entry.prod_access_access_users_${user}`;
const prodOf = (
  stack: ConstructorParameters<typeof PlatformConstruct>[0],
  rest: Partial<PlatformConstructProps> = {},
) => new PlatformConstruct(stack, "prod", { nodes: ["node-1"], servers: ["nats://host:4222"], ...rest });

interface Document {
  readonly account: string;
  readonly role: string;
  readonly inboxPrefix: string;
  readonly publish: { readonly [subject: string]: string };
  readonly subscribe: { readonly [subject: string]: string };
}

const documentOf = (program: Program, user: string): Document =>
  JSON.parse(block(synth(program), entry(user)).value as string);
const publishes = (program: Program, user: string) => Object.keys(documentOf(program, user).publish).sort();
const subscribes = (program: Program, user: string) => Object.keys(documentOf(program, user).subscribe).sort();

test("there is an entry for each user and for each account", () => {
  const stack = synth((scope) => new AppConstruct(prodOf(scope), "convex"));
  expect(addresses(stack).filter((address) => address.startsWith("jetstream_kv_entry."))).toEqual([
    "jetstream_kv_entry.prod_access_access_accounts_ACCESS",
    "jetstream_kv_entry.prod_access_access_accounts_MONITOR",
    "jetstream_kv_entry.prod_access_access_accounts_PROD",
    "jetstream_kv_entry.prod_access_access_accounts_PROD_ACCESS",
    "jetstream_kv_entry.prod_access_access_stacks_stack",
    entry("access-reader"),
    entry("monitor"),
    entry("prod-access-terraform"),
    entry("prod-convex"),
    entry("prod-node-1"),
    entry("prod-terraform"),
  ]);
  expect(block(stack, entry("prod-convex"))).toMatchObject({
    bucket: "prod_access",
    depends_on: ["jetstream_stream.prod_access", "jetstream_stream.prod_convex"],
    key: "access.users.prod-convex",
  });
});

test.each<[string, Partial<PlatformConstructProps>]>([
  ["accessStore", { accessStore: { retired: RetiredData.DELETE } }],
  ["the platform", { retired: RetiredData.DELETE }],
])("documents go with %s when it is retired, and leave their provider in each stack to remove them", (_, props) => {
  const stacks = synthStacks((scope, app) => {
    const prod = prodOf(scope, props);
    new AppConstruct(new TerraformStack(app, "other"), "convex", { platform: prod });
  });
  for (const stack of [stacks.stack, stacks.other]) {
    expect(addresses(stack ?? {}).filter((address) => address.includes("access"))).toEqual([]);
    expect(stack?.provider?.jetstream?.map(({ alias }) => alias).sort()).toEqual(["prod", "prod_access"]);
  }
});

test("each document of an app comes after the app's bucket, but those without which it cannot be made in an account of its own", () => {
  const { other = {} } = synthStacks((scope, app) => {
    const prod = prodOf(scope);
    const convex = new AppConstruct(new TerraformStack(app, "other"), "convex", {
      platform: prod,
      isolation: Isolation.ACCOUNT,
      snapshots: {},
    });
    convex.publishEvents("x");
    convex.addLitestream({ databasePath: "/a.db" });
  });
  const entries = addresses(other).filter((address) => address.startsWith("jetstream_kv_entry."));
  const ofStack = "jetstream_kv_entry.prod_access_access_stacks_other";
  const ofAccounts = `${ofStack}__accounts`;
  const accounts = ["accounts_PROD_CONVEX", "users_prod-convex-terraform"].map(
    (name) => `jetstream_kv_entry.prod_access_access_${name}`,
  );
  const others = entries.filter((each) => ![ofStack, ofAccounts, ...accounts].includes(each));
  expect(others).toHaveLength(4);
  for (const each of others) expect(block(other, each).depends_on).toEqual(["jetstream_stream.prod_convex"]);
  expect(block(other, ofStack)).toMatchObject({ depends_on: others, key: "access.stacks.other" });
  for (const each of accounts) expect(block(other, each).depends_on).toBeUndefined();
  expect(block(other, ofAccounts)).toMatchObject({ depends_on: accounts, key: "access.stacks.other/=accounts" });
});

test("each stack has a document that is written last and says which others it has, of each platform", () => {
  const { stack = {}, other = {} } = synthStacks((scope, app) => {
    const further = new TerraformStack(app, "other");
    for (const name of ["prod", "staging"]) {
      const platform = new PlatformConstruct(scope, name, { servers: SERVERS, owner: "github.com/acme/shop" });
      new AppConstruct(further, `${name}-convex`, { appName: "convex", platform });
    }
  });
  for (const [id, each] of Object.entries({ stack, other })) {
    for (const platform of ["prod", "staging"]) {
      const written = Object.values(each.resource?.jetstream_kv_entry ?? {}).filter(
        ({ bucket }) => bucket === `${platform}_access`,
      );
      const isLast = ({ key }: Block) => String(key).startsWith("access.stacks.");
      const texts = written.filter((entry) => !isLast(entry)).map(({ key, value }) => ({ key, text: value }));
      const [last, ...others] = written.filter(isLast);
      expect(others).toEqual([]);
      expect(last?.key).toBe(`access.stacks.github=2ecom/acme/shop/${id}`);
      const said = JSON.parse(String(last?.value)) as StackDocument;
      expect(said.documents).toBe(texts.length);
      expect(isWhole(texts as KeyedText[], said)).toBe(true);
      expect(isWhole(texts.slice(1) as KeyedText[], said)).toBe(false);
      for (const { text } of texts) expect(JSON.parse(String(text)).stack).toBe(`github=2ecom/acme/shop/${id}`);
      expect(last?.depends_on).toHaveLength(texts.length);
    }
  }
});

test("a platform can do without entries", () => {
  const stack = synth((scope) => new AppConstruct(prodOf(scope, { accessEntries: false }), "convex"));
  expect(addresses(stack).filter((address) => address.startsWith("jetstream_kv_entry."))).toEqual([]);
});

test("an entry in another stack names the bucket, since stacks do not refer to each other", () => {
  const stacks = synthStacks((scope, app) => {
    const prod = prodOf(scope);
    new AppConstruct(new TerraformStack(app, "other"), "convex", { platform: prod });
  });
  expect(block(stacks.other ?? {}, entry("prod-convex")).bucket).toBe("prod_access");
});

test("a changed permission is one more line of one entry, beside the digest of all", () => {
  const declare =
    (more: (app: AppConstruct) => void): Program =>
    (stack) =>
      more(new AppConstruct(prodOf(stack), "convex"));
  const before = synth(declare(() => undefined));
  const after = synth(declare((app) => app.publishEvents("user.>")));
  const changed = addresses(after).filter(
    (address) => JSON.stringify(block(before, address)) !== JSON.stringify(block(after, address)),
  );
  expect(changed).toEqual(["jetstream_kv_entry.prod_access_access_stacks_stack", entry("prod-convex")]);
  const { publish } = JSON.parse(block(after, entry("prod-convex")).value as string);
  const { publish: earlier } = JSON.parse(block(before, entry("prod-convex")).value as string);
  expect(Object.keys(publish).filter((subject) => !(subject in earlier))).toEqual(["prod._.events.user.>"]);
});

/** A subject with the queue groups in which it may be subscribed to. */
const inGroups = (subject: string, group: string) => [subject, `${subject} ${group}`, `${subject} ${group}.>`];

test("an app has the specification's lines, its part of the audit log, and no more of the platform", () => {
  const program: Program = (stack) => new AppConstruct(prodOf(stack), "convex");
  expect(publishes(program, "prod-convex").filter((subject) => !subject.startsWith("$"))).toEqual([
    "prod._.audit.convex.>",
    "prod.convex.>",
  ]);
  expect(subscribes(program, "prod-convex")).toEqual([
    "_INBOX.>",
    ...inGroups("prod._.events.>", "prod-convex"),
    ...inGroups("prod.convex.>", "prod-convex"),
  ]);
  for (const subject of publishes(program, "prod-convex").filter((each) => each.startsWith("$"))) {
    expect(subject).toMatch(/^\$JS\.API\.INFO$|prod_convex/);
  }
});

test.each([
  ["publishes events", (app) => app.publishEvents("user.>"), ["prod._.events.user.>"], []],
  ["calls an API", (app) => app.callApi(serving(app), "query"), ["prod._.api.other.query"], []],
  [
    "serves an API",
    (app) => app.serveApi("query", "admin.>"),
    ["_INBOX.>"],
    [...inGroups("prod._.api.convex.admin.>", "prod-convex"), ...inGroups("prod._.api.convex.query", "prod-convex")],
  ],
  [
    "consumes events",
    (app) => app.consumeEvents(),
    [
      "$JS.ACK.prod_events.convex.>",
      "$JS.API.CONSUMER.INFO.prod_events.convex",
      "$JS.API.CONSUMER.MSG.NEXT.prod_events.convex",
      "$JS.API.STREAM.INFO.prod_events",
    ],
    [],
  ],
  [
    "takes a platform lock",
    (app) => app.usePlatformLocks("migration"),
    [
      "$JS.API.CONSUMER.CREATE.KV_prod_platform.*.$KV.prod_platform.lock.migration",
      "$JS.API.CONSUMER.INFO.KV_prod_platform.*",
      "$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.lock.migration",
      "$JS.API.STREAM.INFO.KV_prod_platform",
      "$JS.FC.KV_prod_platform.>",
      "$KV.prod_platform.lock.migration",
    ],
    [],
  ],
  [
    "takes two platform locks and reads two keys of the configuration",
    (app) => {
      app.usePlatformLocks("migration", "report");
      app.readPlatformConfig("flags", "limits");
    },
    [
      "$JS.API.CONSUMER.CREATE.KV_prod_platform.*.$KV.prod_platform.config.flags",
      "$JS.API.CONSUMER.CREATE.KV_prod_platform.*.$KV.prod_platform.config.limits",
      "$JS.API.CONSUMER.CREATE.KV_prod_platform.*.$KV.prod_platform.lock.migration",
      "$JS.API.CONSUMER.CREATE.KV_prod_platform.*.$KV.prod_platform.lock.report",
      "$JS.API.CONSUMER.INFO.KV_prod_platform.*",
      "$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags",
      "$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.limits",
      "$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.lock.migration",
      "$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.lock.report",
      "$JS.API.STREAM.INFO.KV_prod_platform",
      "$JS.FC.KV_prod_platform.>",
      "$KV.prod_platform.lock.migration",
      "$KV.prod_platform.lock.report",
    ],
    [],
  ],
  [
    "reads platform configuration",
    (app) => app.readPlatformConfig("flags"),
    [
      "$JS.API.CONSUMER.CREATE.KV_prod_platform.*.$KV.prod_platform.config.flags",
      "$JS.API.CONSUMER.INFO.KV_prod_platform.*",
      "$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags",
      "$JS.API.STREAM.INFO.KV_prod_platform",
      "$JS.FC.KV_prod_platform.>",
    ],
    [],
  ],
] as [string, (app: AppConstruct) => void, string[], string[]][])(
  "an app that %s has exactly the lines for it",
  (_, declare, publish, subscribe) => {
    const plain: Program = (stack) => new AppConstruct(prodOf(stack), "convex");
    const program: Program = (stack) => declare(new AppConstruct(prodOf(stack), "convex"));
    const [before, after] = [plain, program].map((each) => documentOf(each, "prod-convex")) as [Document, Document];
    const news = (direction: "publish" | "subscribe") =>
      Object.keys(after[direction])
        .filter((subject) => !(subject in before[direction]))
        .sort();
    expect(news("publish")).toEqual(publish);
    expect(news("subscribe")).toEqual(subscribe);
  },
);

function serving(app: AppConstruct): AppConstruct {
  const other = new AppConstruct(app.node.scope as PlatformConstruct, "other");
  other.serveApi("query");
  return other;
}

test("who serves an API may answer its callers' private inboxes, and those of nodes, and no other", () => {
  const program: Program = (stack) => {
    const prod = prodOf(stack, { privateInbox: true });
    const convex = new AppConstruct(prod, "convex");
    convex.serveApi("query");
    new AppConstruct(prod, "cache").callApi(convex, "query");
    new AppConstruct(prod, "api");
  };
  const inboxes = publishes(program, "prod-convex").filter((subject) => subject.startsWith("_INBOX"));
  expect(inboxes).toEqual(["_INBOX_prod_cache.>", "_INBOX_prod_node-1.>"]);
  expect(subscribes(program, "prod-cache")).toContain("_INBOX_prod_cache.>");
  expect(subscribes(program, "prod-cache")).not.toContain("_INBOX.>");
  expect(documentOf(program, "prod-cache").inboxPrefix).toBe("_INBOX_prod_cache");
});

test("nodes may answer the private inboxes of all users of the account", () => {
  const program: Program = (stack) =>
    new AppConstruct(prodOf(stack, { privateInbox: true, nodes: ["node-1", "node-2"] }), "cache");
  for (const node of ["prod-node-1", "prod-node-2"]) {
    const inboxes = publishes(program, node).filter((subject) => subject.startsWith("_INBOX"));
    expect(inboxes).toEqual(["_INBOX_prod_cache.>", "_INBOX_prod_node-1.>", "_INBOX_prod_node-2.>"]);
  }
});

test.each([
  [Monitoring.LIVE, "_INBOX"],
  [Monitoring.HISTORY, "_INBOX_monitor"],
])("with the monitoring %s the user of MONITOR has the inbox %s", (monitoring, inbox) => {
  expect(documentOf((stack) => prodOf(stack, { monitoring }), "monitor").inboxPrefix).toBe(inbox);
});

test("the Terraform user keeps the inbox that its provider cannot change", () => {
  const program: Program = (stack) => prodOf(stack, { privateInbox: true });
  expect(subscribes(program, "prod-terraform")).toEqual(["_INBOX.>"]);
});

test("fewer clients are fewer lines, and never more", () => {
  const lines = (clients?: NatsClient[]) =>
    publishes((stack) => new AppConstruct(prodOf(stack), "convex", { wal: {}, clients }), "prod-convex");
  const all = lines();
  for (const client of Object.values(NatsClient)) {
    const some = lines([client]);
    expect(all).toEqual(expect.arrayContaining(some));
    expect(some.length).toBeLessThan(all.length);
  }
  expect(lines(Object.values(NatsClient))).toEqual(all);
});

test("Litestream is a user of its own, with the nine lines for its store and the default inbox", () => {
  const program: Program = (stack) => {
    const convex = new AppConstruct(prodOf(stack, { privateInbox: true }), "convex", { snapshots: {} });
    convex.addLitestream({ databasePath: "/data/app.db" });
  };
  const document = documentOf(program, "prod-convex-litestream");
  expect(document.role).toBe("litestream");
  expect(Object.keys(document.publish)).toHaveLength(8);
  for (const subject of Object.keys(document.publish)) expect(subject).toContain("prod_convex_snapshots");
  expect(Object.keys(document.subscribe)).toEqual(["_INBOX.>"]);
});

test("Litestream's configuration names its user and store, and the password by its variable", () => {
  let config = "";
  synth((stack) => {
    const convex = new AppConstruct(prodOf(stack), "convex", { snapshots: {} });
    config = convex.addLitestream({ databasePath: "/data/app.db", syncIntervalSeconds: 5 }).config;
  });
  expect(config).toBe(`dbs:
  - path: /data/app.db
    replica:
      type: nats
      url: nats://host:4222/prod_convex_snapshots
      username: prod-convex-litestream
      password: $PROD_CONVEX_LITESTREAM_PASSWORD
      path: convex
      sync-interval: 5s
`);
});

test("Litestream replicates several databases of an app as one user, which may write to their stores only", () => {
  const configs: string[] = [];
  const program: Program = (stack) => {
    const convex = new AppConstruct(prodOf(stack), "convex", { snapshots: {} });
    const credentials = Credentials.variable("LITESTREAM_PASSWORD");
    const objectStore = convex.addObjectStore("replicas");
    configs.push(
      convex.addLitestream({ databasePath: "/data/app.db", credentials }).config,
      convex.addLitestream({ databasePath: "/data/log.db", replicaPath: "log" }).config,
      convex.addLitestream({ databasePath: "/data/more.db", objectStore, credentials }).config,
    );
  };
  const { publish } = documentOf(program, "prod-convex-litestream");
  const stores = Object.keys(publish).map((subject) => /OBJ_\w+|\$O\.\w+/.exec(subject)?.[0]?.slice(-9));
  expect(stores.sort()).toEqual([...Array(8).fill("_replicas"), ...Array(8).fill("snapshots")]);
  const replicas = configs.map((config) => /url: (.*)\n[\s\S]*path: (.*)/.exec(config)?.slice(1));
  expect(replicas).toEqual([
    ["nats://host:4222/prod_convex_snapshots", "convex"],
    ["nats://host:4222/prod_convex_snapshots", "log"],
    ["nats://host:4222/prod_convex_replicas", "convex"],
  ]);
});

const twice = (first: object, second: object) => (app: AppConstruct) => {
  const objectStore = app.addObjectStore("replicas");
  for (const each of [first, second]) app.addLitestream({ databasePath: "/a.db", objectStore, ...each });
};

test("the audit history is a durable consumer, its exchange and the lines of MONITOR", () => {
  const program: Program = (stack) => prodOf(stack, { monitoring: Monitoring.HISTORY });
  const stack = synth(program);
  expect(block(stack, "jetstream_consumer.prod_audit_monitor")).toMatchObject({ durable_name: "monitor" });
  expect(publishes(program, "monitor")).toEqual([
    "$JS.ACK.prod_audit.monitor.>",
    "$JS.prod.API.CONSUMER.INFO.prod_audit.monitor",
    "$JS.prod.API.CONSUMER.MSG.NEXT.prod_audit.monitor",
    "$JS.prod.API.STREAM.INFO.prod_audit",
  ]);
  const imports = JSON.parse(block(stack, "jetstream_kv_entry.prod_access_access_accounts_MONITOR").value as string);
  expect(imports.imports).toMatchObject({
    "service $JS.API.CONSUMER.MSG.NEXT.prod_audit.monitor from PROD": {
      account: "PROD",
      kind: "service",
      subject: "$JS.API.CONSUMER.MSG.NEXT.prod_audit.monitor",
      to: "$JS.prod.API.CONSUMER.MSG.NEXT.prod_audit.monitor",
    },
    "service $JS.ACK.prod_audit.monitor.> from PROD": { account: "PROD", kind: "service" },
    "stream prod._.audit.> from PROD": { account: "PROD", kind: "stream", subject: "prod._.audit.>" },
  });
});

test.each([
  ["a call of what is not served", (app) => app.callApi(serving(app), "other"), "does not serve"],
  ["an API name with white space", (app) => app.serveApi("a b"), "API name contains white space"],
  [
    "an event subject with an empty token",
    (app) => app.publishEvents("user..created"),
    "event subject has an empty token",
  ],
  ["a lock that is no key", (app) => app.usePlatformLocks("a b"), 'key is not valid: "a b"'],
  [
    "Litestream without a store",
    (app) => app.addLitestream({ databasePath: "/a.db" }),
    "Litestream has no object store",
  ],
  [
    "two databases in one place",
    twice({}, {}),
    'Litestream replica name is already taken by [stack/prod/convex/Litestream]: "prod_convex_replicas/convex"',
  ],
  [
    "another password for another database",
    twice({}, { replicaPath: "b", credentials: Credentials.variable("B") }),
    "the user prod-convex-litestream is given other credentials than for the app's first database",
  ],
  [
    "events consumers of one name",
    (app) => [app.consumeEvents(), app.consumeEvents()],
    "consumer name is already taken",
  ],
] as [string, (app: AppConstruct) => void, string][])("refuses %s", (_, declare, says) => {
  const { message } = refusal((stack) => declare(new AppConstruct(prodOf(stack), "convex")));
  expect(message).toContain(says);
});

test.each([
  ["an empty list of clients", { clients: [] }, "clients is empty"],
  ["an unknown client", { clients: ["nats.zig" as never] }, 'clients[0] is not known: "nats.zig"'],
  ["a client that does not exist", { clients: [undefined as never] }, "clients[0] is missing"],
])("refuses %s", (_, props, says) => {
  const { message } = refusal((stack) => new AppConstruct(prodOf(stack), "convex", { ...props }));
  expect(message).toContain(says);
});

test("refuses a call into the account of another platform", () => {
  const { message } = refusal((stack) => {
    const staging = new PlatformConstruct(stack, "staging", {
      servers: ["nats://host:4222"],
    });
    const other = new AppConstruct(staging, "convex");
    other.serveApi("query");
    new AppConstruct(prodOf(stack), "cache").callApi(other, "query");
  });
  expect(message).toContain("app calls [stack/staging/convex], which is in the account of another platform");
});
