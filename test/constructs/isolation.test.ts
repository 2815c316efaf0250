import { AppConstruct, Isolation, jetstream, PlatformConstruct, type PlatformProps } from "../../lib";
import { block, type Program, refusal, synth, synthFiles } from "../support/synth";

const prodOf = (stack: ConstructorParameters<typeof PlatformConstruct>[0], rest: Partial<PlatformProps> = {}) =>
  new PlatformConstruct(stack, "prod", { platform: "prod", nodes: [], servers: ["nats://host:4222"], ...rest });
const isolated = { isolation: Isolation.ACCOUNT };
const accounts = (program: Program) => synthFiles(program)["stack/accounts.conf"] ?? "";

test("an isolated app has an account, a Terraform user and a provider of its own, and its storage there", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    new AppConstruct(prod, "convex", { app: "convex", wal: {}, snapshots: {}, ...isolated });
    new AppConstruct(prod, "cache", { app: "cache" });
  });
  for (const address of ["jetstream_stream.prod_convex", "jetstream_stream.prod_convex_wal"]) {
    expect(block(stack, address).provider).toBe("jetstream.prod_convex");
  }
  expect(block(stack, "jetstream_stream.prod_cache").provider).toBe("jetstream");
  expect(stack.provider?.jetstream).toContainEqual({
    alias: "prod_convex",
    servers: "nats://host:4222",
    user: "prod-convex-terraform",
    password: ["${var.prod_convex_terraform", "password}"].join("_"),
  });
  expect(stack.variable?.prod_convex_terraform_password).toMatchObject({ sensitive: true });
});

test("what an app declares on the platform stays in the platform's account", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    const jobs = prod.addStream("jobs");
    const convex = new AppConstruct(prod, "convex", { app: "convex", ...isolated });
    convex.consumeEvents();
    convex.addConsumer("worker", { stream: jobs });
  });
  expect(block(stack, "jetstream_consumer.prod_events_convex").provider).toBe("jetstream");
  expect(block(stack, "jetstream_consumer.prod_jobs_convex_worker").provider).toBe("jetstream");
});

test("a platform isolates all its apps but those that say otherwise", () => {
  const text = accounts((scope) => {
    const prod = prodOf(scope, isolated);
    new AppConstruct(prod, "convex", { app: "convex" });
    new AppConstruct(prod, "cache", { app: "cache", isolation: Isolation.PERMISSIONS });
  });
  expect(text).toContain("PROD_CONVEX {");
  expect(text).not.toContain("PROD_CACHE {");
});

test("the platform's streams publish again what they store, as soon as one app is isolated", () => {
  const program =
    (props: object): Program =>
    (scope) =>
      new AppConstruct(prodOf(scope), "convex", { app: "convex", ...props });
  const [without, having] = [synth(program({})), synth(program(isolated))];
  expect(block(without, "jetstream_stream.prod_events")).not.toHaveProperty("republish_destination");
  expect(block(having, "jetstream_stream.prod_events")).toMatchObject({
    republish_source: "prod._.events.>",
    republish_destination: "prod._.live.events.>",
  });
  expect(block(having, "jetstream_stream.prod_audit").republish_destination).toBe("prod._.live.audit.>");
});

test("publishing leaves by an outbox, for exactly the declared subjects, those that another covers left out", () => {
  const text = accounts((scope) => {
    const convex = new AppConstruct(prodOf(scope), "convex", { app: "convex", ...isolated });
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
        const app = new AppConstruct(prod, `app-${index}`, { app: `app-${index}` });
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
  ["PROD_CONVEX", "an isolated app", isolated, isolated],
  ["PROD_CONVEX", "an isolated app, from the platform's account", isolated, {}],
])("a call imports from %s, where %s serves", (exporter, _, server, caller) => {
  const text = accounts((scope) => {
    const prod = prodOf(scope);
    const convex = new AppConstruct(prod, "convex", { app: "convex", ...server });
    convex.serveApi("query");
    new AppConstruct(prod, "cache", { app: "cache", ...caller }).callApi(convex, "query");
  });
  expect(text).toContain(`{ service: { account: "${exporter}", subject: "prod._.api.convex.query" } }`);
  const [, permissions = ""] = /PROD_CONVEX_ONLY = \{([\s\S]*?)\n {4}\}/.exec(text) ?? [];
  expect(permissions).toContain('"_R_.>"');
});

test("changing the isolation changes the key of an entry that may not be replaced, so that a plan refuses it", () => {
  const entryOf = (props: object) => {
    const stack = synth((scope) => new AppConstruct(prodOf(scope), "convex", { app: "convex", ...props }));
    return block(stack, "jetstream_kv_entry.prod_platform_access_users_prod-convex");
  };
  expect(entryOf({})).toMatchObject({ key: "access.users.prod-convex", lifecycle: { prevent_destroy: true } });
  expect(entryOf(isolated)).toMatchObject({
    key: "access.accounts.PROD_CONVEX.users.prod-convex",
    lifecycle: { prevent_destroy: true },
  });
});

test("the document of an isolated app says which domain its clients set, where it needs one", () => {
  const documentOf = (declare: (app: AppConstruct) => void) => {
    const stack = synth((scope) => declare(new AppConstruct(prodOf(scope), "convex", { app: "convex", ...isolated })));
    return JSON.parse(block(stack, "jetstream_kv_entry.prod_platform_access_users_prod-convex").value as string);
  };
  expect(documentOf(() => undefined)).not.toHaveProperty("domain");
  expect(documentOf((app) => app.consumeEvents())).toMatchObject({ account: "PROD_CONVEX", domain: "prod" });
});

test("an isolated app has nothing of the platform's account but what it imports", () => {
  const stack = synth((scope) => {
    const convex = new AppConstruct(prodOf(scope), "convex", { app: "convex", ...isolated });
    convex.publishEvents("user.>");
    convex.consumeEvents();
    convex.readPlatformConfig("flags");
  });
  const entry = block(stack, "jetstream_kv_entry.prod_platform_access_users_prod-convex");
  const publish = Object.keys(JSON.parse(entry.value as string).publish);
  const platform = publish.filter((subject) => /prod_events|prod_platform|prod\._\.events/.test(subject));
  expect(platform).toEqual([
    "$JS.ACK.prod_events.convex.>",
    "$JS.prod.API.CONSUMER.INFO.prod_events.convex",
    "$JS.prod.API.CONSUMER.MSG.NEXT.prod_events.convex",
    "$JS.prod.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags",
    "$JS.prod.API.STREAM.INFO.KV_prod_platform",
  ]);
});

test.each([
  [
    "a platform lock",
    (scope) => new AppConstruct(prodOf(scope), "convex", { app: "convex", ...isolated }).usePlatformLock("migration"),
    "takes a platform lock",
  ],
  [
    "an app of a platform of another program",
    (scope) => {
      const prod = PlatformConstruct.fromPlatformName(scope, "prod", "prod", { servers: ["nats://host:4222"] });
      new AppConstruct(scope, "convex", { app: "convex", platform: prod, ...isolated });
    },
    "its platform is declared by another program",
  ],
  [
    "a platform without servers",
    (scope) => {
      const provider = new jetstream.JetstreamProvider(scope, "nats", { servers: "nats://host:4222" });
      const prod = prodOf(scope, { servers: undefined, provider });
      new AppConstruct(prod, "convex", { app: "convex", ...isolated });
    },
    "which the platform's provider does not reach",
  ],
  [
    "limits without an account",
    (scope) => new AppConstruct(prodOf(scope), "convex", { app: "convex", accountLimits: { maxConnections: 1 } }),
    "accountLimits is given for an app without an account of its own",
  ],
  [
    "events that overlap in part, which would be stored twice",
    (scope) => {
      const convex = new AppConstruct(prodOf(scope), "convex", { app: "convex", ...isolated });
      convex.publishEvents("user.*", "*.created");
    },
    "import overlaps with that of prod._.outbox.events.*.created",
  ],
  [
    "a republish of its own",
    (scope) => {
      const prod = prodOf(scope, { events: { republish: { destination: "again.>" } } });
      new AppConstruct(prod, "convex", { app: "convex", ...isolated });
    },
    "republish is given for a stream whose platform has apps with accounts of their own",
  ],
] as [string, Program, string][])("refuses %s", (_, program, says) => {
  expect(refusal(program).message).toContain(says);
});
