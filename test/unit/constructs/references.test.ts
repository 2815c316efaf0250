import { App, TerraformStack } from "cdktf";
import { AppConstruct, Isolation, PlatformConstruct, RetiredData, Stream } from "../../../lib";
import { writtenPermissions } from "../../support/accounts-text";
import { prodOf, SERVERS } from "../../support/prod";
import { addresses, block, type Program, refusal, synth, synthFiles } from "../../support/synth";

const accounts = (program: Program) => synthFiles(program)["stack/accounts.conf"] ?? "";

test("a reference to an app makes nothing, and knows the app's names", () => {
  const withIt = synth((stack) => {
    const convex = AppConstruct.fromAppName(prodOf(stack), "Convex", "convex");
    expect(convex).toMatchObject({ appName: "convex", accountName: "PROD" });
    expect(convex.naming.keyValueStore).toBe("prod_convex");
  });
  expect(addresses(withIt)).toEqual(addresses(synth((stack) => prodOf(stack))));
});

test("an app may call what an app of another program serves, and no more", () => {
  const text = accounts((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "cache").callApi(AppConstruct.fromAppName(stack, "Convex", "convex", prod), "query");
  });
  const without = accounts((stack) => new AppConstruct(prodOf(stack), "cache"));
  const { publish } = writtenPermissions(text, "prod-cache");
  const before = writtenPermissions(without, "prod-cache").publish;
  expect(publish.filter((each) => !before.includes(each))).toEqual(["prod._.api.convex.query"]);
});

test("an app of a platform of another program calls another one there", () => {
  const stack = synth((scope) => {
    const prod = PlatformConstruct.fromPlatformName(scope, "Prod", "prod", {
      owner: "github.com/acme/search",
      servers: SERVERS,
    });
    const cache = new AppConstruct(scope, "cache", { platform: prod });
    cache.callApi(AppConstruct.fromAppName(scope, "Convex", "convex", prod), "query");
  });
  const entry = block(stack, "jetstream_kv_entry.prod_access_access_users_prod-cache");
  expect(Object.keys(JSON.parse(String(entry.value)).publish)).toContain("prod._.api.convex.query");
});

test("an app consumes a stream of its platform that another program declares", () => {
  const stack = synth((scope) => {
    const prod = PlatformConstruct.fromPlatformName(scope, "Prod", "prod", {
      owner: "github.com/acme/search",
      servers: SERVERS,
    });
    const orders = Stream.fromStreamName(scope, "Orders", "prod_orders");
    expect(orders).toMatchObject({ streamName: "prod_orders", subjects: ["prod._.orders.>"], accountName: "PROD" });
    new AppConstruct(scope, "cache", { platform: prod }).addConsumer("worker", { stream: orders });
  });
  expect(block(stack, "jetstream_consumer.prod_orders_cache_worker")).toMatchObject({
    durable_name: "cache_worker",
    provider: "jetstream.prod",
  });
  expect(Object.keys(stack.resource?.jetstream_stream ?? {})).toEqual(["prod_cache"]);
});

test("a stream copies one that another program declares", () => {
  const stack = synth((scope) => {
    const wal = Stream.fromStreamName(scope, "Wal", "prod_convex_wal");
    expect(wal.subjects).toEqual(["prod.convex.wal.>"]);
    prodOf(scope).addStream("archive", { sources: [{ stream: wal }] });
  });
  expect(block(stack, "jetstream_stream.prod_archive").source).toEqual([{ name: "prod_convex_wal" }]);
});

test.each<[string, Program, RegExp]>([
  [
    "an app of another platform",
    (stack) => {
      const dev = PlatformConstruct.fromPlatformName(stack, "Dev", "dev");
      new AppConstruct(prodOf(stack), "cache").callApi(AppConstruct.fromAppName(dev, "Convex", "convex"), "query");
    },
    /app calls \[stack\/Dev\/Convex\], which is in the account of another platform/,
  ],
  [
    "an isolated app that calls one of another program",
    (stack) => {
      const prod = prodOf(stack);
      const cache = new AppConstruct(prod, "cache", { isolation: Isolation.ACCOUNT });
      cache.callApi(AppConstruct.fromAppName(prod, "Convex", "convex"), "query");
    },
    /app has an account of its own and calls convex \[stack\/prod\/Convex\], which another program declares/,
  ],
  [
    "an app that this program declares",
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "convex");
      AppConstruct.fromAppName(prod, "Convex", "convex");
    },
    /app is referred to by its name that this program declares \[stack\/prod\/convex\]/,
  ],
  [
    "a stream that this program declares",
    (stack) => {
      prodOf(stack).addStream("orders");
      Stream.fromStreamName(stack, "Orders", "prod_orders");
    },
    /resource is referred to by its name that this program declares \[stack\/prod\/Stream-orders\]/,
  ],
  [
    "a stream that the convention does not name",
    (stack) => Stream.fromStreamName(stack, "Orders", "ORDERS"),
    /stream is not called by the convention: "ORDERS"/,
  ],
  ["an app without a platform", (stack) => AppConstruct.fromAppName(stack, "Convex", "convex"), /app has no platform/],
  [
    "a consumer of another app's stream",
    (stack) => {
      const wal = Stream.fromStreamName(stack, "Wal", "prod_convex_wal");
      new AppConstruct(prodOf(stack), "cache").addConsumer("worker", { stream: wal });
    },
    /stream belongs to app convex of platform prod in another program: "prod_convex_wal"/,
  ],
  [
    "a stream of another platform",
    (stack) => {
      const orders = Stream.fromStreamName(stack, "Orders", "dev_orders");
      new AppConstruct(prodOf(stack), "cache").addConsumer("worker", { stream: orders });
    },
    /stream belongs to platform dev in another program: "dev_orders"/,
  ],
  [
    "a source in the account of another platform",
    (stack) =>
      prodOf(stack).addStream("copy", { sources: [{ stream: Stream.fromStreamName(stack, "X", "dev_orders") }] }),
    /stream copies one that is in the account DEV and not in PROD \[stack\/X\]/,
  ],
  [
    "a mirror in the account of the platform for an isolated app",
    (stack) => {
      const app = new AppConstruct(prodOf(stack), "cache", { isolation: Isolation.ACCOUNT });
      app.addStream("copy", { mirror: { stream: Stream.fromStreamName(stack, "X", "prod_orders") } });
    },
    /stream copies one that is in the account PROD and not in PROD_CACHE \[stack\/X\]/,
  ],
  [
    "a stream of an app that this program declares",
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "cache", { isolation: Isolation.ACCOUNT });
      prod.addStream("copy", { sources: [{ stream: Stream.fromStreamName(stack, "X", "prod_cache_jobs") }] });
    },
    /app is referred to by its name that this program declares \[stack\/prod\/cache\]/,
  ],
  [
    "a stream with too long a name",
    (stack) => Stream.fromStreamName(stack, "X", `prod_${"a".repeat(300)}`),
    /stream name has 305 characters/,
  ],
  [
    "a reference of another App, where something consumes it",
    (stack) => {
      const other = new TerraformStack(new App({ outdir: process.env.TMPDIR }), "other");
      const orders = Stream.fromStreamName(other, "Orders", "prod_orders");
      new AppConstruct(prodOf(stack), "cache").addConsumer("worker", { stream: orders });
    },
    /stream is a construct of another cdktf App: "prod_orders"/,
  ],
  [
    "a stream of another App, where something copies it",
    (stack) => {
      const other = new TerraformStack(new App({ outdir: process.env.TMPDIR }), "other");
      prodOf(stack).addStream("copy", { sources: [{ stream: prodOf(other).addStream("orders") }] });
    },
    /stream is a construct of another cdktf App: "prod_orders"/,
  ],
])("refuses %s", (_, program, message) => {
  expect(refusal(program).message).toMatch(message);
});

test("an app that is retired here may be called where another program has it now", () => {
  const text = accounts((stack) => {
    const prod = prodOf(stack);
    const old = new AppConstruct(prod, "convex", { wal: {}, retired: RetiredData.KEEP });
    new AppConstruct(prod, "cache").callApi(AppConstruct.fromAppName(prod, "Convex", "convex"), "query");
    prod.addStream("copy", { sources: [{ stream: Stream.fromStreamName(prod, "Wal", old.naming.walStream) }] });
  });
  expect(writtenPermissions(text, "prod-cache").publish).toContain("prod._.api.convex.query");
});

test.each<[string, (prod: PlatformConstruct, app: AppConstruct) => void, string]>([
  ["addStream", (_, app) => app.addStream("prod_convex_jobs"), "jobs"],
  ["addStream, twice", (_, app) => app.addStream("prod_convex_prod_convex_jobs"), "jobs"],
  ["addStream, in capitals", (_, app) => app.addStream("prod_convex_Jobs"), "jobs"],
  ["addKeyValueStore of a platform", (prod) => prod.addKeyValueStore("prod_flags"), "flags"],
  ["an app", (prod) => new AppConstruct(prod, "prod_cache"), "cache"],
  ["fromAppName", (prod) => AppConstruct.fromAppName(prod, "Cache", "prod_cache"), "cache"],
  ["consumeEvents", (_, app) => app.consumeEvents({ name: "convex_audit" }), "audit"],
  ["addConsumer", (prod, app) => app.addConsumer("convex_audit", { stream: prod.audit }), "audit"],
  ["naming of an app", (_, app) => app.naming.resource("prod_convex_jobs"), "jobs"],
  ["naming of a platform", (prod) => prod.naming.app("prod_cache"), "cache"],
])("a name that repeats what stands before it: %s", (_, declare, name) => {
  const { message } = refusal((stack) => {
    const prod = prodOf(stack);
    declare(prod, new AppConstruct(prod, "convex"));
  });
  expect(message).toMatch(/name repeats what stands before it/);
  expect(message).toContain(`Did you mean "${name}"?`);
});

test("a name that begins as that of its platform, and is a name, is one", () => {
  const names = addresses(synth((stack) => new AppConstruct(prodOf(stack), "prod-exporter")));
  expect(names).toContain("jetstream_stream.prod_prod-exporter");
});
