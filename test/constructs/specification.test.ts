import { AppConstruct, PlatformConstruct } from "../../lib";
import { block, type Program, storageAddresses, synth } from "../support/synth";

const program: Program = (stack) => {
  const prod = new PlatformConstruct(stack, "prod", {
    platform: "prod",
    nodes: ["node-1", "node-2"],
    servers: ["nats://nats:4222"],
  });
  new AppConstruct(prod, "convex", { app: "convex", wal: {}, snapshots: {} });
  new AppConstruct(prod, "cache", { app: "cache" });
  new AppConstruct(prod, "api", { app: "api" });
};

const stack = synth(program);

test("the specification's tree is four key-value buckets, three streams and one object store", () => {
  expect(storageAddresses(stack)).toEqual([
    "jetstream_kv_bucket.prod_api",
    "jetstream_kv_bucket.prod_cache",
    "jetstream_kv_bucket.prod_convex",
    "jetstream_kv_bucket.prod_platform",
    "jetstream_stream.prod_audit",
    "jetstream_stream.prod_convex_snapshots",
    "jetstream_stream.prod_convex_wal",
    "jetstream_stream.prod_events",
  ]);
});

test.each([
  ["jetstream_kv_bucket.prod_api", "prod_api", undefined],
  ["jetstream_kv_bucket.prod_cache", "prod_cache", undefined],
  ["jetstream_kv_bucket.prod_convex", "prod_convex", undefined],
  ["jetstream_kv_bucket.prod_platform", "prod_platform", undefined],
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

test("only the audit stream denies deletion and purging", () => {
  const denying = storageAddresses(stack).filter(
    (address) => block(stack, address).deny_delete || block(stack, address).deny_purge,
  );
  expect(denying).toEqual(["jetstream_stream.prod_audit"]);
  expect(block(stack, "jetstream_stream.prod_audit")).toMatchObject({ deny_delete: true, deny_purge: true });
});
