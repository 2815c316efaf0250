import { AppConstruct, PlatformConstruct } from "../../../lib";
import { block, type Program, storageAddresses, synth } from "../../support/synth";

const program: Program = (stack) => {
  const prod = new PlatformConstruct(stack, "prod", {
    nodes: ["node-1", "node-2"],
    servers: ["nats://nats:4222"],
  });
  new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
  new AppConstruct(prod, "cache");
  new AppConstruct(prod, "api");
};

const stack = synth(program);

test("the specification's tree is four key-value buckets and that of access documents, three streams and one object store", () => {
  expect(storageAddresses(stack)).toEqual([
    "jetstream_stream.prod_access",
    "jetstream_stream.prod_api",
    "jetstream_stream.prod_audit",
    "jetstream_stream.prod_cache",
    "jetstream_stream.prod_convex",
    "jetstream_stream.prod_convex_snapshots",
    "jetstream_stream.prod_convex_wal",
    "jetstream_stream.prod_events",
    "jetstream_stream.prod_platform",
  ]);
});

test.each([
  ["jetstream_stream.prod_access", "KV_prod_access", ["$KV.prod_access.>"]],
  ["jetstream_stream.prod_api", "KV_prod_api", ["$KV.prod_api.>"]],
  ["jetstream_stream.prod_cache", "KV_prod_cache", ["$KV.prod_cache.>"]],
  ["jetstream_stream.prod_convex", "KV_prod_convex", ["$KV.prod_convex.>"]],
  ["jetstream_stream.prod_platform", "KV_prod_platform", ["$KV.prod_platform.>"]],
  ["jetstream_stream.prod_audit", "prod_audit", ["prod._.audit.>"]],
  ["jetstream_stream.prod_events", "prod_events", ["prod._.events.>"]],
  ["jetstream_stream.prod_convex_wal", "prod_convex_wal", ["prod.convex.wal.>"]],
  [
    "jetstream_stream.prod_convex_snapshots",
    "OBJ_prod_convex_snapshots",
    ["$O.prod_convex_snapshots.C.>", "$O.prod_convex_snapshots.M.>"],
  ],
])("%s has its name and subjects on the server", (address, name, subjects) => {
  const resource = block(stack, address);
  expect(resource.name).toBe(name);
  expect(resource.subjects).toEqual(subjects);
});

test.each(storageAddresses(stack))("%s is protected from destruction", (address) => {
  expect(block(stack, address).lifecycle).toEqual({ prevent_destroy: true });
});

test("only the audit stream denies purging, and of the streams that are no buckets only it denies deletion", () => {
  const denying = (what: string) => storageAddresses(stack).filter((address) => block(stack, address)[what]);
  expect(denying("deny_purge")).toEqual(["jetstream_stream.prod_audit"]);
  expect(denying("deny_delete")).toEqual(
    ["access", "api", "audit", "cache", "convex", "platform"].map((name) => `jetstream_stream.prod_${name}`),
  );
});

test("a platform and an app are called as their ids, unless they are given a name", () => {
  const names: string[][] = [];
  synth((scope) => {
    const prod = new PlatformConstruct(scope, "prod", { servers: ["nats://nats:4222"] });
    const staging = new PlatformConstruct(scope, "Second", { platformName: "staging", servers: ["nats://nats:4222"] });
    for (const app of [new AppConstruct(prod, "convex"), new AppConstruct(staging, "Cache", { appName: "cache" })]) {
      names.push([app.naming.platform, app.appName, app.keyValueStore.bucketName]);
    }
    names.push([prod.platformName, staging.platformName], prod.nodes);
  });
  expect(names).toEqual([
    ["prod", "convex", "prod_convex"],
    ["staging", "cache", "staging_cache"],
    ["prod", "staging"],
    [],
  ]);
});
