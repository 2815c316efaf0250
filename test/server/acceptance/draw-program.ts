import * as fc from "fast-check";
import {
  AckPolicy,
  BucketResource,
  Compression,
  DeliverPolicy,
  DiscardPolicy,
  Isolation,
  Monitoring,
  NatsClient,
  ReplayPolicy,
  RetentionPolicy,
  RetiredData,
  StorageType,
} from "../../../lib";

// Programs as plain data, so that one that fails can be read, and made smaller.

/** A value with a chance of one in some. */
function chance<T>(arbitrary: fc.Arbitrary<T>, of: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: of - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const flag = (of: number) => chance(fc.boolean(), of);

const metadata = fc.constantFrom<{ [key: string]: string }>({}, { team: "core" }, { note: "x".repeat(300) });
const description = fc.constantFrom("", "what it is for", "ä".repeat(200));
const bytes = fc.constantFrom(100_000, 1_000_000, 50_000_000);
const messageBytes = fc.oneof(
  { weight: 1, arbitrary: fc.constant(1000) },
  { weight: 5, arbitrary: fc.constantFrom(50_000, 1_000_000) },
);

/** The name of the cluster that clustered programs are tried on, the tag of all its servers, and that of one of them. */
export const CLUSTER = { name: "test", tag: "disk:ssd", oneTag: "zone:1" } as const;

const anywhere = { cluster: CLUSTER.name };
const tagged = { cluster: CLUSTER.name, tags: [CLUSTER.tag] };
const replicas = fc.constantFrom(1, 3);

/** Where data lies, as a platform and an app say it for all of theirs. */
const place = fc.record({ replicas: chance(replicas, 2), placement: chance(fc.constantFrom(anywhere, tagged), 4) });

interface Place {
  readonly replicas?: number | undefined;
  readonly placement?: { readonly cluster: string; readonly tags?: string[] } | undefined;
}

const oneServer: Place = { replicas: 1, placement: { cluster: CLUSTER.name, tags: [CLUSTER.tag, CLUSTER.oneTag] } };

/** Where the data of a resource lies; only what lies once can be on one server. */
const ownPlace: fc.Arbitrary<Place> = fc.oneof(
  { weight: 12, arbitrary: place },
  { weight: 1, arbitrary: fc.constant(oneServer) },
);

const withPlace = <T extends object>(drawn: fc.Arbitrary<T>, where: fc.Arbitrary<Place> = ownPlace) =>
  fc.tuple(drawn, where).map(([each, lies]) => ({ ...each, ...lies }));

/** The options that Terraform is to know only at apply, if they are given. */
const late = chance(
  fc.uniqueArray(
    fc.constantFrom(
      "description",
      "maxAgeSeconds",
      "ttlSeconds",
      "maxMessages",
      "maxMessagesPerSubject",
      "compression",
      "startSequence",
      "ackWaitSeconds",
      "maxDeliver",
      "maxAckPending",
      "maxWaiting",
      "replayPolicy",
    ),
    { minLength: 3 },
  ),
  5,
);

const storage = {
  description: chance(description, 6),
  storage: chance(fc.constantFrom(StorageType.FILE, StorageType.MEMORY), 6),
  adopt: flag(8),
  late,
};

/** What a stream copies: the stream by a number, and how. */
const originDraw = fc.record({
  of: fc.nat({ max: 20 }),
  /** Whether it may be any stream, and not only one that is declared before. */
  anywhere: chance(fc.constant(true), 25),
  byName: fc.boolean(),
  filter: chance(fc.constantFrom("all", "narrow"), 2),
  transform: chance(fc.constantFrom("plain", "function", "two"), 4),
  startSequence: chance(fc.constantFrom(1, 7), 6),
  startTime: chance(fc.constant("2026-01-31T00:00:00Z"), 10),
});

const FUNCTIONS = [
  "{{wildcard(1)}}",
  "$1",
  "{{partition(5,1)}}",
  "{{ Partition(3, 1) }}",
  "{{left(1,2)}}",
  "{{Right(1,2)}}",
  "{{splitFromLeft(1,2)}}",
  "{{SplitFromRight(1,2)}}",
  "{{sliceFromLeft(1,2)}}",
  "{{SliceFromRight(1,2)}}",
  "{{split(1,-)}}",
  "{{random(4)}}",
  "{{partition(4)}}",
];

const streamDraw = withPlace(
  fc.record({
    ...storage,
    subjects: fc.oneof(
      { weight: 6, arbitrary: fc.constant("default" as const) },
      { weight: 3, arbitrary: fc.constantFrom("several" as const, "wild" as const, "none" as const) },
    ),
    retention: chance(fc.constantFrom(...Object.values(RetentionPolicy)), 6),
    maxAgeSeconds: chance(fc.constantFrom(1, 60, 3600), 3),
    maxBytes: chance(bytes, 3),
    maxMessages: chance(fc.constantFrom(1, 1000), 5),
    maxMessagesPerSubject: chance(fc.constantFrom(1, 5), 4),
    maxMessageBytes: chance(messageBytes, 3),
    maxConsumers: chance(fc.constantFrom(2, 5, 10), 6),
    discard: chance(fc.constantFrom(...Object.values(DiscardPolicy)), 3),
    discardNewPerSubject: chance(fc.boolean(), 60),
    duplicateWindowSeconds: chance(fc.constantFrom(0, 1, 60, 120), 6),
    compression: chance(fc.constantFrom(...Object.values(Compression)), 5),
    denyDelete: flag(6),
    denyPurge: flag(8),
    allowRollup: flag(8),
    allowMessageTtl: flag(5),
    republish: chance(fc.constantFrom("outside", "own", "wild", "headers", "all"), 5),
    copies: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.record({ mirror: originDraw, direct: flag(30) }) },
      { weight: 3, arbitrary: fc.record({ sources: fc.array(originDraw, { minLength: 1, maxLength: 3 }) }) },
    ),
    transform: chance(
      fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom(...FUNCTIONS) },
        { weight: 1, arbitrary: fc.constantFrom("{{wildcard(2)}}", "{{upper(1)}}") },
      ),
      5,
    ),
    metadata: chance(metadata, 5),
    retired: chance(fc.constant(RetiredData.KEEP), 12),
  }),
);

const bucketDraw = withPlace(
  fc.record({
    ...storage,
    history: chance(fc.constantFrom(1, 5, 64), 3),
    ttlSeconds: chance(fc.constantFrom(1, 60, 86_400), 3),
    maxBytes: chance(bytes, 4),
    maxValueBytes: chance(messageBytes, 4),
    limitMarkerTtlSeconds: chance(fc.constantFrom(0, 1, 30), 3),
    bucketResource: chance(fc.constantFrom(...Object.values(BucketResource)), 4),
  }),
);

const storeDraw = withPlace(
  fc.record({
    ...storage,
    ttlSeconds: chance(fc.constantFrom(1, 60, 86_400), 3),
    maxBytes: chance(bytes, 4),
    compression: chance(fc.constantFrom(...Object.values(Compression)), 3),
    bucketResource: chance(fc.constantFrom(...Object.values(BucketResource)), 4),
  }),
);

const consumerDraw = fc.record({
  of: fc.nat({ max: 5 }),
  ofPlatform: chance(fc.constant(true), 6),
  filters: chance(fc.constantFrom("all", "narrow", "two"), 2),
  deliverPolicy: chance(fc.constantFrom(...Object.values(DeliverPolicy)), 5),
  startSequence: chance(fc.constant(5), 12),
  startTime: chance(fc.constant("2026-01-31T00:00:00Z"), 12),
  ackPolicy: chance(fc.constantFrom(...Object.values(AckPolicy)), 6),
  ackWaitSeconds: chance(fc.constantFrom(1, 60), 5),
  maxDeliver: chance(fc.constantFrom(3, 10), 4),
  backoffSeconds: chance(fc.constantFrom([1], [1, 5, 30]), 6),
  maxAckPending: chance(fc.constantFrom(1, 1000), 5),
  maxWaiting: chance(fc.constantFrom(1, 100), 5),
  maxRequestBatch: chance(fc.constantFrom(1, 100), 5),
  headersOnly: flag(6),
  replayPolicy: chance(fc.constantFrom(...Object.values(ReplayPolicy)), 5),
  memory: flag(6),
  replicas: chance(replicas, 8),
  adopt: flag(8),
  late,
  description: chance(description, 6),
  metadata: chance(metadata, 6),
});

const PATTERNS = ["user.>", "*.created", "order.*.done", "*.orders.>", "dlq.>", "start", ">"] as const;
const patterns = fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 });
const API = ["query", "admin.*", "*.read", "admin.>"] as const;
const apis = fc.uniqueArray(fc.constantFrom(...API), { minLength: 1, maxLength: 3 });

const accountLimits = fc.record({
  maxConnections: chance(fc.constantFrom(5, 20, 1000), 3),
  maxSubscriptions: chance(fc.constantFrom(10, 1000), 3),
  maxPayloadBytes: chance(fc.constantFrom(1000, 100_000, 1_000_000), 3),
  maxLeafNodes: chance(fc.constant(1), 3),
});

const jetStreamLimits = fc.record({
  maxMemoryBytes: chance(fc.constantFrom(1_000_000, 200_000_000), 2),
  maxFileBytes: chance(fc.constantFrom(1_000_000, 500_000_000), 2),
  maxStreams: chance(fc.constantFrom(8, 50), 2),
  maxConsumers: chance(fc.constantFrom(2, 20), 2),
});

const appDraw = withPlace(
  fc.record({
    isolation: chance(fc.constantFrom(...Object.values(Isolation)), 3),
    privateInbox: flag(5),
    clients: chance(fc.uniqueArray(fc.constantFrom(...Object.values(NatsClient)), { minLength: 1, maxLength: 3 }), 3),
    credentials: chance(fc.constantFrom("nkey" as const, "bcrypt" as const), 4),
    storage: chance(fc.constantFrom(...Object.values(StorageType)), 8),
    accountLimits: chance(accountLimits, 8),
    jetStreamLimits: chance(jetStreamLimits, 8),
    keyValueStore: chance(bucketDraw, 3),
    wal: chance(streamDraw, 4),
    snapshots: chance(storeDraw, 3),
    streams: fc.array(streamDraw, { maxLength: 3 }),
    buckets: fc.array(bucketDraw, { maxLength: 1 }),
    stores: fc.array(storeDraw, { maxLength: 1 }),
    consumers: fc.array(consumerDraw, { maxLength: 2 }),
    liveEvents: chance(patterns, 4),
    publishes: chance(patterns, 2),
    consumes: chance(fc.record({ subjects: chance(patterns, 2), named: fc.boolean() }), 3),
    serves: chance(apis, 2),
    calls: fc.array(fc.record({ of: fc.nat({ max: 3 }), names: apis }), { maxLength: 2 }),
    lock: chance(fc.constant("migration"), 8),
    config: chance(fc.constantFrom("flags", "a/b"), 4),
    entry: chance(fc.constantFrom("config.flags", "config.limits"), 8),
    ownEntry: chance(fc.constant("settings/first"), 8),
    audit: fc.boolean(),
    health: fc.boolean(),
    litestream: flag(4),
    adopt: flag(10),
    /** Whether the app is in another stack than its platform. */
    elsewhere: flag(4),
    /** Whether the app was formerly the one that is declared before it. */
    renamed: flag(5),
  }),
  place,
);

/** A platform with its apps. */
export const platformDraw = withPlace(
  fc.record({
    isolation: chance(fc.constantFrom(...Object.values(Isolation)), 8),
    privateInbox: flag(5),
    accessEntries: flag(8),
    monitoring: chance(fc.constantFrom(...Object.values(Monitoring)), 2),
    nodes: fc.constantFrom([], ["node-1"], ["node-1", "node-2"]),
    accountLimits: chance(accountLimits, 8),
    jetStreamLimits: chance(jetStreamLimits, 8),
    keyValueStore: chance(bucketDraw, 4),
    events: chance(streamDraw, 8),
    audit: chance(streamDraw, 12),
    streams: fc.array(streamDraw, { maxLength: 1 }),
    consumers: fc.array(consumerDraw, { maxLength: 1 }),
    apps: fc.array(appDraw, { minLength: 1, maxLength: 3 }),
  }),
  place,
);

/** A program of one or two platforms. */
export const programDraw = fc.record({
  platforms: fc.oneof(
    { weight: 4, arbitrary: fc.tuple(platformDraw) },
    { weight: 1, arbitrary: fc.tuple(platformDraw, platformDraw) },
  ),
  helmValues: flag(4),
  /** Whether it is for a cluster, and has replicas and placement. */
  clustered: fc.constant<boolean>(false),
});

type Drawn<T> = T extends fc.Arbitrary<infer U> ? U : never;

export type ProgramDraw = Drawn<typeof programDraw>;
export type PlatformDraw = Drawn<typeof platformDraw>;
export type AppDraw = Drawn<typeof appDraw>;
export type StreamDraw = Drawn<typeof streamDraw>;
export type OriginDraw = Drawn<typeof originDraw>;
export type ConsumerDraw = Drawn<typeof consumerDraw>;
