import { Lazy, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  AppConstruct,
  BucketResource,
  Isolation,
  jetstream,
  type KeyValueStore,
  type PlatformConstruct,
  type PlatformConstructProps,
  StorageType,
} from "../../../../lib";
import { at, prodOf, type Row, row } from "./programs";

/** An entry of a bucket, by the bucket's provider. */
function entryOf(
  scope: Construct,
  id: string,
  { bucketName, resource: { provider } }: KeyValueStore,
  key: string,
  value = "{}",
  bucket = bucketName,
): void {
  new jetstream.KvEntry(scope, id, { bucket, key, value, provider });
}

/** A platform with limits, and what an app on it has: four streams with those of the platform. */
const limited = (
  name: string,
  props: PlatformConstructProps,
  declare: (app: AppConstruct, prod: PlatformConstruct) => void,
  what: string,
  allowed: string,
  fix: string,
): Row =>
  row(
    `refuses ${name}`,
    (stack: TerraformStack) => {
      const prod = prodOf(stack, props);
      declare(new AppConstruct(prod, "convex"), prod);
    },
    [at.prod, what, allowed, fix],
  );

const nothing = () => undefined;

const storage: Row[] = [
  limited(
    "fewer streams than the program declares",
    { jetStreamLimits: { maxStreams: 3 } },
    nothing,
    "maxStreams is below what the program needs: 3",
    "4 or more: the streams and buckets",
    "Raise maxStreams",
  ),
  limited(
    "fewer consumers than the program declares of one stream",
    { jetStreamLimits: { maxConsumers: 1 } },
    (app) => {
      const stream = app.addStream("jobs");
      app.addConsumer("one", { stream });
      app.addConsumer("two", { stream });
    },
    "maxConsumers is below what the program needs: 1",
    "2 or more: the consumers that the program declares of one stream",
    "Raise maxConsumers",
  ),
  limited(
    "fewer consumers than a stream may have",
    { jetStreamLimits: { maxConsumers: 4 } },
    (app) => app.addStream("jobs", { maxConsumers: 5 }),
    "maxConsumers is below what the program needs: 4",
    "5 or more: the maxConsumers of a stream",
    "lower the maxConsumers of the stream",
  ),
  limited(
    "less room on disk than streams set aside, each replica counted",
    { jetStreamLimits: { maxFileBytes: 3_000_000 } },
    (app) => app.addStream("jobs", { maxBytes: 1_000_000, replicas: 3 }),
    "maxFileBytes is below what the program needs: 3000000",
    "3000001 or more",
    "Raise maxFileBytes, or lower maxBytes",
  ),
  limited(
    "no room on each replica for a stream without a size",
    { jetStreamLimits: { maxFileBytes: 2 }, accessEntries: false },
    (app) => app.addStream("jobs", { replicas: 3 }),
    "maxFileBytes is below what the program needs: 2",
    "3 or more: the maxBytes of all streams and buckets of the account, for each replica",
    "Raise maxFileBytes",
  ),
  limited(
    "less room on disk than buckets set aside",
    { jetStreamLimits: { maxFileBytes: 2_000_000 } },
    (app) => {
      app.addKeyValueStore("sessions", { maxBytes: 1_500_000, bucketResource: BucketResource.NATIVE });
      app.addObjectStore("uploads", { maxBytes: 1_500_000 });
    },
    "maxFileBytes is below what the program needs: 2000000",
    "3000001 or more",
    "Raise maxFileBytes",
  ),
  limited(
    "less room in memory than streams set aside",
    { jetStreamLimits: { maxMemoryBytes: 1000 } },
    (app) => app.addStream("jobs", { maxBytes: 1001, storage: StorageType.MEMORY }),
    "maxMemoryBytes is below what the program needs: 1000",
    "1001 or more",
    "Raise maxMemoryBytes",
  ),
  row(
    "refuses fewer streams than an isolated app declares",
    (stack) => {
      const limits = { isolation: Isolation.ACCOUNT, jetStreamLimits: { maxStreams: 1 } };
      new AppConstruct(prodOf(stack), "convex", { ...limits, wal: {} });
    },
    [at.convex, "maxStreams is below what the program needs: 1", "2 or more", "Raise maxStreams"],
  ),
];

const account: Row[] = [
  limited(
    "fewer connections than an apply makes",
    { accountLimits: { maxConnections: 11 } },
    (app) => {
      for (let index = 0; index < 12; index++) app.addStream(`s${index}`);
    },
    "maxConnections is below what the program needs: 11",
    "20 or more: Terraform works on 10 resources at a time",
    "Raise maxConnections, or leave it out",
  ),
  limited(
    "smaller messages than the entries of the program",
    { accountLimits: { maxPayloadBytes: 5000 } },
    (app, { keyValueStore }) => entryOf(app, "flags", keyValueStore, "config.flags", "x".repeat(10_000)),
    "maxPayloadBytes is below what the program needs: 5000",
    "10000 or more: the entry config.flags that Terraform writes",
    "Raise maxPayloadBytes",
  ),
  limited(
    "smaller messages than the metadata of a stream",
    { accountLimits: { maxPayloadBytes: 4000 }, accessEntries: false },
    (app) => app.addStream("jobs", { metadata: { note: "x".repeat(3000) } }),
    "maxPayloadBytes is below what the program needs: 4000",
    "the requests by which Terraform makes streams and consumers",
    "leave it out",
  ),
  limited(
    "smaller messages than requests of Terraform",
    { accountLimits: { maxPayloadBytes: 100 }, accessEntries: false },
    nothing,
    "maxPayloadBytes is below what the program needs: 100",
    "2048 or more: the requests by which Terraform makes streams and consumers",
    "leave it out",
  ),
];

const PLATFORM_BUCKET = "[stack/prod/KeyValueStore]";
const ACCESS_BUCKET = "[stack/prod/AccessStore]";

const buckets: Row[] = [
  row(
    "refuses smaller values than the access documents",
    (stack) => new AppConstruct(prodOf(stack, { accessStore: { maxValueBytes: 500 } }), "convex"),
    [
      ACCESS_BUCKET,
      "maxValueBytes is below what the program writes into the bucket: 500",
      "the entry access.users",
      "Raise",
    ],
  ),
  row(
    "refuses a bucket that is too small for the access documents",
    (stack) => new AppConstruct(prodOf(stack, { accessStore: { maxBytes: 1000 } }), "convex"),
    [
      ACCESS_BUCKET,
      "maxBytes is below what the program writes into the bucket: 1000",
      "entries that Terraform writes",
      "Raise",
    ],
  ),
  row(
    "refuses a bucket with room for the keys and values of its entries, but not for what else the server stores of each",
    (stack) => {
      const { keyValueStore } = prodOf(stack, { accessEntries: false, keyValueStore: { maxBytes: 1000 } });
      entryOf(
        stack,
        "flags",
        keyValueStore,
        "config.flags",
        "x".repeat(1000 - "$KV.prod_platform.config.flags".length),
      );
    },
    [
      PLATFORM_BUCKET,
      "maxBytes is below what the program writes into the bucket: 1000",
      "1030 or more",
      "Raise maxBytes or leave it out",
    ],
  ),
];

const entry = (
  name: string,
  key: string,
  what: string,
  allowed: string,
  fix: string,
  more = "config.other",
  storeOf = ({ keyValueStore }: PlatformConstruct): KeyValueStore => keyValueStore,
): Row =>
  row(
    `refuses ${name}`,
    (stack) => {
      const store = storeOf(prodOf(stack));
      entryOf(stack, "flags", store, key);
      entryOf(stack, "more", store, more);
    },
    ["[stack/", what, allowed, fix],
  );

const inStream = (name: string, bucketOf: (store: KeyValueStore) => string): Row =>
  row(
    `refuses an entry of ${name}`,
    (stack) => {
      const store = prodOf(stack).keyValueStore;
      entryOf(stack, "flags", store, "config.flags", "{}", bucketOf(store));
    },
    ["[stack/flags]", "bucket of an entry is the name of the bucket's stream", "prod_platform", "Give the bucketName"],
  );

const entries: Row[] = [
  inStream("a bucket's stream", ({ streamName }) => streamName),
  inStream("the name of a bucket's resource", ({ resource }) => (resource as jetstream.Stream).name),
  entry("an entry for all keys", "config.>", 'key is not valid: "config.>"', "letters, digits", "Change the key"),
  entry("an entry without a key", "", 'key is not valid: ""', "letters, digits", "Change the key"),
  entry(
    "a key that is known only at apply",
    Lazy.stringValue({ produce: () => "config.flags" }),
    "key of an entry is known only at apply",
    "permitted to write this key and no other",
    "Give the key itself",
  ),
  entry(
    "two entries of one key",
    "config.flags",
    'key is written by [stack/flags] too: "config.flags"',
    "each key of a bucket in one entry",
    "Remove one of the two",
    "config.flags",
  ),
  entry(
    "an entry in place of an access document",
    "access.users.prod-terraform",
    "key is written by",
    "each key of a bucket in one entry",
    "Remove one of the two",
    "config.other",
    ({ accessStore }) => accessStore as KeyValueStore,
  ),
];

export const limitRows: readonly Row[] = [...storage, ...account, ...buckets, ...entries];
