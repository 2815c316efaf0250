import { AppConstruct, Isolation, PlatformConstruct, Stream } from "../../../lib";
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
    const prod = PlatformConstruct.fromPlatformName(scope, "Prod", "prod", { servers: SERVERS });
    const cache = new AppConstruct(scope, "cache", { platform: prod });
    cache.callApi(AppConstruct.fromAppName(scope, "Convex", "convex", prod), "query");
  });
  const entry = block(stack, "jetstream_kv_entry.prod_platform_access_users_prod-cache");
  expect(Object.keys(JSON.parse(String(entry.value)).publish)).toContain("prod._.api.convex.query");
});

test("an app consumes a stream of its platform that another program declares", () => {
  const stack = synth((scope) => {
    const prod = PlatformConstruct.fromPlatformName(scope, "Prod", "prod", { servers: SERVERS });
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
    /stream belongs to \[stack\/Wal\]/,
  ],
  [
    "a stream of another platform",
    (stack) => {
      const orders = Stream.fromStreamName(stack, "Orders", "dev_orders");
      new AppConstruct(prodOf(stack), "cache").addConsumer("worker", { stream: orders });
    },
    /stream belongs to \[stack\/Orders\]/,
  ],
])("refuses %s", (_, program, message) => {
  expect(refusal(program).message).toMatch(message);
});
