import { AppConstruct, Credentials, Isolation, jetstream, NatsClient, PlatformConstruct } from "../../../lib";
import { writtenPermissions } from "../../support/accounts-text";
import { prodOf } from "../../support/prod";
import { block, type Program, refusal, synth, synthFiles } from "../../support/synth";

const isolated = { isolation: Isolation.ACCOUNT };
const accounts = (program: Program) => synthFiles(program)["stack/accounts.conf"] ?? "";

test("an isolated app has an account, a Terraform user and a provider of its own, and its storage there", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    new AppConstruct(prod, "convex", { wal: {}, snapshots: {}, ...isolated });
    new AppConstruct(prod, "cache");
  });
  for (const address of ["jetstream_stream.prod_convex", "jetstream_stream.prod_convex_wal"]) {
    expect(block(stack, address).provider).toBe("jetstream.prod_convex");
  }
  expect(block(stack, "jetstream_stream.prod_cache").provider).toBe("jetstream.prod");
  expect(stack.provider?.jetstream).toContainEqual({
    alias: "prod_convex",
    servers: "nats://nats:4222",
    user: "prod-convex-terraform",
    password: ["${var.prod_convex_terraform", "password}"].join("_"),
  });
  expect(stack.variable?.prod_convex_terraform_password).toMatchObject({ sensitive: true });
});

test("what an app declares on the platform stays in the platform's account", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    const jobs = prod.addStream("jobs");
    const convex = new AppConstruct(prod, "convex", { ...isolated });
    convex.consumeEvents();
    convex.addConsumer("worker", { stream: jobs });
  });
  expect(block(stack, "jetstream_consumer.prod_events_convex").provider).toBe("jetstream.prod");
  expect(block(stack, "jetstream_consumer.prod_jobs_convex_worker").provider).toBe("jetstream.prod");
});

test("a platform isolates all its apps but those that say otherwise", () => {
  const text = accounts((scope) => {
    const prod = prodOf(scope, isolated);
    new AppConstruct(prod, "convex");
    new AppConstruct(prod, "cache", { isolation: Isolation.PERMISSIONS });
  });
  expect(text).toContain("PROD_CONVEX {");
  expect(text).not.toContain("PROD_CACHE {");
});

test("the platform's streams publish again what they store, where an isolated app receives it or MONITOR gets it", () => {
  const program =
    (props: object, declare: (app: AppConstruct) => void = () => undefined): Program =>
    (scope) =>
      declare(new AppConstruct(prodOf(scope), "convex", { ...props }));
  const again = (declared: Program, stream: string) =>
    block(synth(declared), `jetstream_stream.${stream}`).republish_destination;
  for (const without of [program({ liveEvents: [">"] }, (app) => app.publishAudit()), program(isolated)]) {
    expect(again(without, "prod_events")).toBeUndefined();
    expect(again(without, "prod_audit")).toBeUndefined();
  }
  const live = program({ ...isolated, liveEvents: ["order.>"] });
  expect(block(synth(live), "jetstream_stream.prod_events")).toMatchObject({
    republish_source: "prod._.events.>",
    republish_destination: "prod._.live.events.>",
  });
  expect(again(live, "prod_audit")).toBeUndefined();
  const audit = program(isolated, (app) => app.publishAudit());
  expect(again(audit, "prod_audit")).toBe("prod._.live.audit.>");
  expect(again(audit, "prod_events")).toBeUndefined();
});

/** Everything that an app can declare to do with others; each needs an account for messages. */
const DECLARATIONS: { readonly [what: string]: (app: AppConstruct) => unknown } = {
  "publishes events": (app) => app.publishEvents("user.>"),
  "consumes events": (app) => app.consumeEvents(),
  "serves an API": (app) => {
    app.serveApi("query");
    new AppConstruct(app.node.scope as PlatformConstruct, "other").callApi(app, "query");
  },
  "calls an API": (app) => {
    const other = new AppConstruct(app.node.scope as PlatformConstruct, "other");
    other.serveApi("get");
    app.callApi(other, "get");
  },
  "reads configuration": (app) => app.readPlatformConfig("flags"),
  "publishes audit messages": (app) => app.publishAudit(),
  "publishes its health": (app) => app.publishHealth(),
};

/** The text of one account in an accounts file. */
const accountOf = (text: string, name: string) =>
  new RegExp(`\\n {2}${name} \\{\\n([\\s\\S]*?)\\n {2}\\}\\n`).exec(text)?.[1];

test("an isolated app that declares nothing has one account, which imports and exports nothing", () => {
  const text = accounts((scope) => {
    const convex = new AppConstruct(prodOf(scope), "convex", { wal: {}, snapshots: {}, ...isolated });
    convex.addLitestream({ databasePath: "/data/app.db" });
  });
  expect(accountOf(text, "PROD_CONVEX")).toBeDefined();
  expect(text).not.toMatch(/PROD_CONVEX_MESSAGING/);
  expect(text).not.toMatch(/"PROD_CONVEX/);
});

test.each(Object.entries(DECLARATIONS))(
  "an isolated app that %s has a second account for it, without JetStream",
  (_, declare) => {
    const text = accounts((scope) => {
      declare(new AppConstruct(prodOf(scope), "convex", { wal: {}, snapshots: {}, ...isolated }));
    });
    const [data, messaging] = [accountOf(text, "PROD_CONVEX"), accountOf(text, "PROD_CONVEX_MESSAGING")];
    expect(data).toMatch(/jetstream: /);
    expect(data).not.toMatch(/exports: |imports: |mappings: /);
    expect(messaging).not.toMatch(/jetstream: /);
    expect(messaging).toMatch(/exports: |imports: /);
    expect(messaging).toContain('user: "prod-convex-messaging"');
  },
);

test("live events reach an isolated app as far as it declares them", () => {
  const importsWith = (liveEvents?: string[]) => {
    const text = accounts((scope) => {
      new AppConstruct(prodOf(scope), "convex", { ...isolated, liveEvents }).publishHealth();
    });
    const messaging = accountOf(text, "PROD_CONVEX_MESSAGING") ?? "";
    return [...messaging.matchAll(/stream: \{ account: "PROD", subject: "([^"]+)" \}, to: "([^"]+)"/g)].map(
      ([, subject, to]) => [subject, to],
    );
  };
  expect(importsWith()).toEqual([]);
  expect(importsWith([])).toEqual([]);
  expect(importsWith(["order.>", "order.created", "user.*"])).toEqual([
    ["prod._.live.events.order.>", "prod._.events.order.>"],
    ["prod._.live.events.user.*", "prod._.events.user.*"],
  ]);
});

test("an isolated app looks at a stream or bucket of the platform only if one of its clients must", () => {
  const looksWith = (clients: NatsClient[]) => {
    const text = accounts((scope) => {
      const convex = new AppConstruct(prodOf(scope), "convex", { ...isolated, clients });
      convex.readPlatformConfig("flags");
      convex.consumeEvents();
    });
    const messaging = accountOf(text, "PROD_CONVEX_MESSAGING") ?? "";
    return [...messaging.matchAll(/subject: "\$JS\.API\.STREAM\.INFO\.([^"]+)"/g)].map(([, stream]) => stream);
  };
  expect(looksWith([NatsClient.NATS_JS_V3])).toEqual([]);
  expect(looksWith([NatsClient.NATS_PY])).toEqual(["KV_prod_platform"]);
  expect(looksWith([NatsClient.NATS_GO]).sort()).toEqual(["KV_prod_platform", "prod_events"]);
});

test("live events of an app of the platform's account are all, or those that it declares", () => {
  const subscribesWith = (liveEvents?: string[]) => {
    const stack = synth((scope) => new AppConstruct(prodOf(scope), "convex", { liveEvents }));
    const entry = block(stack, "jetstream_kv_entry.prod_access_access_users_prod-convex").value as string;
    return Object.keys(JSON.parse(entry).subscribe).filter((subject) => /^prod\._\.events/.test(subject));
  };
  expect(subscribesWith()[0]).toBe("prod._.events.>");
  expect(subscribesWith([])).toEqual([]);
  expect(subscribesWith(["order.>"])).toEqual([
    "prod._.events.order.>",
    "prod._.events.order.> prod-convex",
    "prod._.events.order.> prod-convex.>",
  ]);
});

test("each user of an isolated app is in the plan, and so is what its accounts import", () => {
  const stack = synth((scope) => {
    const convex = new AppConstruct(prodOf(scope), "convex", { ...isolated });
    convex.consumeEvents();
  });
  const document = (address: string) =>
    JSON.parse(block(stack, `jetstream_kv_entry.prod_access_access_${address}`).value as string);
  expect(document("users_prod-convex")).toMatchObject({ account: "PROD_CONVEX" });
  expect(document("users_prod-convex-terraform")).toMatchObject({ account: "PROD_CONVEX" });
  expect(document("users_prod-convex-messaging")).toMatchObject({ account: "PROD_CONVEX_MESSAGING" });
  expect(document("accounts_PROD_CONVEX_MESSAGING").imports).toMatchObject({
    "service $JS.API.CONSUMER.MSG.NEXT.prod_events.convex from PROD": {
      account: "PROD",
      kind: "service",
      offered: "$JS.API.CONSUMER.MSG.NEXT.prod_events.*",
    },
  });
});

test("publishing leaves by an outbox, for exactly the declared subjects, those that another covers left out", () => {
  const text = accounts((scope) => {
    const convex = new AppConstruct(prodOf(scope), "convex", { ...isolated });
    convex.publishEvents("user.>", "user.created", "order.*.done");
  });
  expect(text).toContain('"prod._.events.user.>": "prod._.outbox.events.user.>"');
  expect(text).toContain('"prod._.events.order.*.done": "prod._.outbox.events.order.{{wildcard(1)}}.done"');
  expect(text).toContain(
    '{ service: { account: "PROD", subject: "prod._.events.user.>" }, to: "prod._.outbox.events.user.>" }',
  );
  expect(text).not.toContain("user.created");
});

test("the number of the platform's exports does not grow with its apps", () => {
  const exportsWith = (count: number) => {
    const text = accounts((scope) => {
      const prod = prodOf(scope, isolated);
      for (let index = 0; index < count; index++) {
        const app = new AppConstruct(prod, `app-${index}`);
        app.publishEvents(`app-${index}.>`);
        app.consumeEvents();
        app.readPlatformConfig(`app-${index}`);
      }
    });
    const [, prod = ""] = /\n {2}PROD \{\n([\s\S]*?)\n {2}\}\n/.exec(text) ?? [];
    return prod.split("\n").filter((line) => /\{ (service|stream): "/.test(line)).length;
  };
  expect(exportsWith(5)).toBe(exportsWith(2));
});

test.each([
  ["PROD", "an app of the platform's account", {}, isolated],
  ["PROD_CONVEX_MESSAGING", "an isolated app", isolated, isolated],
  ["PROD_CONVEX_MESSAGING", "an isolated app, from the platform's account", isolated, {}],
])("a call imports from %s, where %s serves", (exporter, _, server, caller) => {
  const text = accounts((scope) => {
    const prod = prodOf(scope);
    const convex = new AppConstruct(prod, "convex", { ...server });
    convex.serveApi("query");
    new AppConstruct(prod, "cache", { ...caller }).callApi(convex, "query");
  });
  expect(text).toContain(`{ service: { account: "${exporter}", subject: "prod._.api.convex.query" } }`);
  const answering = ["prod-convex", "prod-convex-messaging", "prod-cache", "prod-cache-messaging"].filter((user) =>
    writtenPermissions(text, user).publish.includes("_R_.>"),
  );
  expect(answering).toEqual([exporter === "PROD" ? "prod-convex" : "prod-convex-messaging"]);
});

test("changing the isolation changes the key of an entry that may not be replaced, so that a plan refuses it", () => {
  const entryOf = (props: object) => {
    const stack = synth((scope) => new AppConstruct(prodOf(scope), "convex", { ...props }));
    return block(stack, "jetstream_kv_entry.prod_access_access_users_prod-convex");
  };
  expect(entryOf({})).toMatchObject({ key: "access.users.prod-convex", lifecycle: { prevent_destroy: true } });
  expect(entryOf(isolated)).toMatchObject({
    key: "access.accounts.PROD_CONVEX.users.prod-convex",
    lifecycle: { prevent_destroy: true },
  });
});

test("the document of an isolated app says which domain its clients set, where it needs one", () => {
  const documentOf = (declare: (app: AppConstruct) => void) => {
    const stack = synth((scope) => declare(new AppConstruct(prodOf(scope), "convex", { ...isolated })));
    const address = "jetstream_kv_entry.prod_access_access_users_prod-convex-messaging";
    return JSON.parse(block(stack, address).value as string);
  };
  expect(documentOf((app) => app.publishHealth())).not.toHaveProperty("domain");
  expect(documentOf((app) => app.consumeEvents())).toMatchObject({ account: "PROD_CONVEX_MESSAGING", domain: "prod" });
});

test("an isolated app has nothing of the platform's account but what it imports", () => {
  const stack = synth((scope) => {
    const convex = new AppConstruct(prodOf(scope), "convex", { ...isolated });
    convex.publishEvents("user.>");
    convex.consumeEvents();
    convex.readPlatformConfig("flags");
  });
  const entry = block(stack, "jetstream_kv_entry.prod_access_access_users_prod-convex-messaging");
  const publish = Object.keys(JSON.parse(entry.value as string).publish).sort();
  const platform = publish.filter((subject) => /prod_events|prod_platform|prod\._\./.test(subject));
  expect(platform).toEqual([
    "$JS.ACK.prod_events.convex.>",
    "$JS.prod.API.CONSUMER.INFO.prod_events.convex",
    "$JS.prod.API.CONSUMER.MSG.NEXT.prod_events.convex",
    "$JS.prod.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags",
    "$JS.prod.API.STREAM.INFO.KV_prod_platform",
    "$JS.prod.API.STREAM.INFO.prod_events",
    "prod._.outbox.events.user.>",
  ]);
});

test.each([
  [
    "a platform lock",
    (scope) => new AppConstruct(prodOf(scope), "convex", { ...isolated }).usePlatformLocks("migration"),
    "takes a platform lock",
  ],
  [
    "an event that could delete those of others",
    (scope) =>
      new AppConstruct(prodOf(scope, { events: { allowRollup: true } }), "convex", { ...isolated }).publishEvents("a"),
    'publishes to a stream whose messages may roll up others: "prod_events"',
  ],
  [
    "an audit message that could delete those of others, also where it is set on the resource",
    (scope) => {
      const prod = prodOf(scope, { audit: { denyPurge: false } });
      new AppConstruct(prod, "convex", { ...isolated }).publishAudit();
      prod.audit.resource.addOverride("allow_rollup_hdrs", true);
    },
    'publishes to a stream whose messages may roll up others: "prod_audit"',
  ],
  [
    "an event that the server would take for a part of a mapping",
    (scope) => new AppConstruct(prodOf(scope), "convex", { ...isolated }).publishEvents("$1.x"),
    'event subject has a token that the server takes for a part of a mapping: "$1.x"',
  ],
  [
    "an API with a function of a mapping",
    (scope) => new AppConstruct(prodOf(scope), "convex").serveApi("{{partition(3,1)}}"),
    "API name has a token that the server takes for a part of a mapping",
  ],
  [
    "an app of a platform of another program",
    (scope) => {
      const prod = PlatformConstruct.fromPlatformName(scope, "prod", "prod", {
        owner: "github.com/acme/search",
        servers: ["nats://host:4222"],
      });
      new AppConstruct(scope, "convex", { platform: prod, ...isolated });
    },
    "its platform is declared by another program",
  ],
  [
    "a platform without servers",
    (scope) => {
      const provider = new jetstream.JetstreamProvider(scope, "nats", { servers: "nats://host:4222" });
      const prod = prodOf(scope, { servers: undefined, provider });
      new AppConstruct(prod, "convex", { ...isolated });
    },
    "which the platform's provider does not reach",
  ],
  [
    "limits without an account",
    (scope) => new AppConstruct(prodOf(scope), "convex", { accountLimits: { maxConnections: 1 } }),
    "accountLimits is given for an app without an account of its own",
  ],
  [
    "live events with what stands before them",
    (scope) => new AppConstruct(prodOf(scope), "convex", { liveEvents: ["prod._.events.order.>"] }),
    "event subject repeats what stands before it",
  ],
  [
    "live events that are no list",
    (scope) => new AppConstruct(prodOf(scope), "convex", { liveEvents: "order.>" as never }),
    'liveEvents is not a list: "order.>"',
  ],
  [
    "live events that are no subject",
    (scope) => new AppConstruct(prodOf(scope), "convex", { ...isolated, liveEvents: ["a b"] }),
    "event subject contains white space",
  ],
  [
    "credentials of a second user that an app does not have, since it is not isolated",
    (scope) => {
      const messagingCredentials = Credentials.variable("X");
      new AppConstruct(prodOf(scope), "convex", { messagingCredentials });
    },
    "messagingCredentials is given for an app without an account of its own",
  ],
  [
    "credentials of a second user that an app does not have, since it declares nothing",
    (scope) => {
      const messagingCredentials = Credentials.variable("X");
      new AppConstruct(prodOf(scope), "convex", { ...isolated, messagingCredentials });
    },
    "messagingCredentials is given for an app that exchanges no messages with others",
  ],
  [
    "an app whose name makes it the second user of another",
    (scope) => {
      const prod = prodOf(scope);
      new AppConstruct(prod, "convex", { ...isolated }).publishHealth();
      new AppConstruct(prod, "other", { appName: "convex-messaging" });
    },
    'user name is already taken by [stack/prod/convex]: "prod-convex-messaging"',
  ],
  [
    "a republish of its own",
    (scope) => {
      const prod = prodOf(scope, { events: { republish: { destination: "again.>" } } });
      new AppConstruct(prod, "convex", { ...isolated, liveEvents: [">"] });
    },
    "republish is given for a stream whose platform has apps with accounts of their own",
  ],
] as [string, Program, string][])("refuses %s", (_, program, says) => {
  expect(refusal(program).message).toContain(says);
});
