import { TerraformStack } from "cdktf";
import { AppConstruct, BucketResource, type PlatformConstruct } from "../../../lib";
import { prodOf } from "../../support/prod";
import { synth, synthStacks } from "../../support/synth";

test.each<[shape: string, add: (prod: PlatformConstruct) => void, to: string, id: string]>([
  [
    "key-value bucket",
    (prod) => prod.addKeyValueStore("data", { adopt: true }),
    "jetstream_stream.prod_data",
    "JETSTREAM_STREAM_KV_prod_data",
  ],
  [
    "native key-value bucket",
    (prod) => prod.addKeyValueStore("data", { adopt: true, bucketResource: BucketResource.NATIVE }),
    "jetstream_kv_bucket.prod_data",
    "JETSTREAM_KV_prod_data",
  ],
  [
    "object store",
    (prod) => prod.addObjectStore("files", { adopt: true }),
    "jetstream_stream.prod_files",
    "JETSTREAM_STREAM_OBJ_prod_files",
  ],
  [
    "native object store",
    (prod) => prod.addObjectStore("files", { adopt: true, bucketResource: BucketResource.NATIVE }),
    "jetstream_obj_bucket.prod_files",
    "JETSTREAM_OBJ_prod_files",
  ],
  [
    "stream",
    (prod) => prod.addStream("jobs", { adopt: true }),
    "jetstream_stream.prod_jobs",
    "JETSTREAM_STREAM_prod_jobs",
  ],
  [
    "consumer",
    (prod) => prod.addConsumer("worker", { stream: prod.events, adopt: true }),
    "jetstream_consumer.prod_events_worker",
    "JETSTREAM_STREAM_prod_events_CONSUMER_worker",
  ],
])("a %s is adopted by an import block with the provider's id", (_shape, add, to, id) => {
  expect(synth((stack) => add(prodOf(stack))).import).toEqual([{ to, id }]);
});

test("nothing is adopted unless it is asked for", () => {
  expect(synth((stack) => prodOf(stack)).import).toBeUndefined();
});

test("adopt is inherited from the platform, but for the access documents, and can be switched off for a resource", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope, { adopt: true });
    new AppConstruct(prod, "convex", { wal: { adopt: false } });
  });
  expect(stack.import?.map(({ to }) => to)).toEqual([
    "jetstream_stream.prod_platform",
    "jetstream_stream.prod_events",
    "jetstream_stream.prod_audit",
    "jetstream_stream.prod_convex",
  ]);
});

test("an import block is in the stack of its resource", () => {
  const { stack, other } = synthStacks((scope, app) => {
    const prod = prodOf(scope);
    new AppConstruct(new TerraformStack(app, "other"), "convex", { platform: prod, adopt: true });
  });
  expect(stack?.import).toBeUndefined();
  expect(other?.import).toEqual([{ to: "jetstream_stream.prod_convex", id: "JETSTREAM_STREAM_KV_prod_convex" }]);
});
