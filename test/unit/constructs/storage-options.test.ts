import {
  BucketResource,
  Compression,
  DiscardPolicy,
  type IStream,
  type KeyValueStoreOptions,
  type ObjectStoreOptions,
  PlatformConstruct,
  RetentionPolicy,
  StorageType,
  type StreamOptions,
} from "../../../lib";
import { type Block, block, synth } from "../../support/synth";

type Expected = { readonly [attribute: string]: unknown };
type Table<T> = [options: T, changes: Expected][];

/** The attributes of a resource that is added to the platform `prod`. */
function attributes(address: string, add: (prod: PlatformConstruct) => void): Block {
  return block(
    synth((stack) => {
      add(new PlatformConstruct(stack, "prod", { servers: ["nats://nats:4222"] }));
    }),
    address,
  );
}

/** Holds the attributes with an option against those without, so that an option changes nothing else. */
function expectChanges<T>(make: (options: T) => Block, none: T, options: T, changes: Expected): void {
  const expected: { [attribute: string]: unknown } = { ...make(none), ...changes };
  for (const [name, value] of Object.entries(expected)) if (value === undefined) delete expected[name];
  expect(make(options)).toEqual(expected);
}

/** Options that every stream and bucket has, under the same attributes. */
const COMMON: Table<StreamOptions> = [
  [{ description: "for tests" }, { description: "for tests" }],
  [{ replicas: 3 }, { replicas: 3 }],
  [{ storage: StorageType.MEMORY }, { storage: "memory" }],
  [{ placement: { cluster: "east" } }, { placement_cluster: "east" }],
  [{ placement: { cluster: "east", tags: ["ssd"] } }, { placement_cluster: "east", placement_tags: ["ssd"] }],
  [{ preventDestroy: false }, { lifecycle: undefined }],
  [{ preventDestroy: true }, {}],
  [{ adopt: true }, {}],
];

const base = { lifecycle: { prevent_destroy: true }, provider: "jetstream.prod" };

describe("a key-value bucket", () => {
  const streamShape = (options: KeyValueStoreOptions) =>
    attributes("jetstream_stream.prod_data", (prod) => prod.addKeyValueStore("data", options));
  const native = (options: KeyValueStoreOptions) =>
    attributes("jetstream_kv_bucket.prod_data", (prod) => prod.addKeyValueStore("data", options));
  const NATIVE: KeyValueStoreOptions = { bucketResource: BucketResource.NATIVE };

  test("is a stream as the server makes it of a bucket, with one revision and a marker for expired keys", () => {
    expect(streamShape({})).toEqual({
      ...base,
      name: "KV_prod_data",
      subjects: ["$KV.prod_data.>"],
      max_msgs_per_subject: 1,
      allow_msg_ttl: true,
      subject_delete_marker_ttl: 5,
      allow_direct: true,
      allow_rollup_hdrs: true,
      deny_delete: true,
      discard: "new",
    });
    expect(streamShape({ bucketResource: BucketResource.STREAM })).toEqual(streamShape({}));
  });

  test("can be a jetstream_kv_bucket", () => {
    expect(native(NATIVE)).toEqual({ ...base, name: "prod_data", history: 1, limit_marker_ttl: 5 });
  });

  test.each<[KeyValueStoreOptions, native: Expected, stream: Expected]>([
    ...COMMON.map(([options, changes]): [KeyValueStoreOptions, Expected, Expected] => [options, changes, changes]),
    [{ history: 5 }, { history: 5 }, { max_msgs_per_subject: 5 }],
    [{ ttlSeconds: 3600 }, { ttl: 3600 }, { max_age: 3600 }],
    [{ ttlSeconds: 60 }, { ttl: 60 }, { max_age: 60, duplicate_window: 60 }],
    [{ maxBytes: 1024 }, { max_bucket_size: 1024 }, { max_bytes: 1024 }],
    [{ maxValueBytes: 512 }, { max_value_size: 512 }, { max_msg_size: 512 }],
    [{ limitMarkerTtlSeconds: 30 }, { limit_marker_ttl: 30 }, { subject_delete_marker_ttl: 30 }],
    [
      { limitMarkerTtlSeconds: 0 },
      { limit_marker_ttl: undefined },
      { subject_delete_marker_ttl: undefined, allow_msg_ttl: undefined },
    ],
  ])("with %j", (options, nativeChanges, streamChanges) => {
    expectChanges(native, NATIVE, { ...NATIVE, ...options }, nativeChanges);
    expectChanges(streamShape, {}, options, streamChanges);
  });
});

describe("an object store", () => {
  const streamShape = (options: ObjectStoreOptions) =>
    attributes("jetstream_stream.prod_files", (prod) => prod.addObjectStore("files", options));
  const native = (options: ObjectStoreOptions) =>
    attributes("jetstream_obj_bucket.prod_files", (prod) => prod.addObjectStore("files", options));
  const NATIVE: ObjectStoreOptions = { bucketResource: BucketResource.NATIVE };

  test("is a stream as the server makes it of an object store", () => {
    expect(streamShape({})).toEqual({
      ...base,
      name: "OBJ_prod_files",
      subjects: ["$O.prod_files.C.>", "$O.prod_files.M.>"],
      allow_direct: true,
      allow_rollup_hdrs: true,
      discard: "new",
    });
    expect(streamShape({ bucketResource: BucketResource.STREAM })).toEqual(streamShape({}));
  });

  test("can be a jetstream_obj_bucket", () => {
    expect(native(NATIVE)).toEqual({ ...base, name: "prod_files" });
  });

  test.each<[ObjectStoreOptions, stream: Expected, native: Expected]>([
    ...COMMON.map(([options, changes]): [ObjectStoreOptions, Expected, Expected] => [
      options as ObjectStoreOptions,
      changes,
      changes,
    ]),
    [{ ttlSeconds: 3600 }, { max_age: 3600 }, { ttl: 3600 }],
    [{ ttlSeconds: 60 }, { max_age: 60, duplicate_window: 60 }, { ttl: 60 }],
    [{ maxBytes: 1024 }, { max_bytes: 1024 }, { max_bucket_size: 1024 }],
    [{ compression: Compression.S2 }, { compression: "s2" }, { compression: true }],
    [{ compression: Compression.NONE }, {}, { compression: false }],
  ])("with %j", (options, streamChanges, nativeChanges) => {
    expectChanges(streamShape, {}, options, streamChanges);
    expectChanges(native, NATIVE, { ...NATIVE, ...options }, nativeChanges);
  });
});

describe("a stream", () => {
  const stream = (options: StreamOptions) =>
    attributes("jetstream_stream.prod_jobs", (prod) => prod.addStream("jobs", options));
  const mirrored = { subjects: undefined, duplicate_window: 0, mirror_direct: true };
  const events = { name: "prod_events" };

  test("is on the subjects of its name, with the provider's values for the rest", () => {
    expect(stream({})).toEqual({ ...base, name: "prod_jobs", subjects: ["prod._.jobs.>"] });
  });

  test.each<[StreamOptions, Expected]>([
    ...COMMON,
    [{ subjects: ["prod._.a", "prod.*.b.>"] }, { subjects: ["prod._.a", "prod.*.b.>"] }],
    [{ retention: RetentionPolicy.INTEREST }, { retention: "interest" }],
    [{ retention: RetentionPolicy.WORKQUEUE }, { retention: "workqueue" }],
    [{ retention: RetentionPolicy.LIMITS }, { retention: "limits" }],
    [{ maxAgeSeconds: 3600 }, { max_age: 3600 }],
    [{ maxAgeSeconds: 120 }, { max_age: 120 }],
    [{ maxAgeSeconds: 60 }, { max_age: 60, duplicate_window: 60 }],
    [
      { maxAgeSeconds: 60, duplicateWindowSeconds: 10 },
      { max_age: 60, duplicate_window: 10 },
    ],
    [{ duplicateWindowSeconds: 300 }, { duplicate_window: 300 }],
    [{ maxBytes: 1024 }, { max_bytes: 1024 }],
    [{ maxMessages: 10 }, { max_msgs: 10 }],
    [{ maxMessagesPerSubject: 2 }, { max_msgs_per_subject: 2 }],
    [{ maxMessageBytes: 512 }, { max_msg_size: 512 }],
    [{ maxConsumers: 4 }, { max_consumers: 4 }],
    [{ discard: DiscardPolicy.NEW }, { discard: "new" }],
    [
      { discardNewPerSubject: true, discard: DiscardPolicy.NEW, maxMessagesPerSubject: 1 },
      { discard_new_per_subject: true, discard: "new", max_msgs_per_subject: 1 },
    ],
    [{ compression: Compression.S2 }, { compression: "s2" }],
    [{ denyDelete: true }, { deny_delete: true }],
    [{ denyPurge: true }, { deny_purge: true }],
    [{ allowRollup: true }, { allow_rollup_hdrs: true }],
    [{ allowMessageTtl: true }, { allow_msg_ttl: true }],
    [{ republish: { destination: "live.>" } }, { republish_source: ">", republish_destination: "live.>" }],
    [
      { republish: { source: "prod._.jobs.a", destination: "live", headersOnly: true } },
      { republish_source: "prod._.jobs.a", republish_destination: "live", republish_headers_only: true },
    ],
    [{ mirror: events }, { ...mirrored, mirror: { name: "prod_events" } }],
    [
      { mirror: { name: "of_another_program" }, mirrorDirect: false },
      { ...mirrored, mirror: { name: "of_another_program" }, mirror_direct: false },
    ],
    [
      { mirror: { name: "elsewhere", filterSubject: "a.>", startSequence: 7 }, mirrorDirect: false },
      { ...mirrored, mirror: { name: "elsewhere", filter_subject: "a.>", start_seq: 7 }, mirror_direct: false },
    ],
    [{ sources: [events] }, { source: [{ name: "prod_events" }] }],
    [
      { sources: [events], subjects: [] },
      { source: [{ name: "prod_events" }], subjects: undefined },
    ],
    [
      {
        sources: [
          {
            name: "hub_events",
            startTime: "2026-01-31T00:00:00Z",
            externalApiPrefix: "$JS.hub.API",
            externalDeliverPrefix: "deliver",
            subjectTransforms: [{ source: "a.*", destination: "b.{{wildcard(1)}}" }],
          },
        ],
      },
      {
        source: [
          {
            name: "hub_events",
            start_time: "2026-01-31T00:00:00Z",
            external: { api: "$JS.hub.API", deliver: "deliver" },
            subject_transform: [{ source: "a.*", destination: "b.{{wildcard(1)}}" }],
          },
        ],
      },
    ],
    [
      { subjectTransform: { source: "prod._.jobs.*", destination: "prod._.done.{{wildcard(1)}}" } },
      { subject_transform: { source: "prod._.jobs.*", destination: "prod._.done.{{wildcard(1)}}" } },
    ],
    [
      {
        subjectTransform: { source: "prod._.jobs.>", destination: "prod._.done.>" },
        republish: { source: ">", destination: ">" },
      },
      {
        subject_transform: { source: "prod._.jobs.>", destination: "prod._.done.>" },
        republish_source: "prod._.done.>",
        republish_destination: "prod._.done.>",
      },
    ],
    [
      { sources: [events], duplicateWindowSeconds: 0 },
      { source: [events], duplicate_window: 0 },
    ],
    [{ metadata: { team: "data" } }, { metadata: { team: "data" } }],
  ])("with %j", (options, changes) => {
    expectChanges(stream, {}, options, changes);
  });

  test("can name another stream by its construct", () => {
    const copy = (options: (events: IStream) => StreamOptions) =>
      attributes("jetstream_stream.prod_jobs", (prod) => prod.addStream("jobs", options(prod.events)));
    expect(copy((stream) => ({ mirror: { stream } }))).toEqual(copy(() => ({ mirror: events })));
    expect(copy((stream) => ({ sources: [{ stream }] }))).toEqual(copy(() => ({ sources: [events] })));
  });
});
