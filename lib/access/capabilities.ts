import { ALL_CLIENTS, NatsClient } from "./clients";

/** One line of a permission, with what is known only later in braces: `$KV.{bucket}.>`. */
export interface LineTemplate {
  /** The subject to publish to; or else `subscribe` is given. */
  readonly publish?: string;
  /** The subject to subscribe to; or else `publish` is given. */
  readonly subscribe?: string;
  /**
   * Where others may subscribe to it too, so that the queue groups are limited to `QUEUE_GROUPS`: in the platform's account,
   * or also in the accounts of an isolated app, since a queue group spans the accounts that import the same messages.
   */
  readonly grouped?: "platform" | "everywhere";
  /** The clients that fail without the line. */
  readonly clients: readonly NatsClient[];
  /** What the line is for. */
  readonly why: string;
}

/** Something that a user can do, and the lines that it takes. */
export interface CapabilityTemplate {
  /** What it is, to be read behind "may". */
  readonly does: string;
  readonly lines: readonly LineTemplate[];
}

/**
 * The queue groups in which a user may be on a subject that others subscribe to as well. A subscription without a limit
 * may join the group of another user and take a part of its messages (`canSubscribe` of nats-server).
 */
export const QUEUE_GROUPS = ["{group}", "{group}.>"] as const;

const ALL = ALL_CLIENTS;
const JS2 = NatsClient.NATS_JS_V2;
const JS3 = NatsClient.NATS_JS_V3;
const GO = NatsClient.NATS_GO;
const GO_LEGACY = NatsClient.NATS_GO_LEGACY;
const PY = NatsClient.NATS_PY;
const CLI = NatsClient.NATS_CLI;
const JAVA = NatsClient.NATS_JAVA;
const RUST = NatsClient.NATS_RUST;

const allBut = (...others: readonly NatsClient[]) => ALL.filter((client) => !others.includes(client));

/** The clients that look at a stream before they use a consumer of it. */
const STREAM_FIRST = [GO, JAVA, RUST];

const why = {
  info: "asks at first use whether the account has JetStream",
  openBucket: "opens the bucket and reads its status",
  openShared: "opens the bucket; shows its configuration and the names of all its keys",
  openStore: "opens the store and reads its status",
  lookStream: "looks at the stream before reading it",
  lookFirst: "looks at the stream before its consumer; shows the subjects of all its messages",
  names: "looks up the stream behind a subject; shows all stream names of the account",
  messageGet: "reads without `allow_direct`; reads any message of the stream",
  revision: "reads a revision by its number; reads any message of the bucket",
  directKey: "reads the last value of a key",
  directObject: "reads what the store knows of an object",
  directChunk: "reads an object of a single chunk",
  directMessage: "reads any message of the stream by its sequence",
  directLast: "reads the last message of a subject",
  createAny: "makes a consumer without a name or with several filters, which the server does not check",
  create: "makes the consumer that reads",
  createKey: "watches the key; the server holds the consumer to this filter",
  consumerInfo: "looks at the consumer before and while it reads",
  consumerDelete: "removes a consumer that has done its work",
  next: "asks for the next messages",
  flowControl: "answers flow control; without it a reader stops for good after about 2 MB",
  ack: "acknowledges messages",
  purgeKeys: "removes what lies behind a marker",
  purgeChunks: "removes the chunks of a deleted or overwritten object",
  writeKey: "writes a key",
  writeChunks: "writes the chunks of an object",
  writeMeta: "writes the name, size and digest of an object",
  inbox: "replies arrive here",
};

const REPLIES: LineTemplate = { subscribe: "{inbox}.>", clients: ALL, why: why.inbox };

/** The lines of what waits for answers, with the one by which they arrive. */
const withReplies = (...lines: readonly LineTemplate[]): readonly LineTemplate[] => [...lines, REPLIES];

const BIND = withReplies(
  { publish: "$JS.API.STREAM.INFO.{stream}", clients: STREAM_FIRST, why: why.lookFirst },
  { publish: "$JS.API.CONSUMER.INFO.{stream}.{consumer}", clients: ALL, why: why.consumerInfo },
  { publish: "$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}", clients: ALL, why: why.next },
  { publish: "$JS.ACK.{stream}.{consumer}.>", clients: ALL, why: why.ack },
);

/** What Terraform does with a stream and its consumers; `*` stands for any. */
const manageStream = (stream: string): readonly LineTemplate[] => [
  { publish: "$JS.API.INFO", clients: ALL, why: "asks before every operation whether the account has JetStream" },
  { publish: `$JS.API.STREAM.INFO.${stream}`, clients: ALL, why: "reads what exists" },
  { publish: `$JS.API.STREAM.CREATE.${stream}`, clients: ALL, why: "creates a stream or bucket" },
  { publish: `$JS.API.STREAM.UPDATE.${stream}`, clients: ALL, why: "changes a stream or bucket" },
  { publish: `$JS.API.STREAM.DELETE.${stream}`, clients: ALL, why: "deletes a stream or bucket" },
  {
    publish: `$JS.API.CONSUMER.CREATE.${stream}.*`,
    clients: ALL,
    why: "creates a consumer with no filter or several",
  },
  { publish: `$JS.API.CONSUMER.CREATE.${stream}.*.>`, clients: ALL, why: "creates a consumer with one filter" },
  { publish: `$JS.API.CONSUMER.INFO.${stream}.*`, clients: ALL, why: "reads what exists" },
  { publish: `$JS.API.CONSUMER.DELETE.${stream}.*`, clients: ALL, why: "deletes a consumer" },
];

/**
 * What users can be allowed to do: the only place where a subject of the server's own (`$JS`, `$KV`, `$O`) is part of a
 * permission.
 *
 * Each line was removed in turn on nats-server 2.15.2 and the clients run again: `clients` are those that then fail
 * (nats 2.29, @nats-io 3.4, nats.go 1.55, nats-py 2.16, natscli 0.5, jnats 2.26, async-nats 0.51, Litestream 0.5). The lines for nats.js cover it
 * with and without `allow_direct`. No line here is `$JS.>`, creates, changes or deletes a stream for an app, or lets a
 * user answer any reply subject (`allow_responses`), since each of these reaches other apps' data.
 */
export const CAPABILITIES = {
  "core.publish": {
    does: "publish on its own subjects",
    lines: [{ publish: "{subjects}", clients: ALL, why: "its own subjects" }],
  },
  "core.subscribe": {
    does: "subscribe to its own subjects",
    lines: [{ subscribe: "{subjects}", grouped: "platform", clients: ALL, why: "its own subjects" }],
  },
  inbox: { does: "receive replies", lines: [REPLIES] },
  "events.live": {
    does: "receive platform events as they are published",
    lines: [
      { subscribe: "{subjects}", grouped: "everywhere", clients: ALL, why: "platform events as they are published" },
    ],
  },
  "events.publish": {
    does: "publish platform events and learn that they are stored",
    lines: withReplies({ publish: "{subjects}", clients: ALL, why: "platform events that it declares" }),
  },
  "audit.publish": {
    does: "publish audit messages and learn that they are stored",
    lines: withReplies({ publish: "{subjects}", clients: ALL, why: "its part of the audit log" }),
  },
  "health.publish": {
    does: "publish its health",
    lines: [{ publish: "{subjects}", clients: ALL, why: "its health, which MONITOR receives" }],
  },
  "service.call": {
    does: "call a service",
    lines: withReplies({ publish: "{subjects}", clients: ALL, why: "calls of the service" }),
  },
  "service.serve": {
    does: "receive the calls of a service",
    lines: [{ subscribe: "{subjects}", grouped: "platform", clients: ALL, why: "calls of the service" }],
  },
  "service.reply": {
    does: "answer a caller of its service",
    lines: [{ publish: "{callerInbox}.>", clients: ALL, why: "callers wait for the answer here" }],
  },
  "kv.get": {
    does: "read keys of a key-value bucket",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2], why: why.info },
      { publish: "$JS.API.STREAM.INFO.KV_{bucket}", clients: ALL, why: why.openBucket },
      { publish: "$JS.API.STREAM.MSG.GET.KV_{bucket}", clients: [JS2, JS3], why: why.messageGet },
      { publish: "$JS.API.DIRECT.GET.KV_{bucket}", clients: ALL, why: why.revision },
      { publish: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.>", clients: ALL, why: why.directKey },
    ),
  },
  "kv.watch": {
    does: "list the keys of a bucket, read their history and watch them",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2], why: why.info },
      { publish: "$JS.API.STREAM.INFO.KV_{bucket}", clients: allBut(JS2, JS3), why: why.openBucket },
      { publish: "$JS.API.CONSUMER.CREATE.KV_{bucket}", clients: allBut(GO, GO_LEGACY, CLI), why: why.createAny },
      { publish: "$JS.API.CONSUMER.CREATE.KV_{bucket}.>", clients: allBut(PY, RUST), why: why.create },
      { publish: "$JS.API.CONSUMER.INFO.KV_{bucket}.*", clients: [JS3, PY, JAVA], why: why.consumerInfo },
      { publish: "$JS.API.CONSUMER.DELETE.KV_{bucket}.*", clients: [GO, GO_LEGACY, CLI], why: why.consumerDelete },
      { publish: "$JS.FC.KV_{bucket}.>", clients: ALL, why: why.flowControl },
    ),
  },
  "kv.write": {
    does: "put, create, update, delete and purge keys, and take locks",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2], why: why.info },
      { publish: "$JS.API.STREAM.INFO.KV_{bucket}", clients: allBut(JS2, JS3), why: why.openBucket },
      { publish: "$JS.API.STREAM.MSG.GET.KV_{bucket}", clients: [JS2, JS3], why: why.messageGet },
      { publish: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.>", clients: ALL, why: why.directKey },
      { publish: "$KV.{bucket}.>", clients: ALL, why: why.writeKey },
    ),
  },
  "kv.purgeDeletes": {
    does: "remove the markers of deleted keys for good",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2], why: why.info },
      { publish: "$JS.API.STREAM.INFO.KV_{bucket}", clients: allBut(JS2, JS3, RUST), why: why.openBucket },
      { publish: "$JS.API.CONSUMER.CREATE.KV_{bucket}", clients: [PY], why: why.createAny },
      { publish: "$JS.API.CONSUMER.CREATE.KV_{bucket}.>", clients: allBut(PY, RUST), why: why.create },
      { publish: "$JS.API.CONSUMER.INFO.KV_{bucket}.*", clients: [PY, JAVA], why: why.consumerInfo },
      { publish: "$JS.API.CONSUMER.DELETE.KV_{bucket}.*", clients: [GO, GO_LEGACY, CLI], why: why.consumerDelete },
      { publish: "$JS.FC.KV_{bucket}.>", clients: ALL, why: why.flowControl },
      { publish: "$JS.API.STREAM.PURGE.KV_{bucket}", clients: allBut(RUST), why: why.purgeKeys },
      { publish: "$KV.{bucket}.>", clients: allBut(RUST), why: why.writeKey },
    ),
  },
  "kv.election": {
    does: "elect a leader: renew a key with a time to live and watch it expire",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2], why: why.info },
      { publish: "$JS.API.STREAM.INFO.KV_{bucket}", clients: allBut(JS2, JS3), why: why.openBucket },
      { publish: "$JS.API.STREAM.MSG.GET.KV_{bucket}", clients: [JS2, JS3], why: why.messageGet },
      { publish: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.>", clients: ALL, why: why.directKey },
      { publish: "$JS.API.CONSUMER.CREATE.KV_{bucket}", clients: [PY, RUST], why: why.createAny },
      { publish: "$JS.API.CONSUMER.CREATE.KV_{bucket}.>", clients: allBut(PY, RUST), why: why.create },
      { publish: "$JS.API.CONSUMER.INFO.KV_{bucket}.*", clients: [PY, JAVA], why: why.consumerInfo },
      { publish: "$JS.API.CONSUMER.DELETE.KV_{bucket}.*", clients: [GO, GO_LEGACY], why: why.consumerDelete },
      { publish: "$JS.FC.KV_{bucket}.>", clients: ALL, why: why.flowControl },
      { publish: "$KV.{bucket}.>", clients: ALL, why: why.writeKey },
    ),
  },
  "sharedKv.readKey": {
    does: "read and watch one key of a bucket that others use too",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2], why: why.info },
      { publish: "$JS.API.STREAM.INFO.KV_{bucket}", clients: allBut(JS2, JS3), why: why.openShared },
      { publish: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{key}", clients: ALL, why: why.directKey },
      {
        publish: "$JS.API.CONSUMER.CREATE.KV_{bucket}.*.$KV.{bucket}.{key}",
        clients: allBut(PY, RUST),
        why: why.createKey,
      },
      { publish: "$JS.FC.KV_{bucket}.>", clients: allBut(PY, RUST), why: why.flowControl },
      { publish: "$JS.API.CONSUMER.INFO.KV_{bucket}.*", clients: [JAVA], why: why.consumerInfo },
    ),
  },
  "sharedKv.writeKey": {
    does: "write one key of a bucket that others use too",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2], why: why.info },
      { publish: "$JS.API.STREAM.INFO.KV_{bucket}", clients: allBut(JS2, JS3), why: why.openShared },
      { publish: "$KV.{bucket}.{key}", clients: ALL, why: why.writeKey },
    ),
  },
  "stream.ordered": {
    does: "read a stream in order, with a consumer that the client makes and removes",
    lines: withReplies(
      { publish: "$JS.API.STREAM.INFO.{stream}", clients: allBut(GO, GO_LEGACY, PY), why: why.lookStream },
      { publish: "$JS.API.CONSUMER.CREATE.{stream}", clients: allBut(GO, GO_LEGACY, CLI), why: why.createAny },
      { publish: "$JS.API.CONSUMER.CREATE.{stream}.>", clients: allBut(PY, RUST), why: why.create },
      { publish: "$JS.API.CONSUMER.MSG.NEXT.{stream}.*", clients: allBut(GO_LEGACY, PY), why: why.next },
      { publish: "$JS.API.CONSUMER.DELETE.{stream}.*", clients: [GO_LEGACY], why: why.consumerDelete },
      { publish: "$JS.FC.{stream}.>", clients: [GO_LEGACY, PY], why: why.flowControl },
    ),
  },
  "stream.look": {
    does: "look at a stream",
    lines: withReplies({ publish: "$JS.API.STREAM.INFO.{stream}", clients: ALL, why: why.lookStream }),
  },
  "stream.find": {
    does: "read a subject without naming the stream that stores it",
    lines: withReplies(
      { publish: "$JS.API.STREAM.NAMES", clients: allBut(JS3, GO, RUST), why: why.names },
      { publish: "$JS.FC.{stream}.>", clients: [JS2, GO_LEGACY, PY, JAVA], why: why.flowControl },
    ),
  },
  "stream.get": {
    does: "read single messages of a stream",
    lines: withReplies(
      { publish: "$JS.API.STREAM.MSG.GET.{stream}", clients: allBut(GO, JAVA), why: why.messageGet },
      { publish: "$JS.API.STREAM.INFO.{stream}", clients: [GO, CLI, JAVA, RUST], why: why.lookStream },
      { publish: "$JS.API.DIRECT.GET.{stream}", clients: [GO, JAVA], why: why.directMessage },
      { publish: "$JS.API.DIRECT.GET.{stream}.>", clients: [GO, JAVA], why: why.directLast },
    ),
  },
  "stream.ownDurable": {
    does: "make, use and remove durable consumers on a stream",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2, JS3], why: why.info },
      { publish: "$JS.API.STREAM.INFO.{stream}", clients: [CLI, ...STREAM_FIRST], why: why.lookStream },
      { publish: "$JS.API.CONSUMER.CREATE.{stream}.>", clients: ALL, why: why.create },
      { publish: "$JS.API.CONSUMER.INFO.{stream}.*", clients: ALL, why: why.consumerInfo },
      { publish: "$JS.API.CONSUMER.MSG.NEXT.{stream}.*", clients: ALL, why: why.next },
      { publish: "$JS.API.CONSUMER.DELETE.{stream}.*", clients: ALL, why: why.consumerDelete },
      { publish: "$JS.ACK.{stream}.>", clients: ALL, why: why.ack },
    ),
  },
  "consumer.bind": { does: "fetch and acknowledge messages of a durable consumer that exists", lines: BIND },
  "consumer.bindShared": {
    does: "fetch and acknowledge messages of a durable consumer on a stream of the platform",
    lines: BIND,
  },
  "object.read": {
    does: "list, watch and read objects",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2, JS3], why: why.info },
      { publish: "$JS.API.STREAM.NAMES", clients: [JS2, PY], why: why.names },
      { publish: "$JS.API.STREAM.INFO.OBJ_{store}", clients: ALL, why: why.openStore },
      { publish: "$JS.API.STREAM.MSG.GET.OBJ_{store}", clients: [JS2, JS3, GO_LEGACY, PY], why: why.messageGet },
      {
        publish: "$JS.API.DIRECT.GET.OBJ_{store}.$O.{store}.M.>",
        clients: [GO, CLI, JAVA, RUST],
        why: why.directObject,
      },
      { publish: "$JS.API.DIRECT.GET.OBJ_{store}.$O.{store}.C.>", clients: [JAVA], why: why.directChunk },
      { publish: "$JS.API.CONSUMER.CREATE.OBJ_{store}", clients: [JS2, PY, RUST], why: why.createAny },
      { publish: "$JS.API.CONSUMER.CREATE.OBJ_{store}.>", clients: allBut(JS2, PY, RUST), why: why.create },
      { publish: "$JS.API.CONSUMER.INFO.OBJ_{store}.*", clients: [JAVA], why: why.consumerInfo },
      { publish: "$JS.API.CONSUMER.DELETE.OBJ_{store}.*", clients: [GO, CLI], why: why.consumerDelete },
      { publish: "$JS.FC.OBJ_{store}.>", clients: ALL, why: why.flowControl },
    ),
  },
  "object.write": {
    does: "put, overwrite and delete objects",
    lines: withReplies(
      { publish: "$JS.API.INFO", clients: [JS2, JS3], why: why.info },
      { publish: "$JS.API.STREAM.INFO.OBJ_{store}", clients: allBut(JS2), why: why.openStore },
      { publish: "$JS.API.STREAM.MSG.GET.OBJ_{store}", clients: [JS2, JS3, GO_LEGACY, PY], why: why.messageGet },
      {
        publish: "$JS.API.DIRECT.GET.OBJ_{store}.$O.{store}.M.>",
        clients: [GO, CLI, JAVA, RUST],
        why: why.directObject,
      },
      { publish: "$O.{store}.C.>", clients: ALL, why: why.writeChunks },
      { publish: "$O.{store}.M.>", clients: ALL, why: why.writeMeta },
      { publish: "$JS.API.STREAM.PURGE.OBJ_{store}", clients: ALL, why: why.purgeChunks },
    ),
  },
  litestream: {
    does: "replicate a SQLite database into an object store with Litestream",
    lines: withReplies(
      { publish: "$JS.API.STREAM.INFO.OBJ_{store}", clients: ALL, why: why.openStore },
      { publish: "$JS.API.DIRECT.GET.OBJ_{store}.$O.{store}.M.>", clients: ALL, why: why.directObject },
      { publish: "$JS.API.CONSUMER.CREATE.OBJ_{store}.>", clients: ALL, why: why.create },
      { publish: "$JS.API.CONSUMER.DELETE.OBJ_{store}.*", clients: ALL, why: why.consumerDelete },
      { publish: "$JS.FC.OBJ_{store}.>", clients: ALL, why: why.flowControl },
      { publish: "$O.{store}.C.>", clients: ALL, why: why.writeChunks },
      { publish: "$O.{store}.M.>", clients: ALL, why: why.writeMeta },
      { publish: "$JS.API.STREAM.PURGE.OBJ_{store}", clients: ALL, why: why.purgeChunks },
    ),
  },
  "events.publishImported": {
    does: "publish platform events, which are stored in the platform's account, and learn that they are",
    lines: withReplies({
      publish: "{outbox}",
      clients: ALL,
      why: "platform events that it declares, under the name that its account gives them",
    }),
  },
  "sharedKv.readImportedKey": {
    does: "read one key of a bucket of another account",
    lines: withReplies(
      { publish: "$JS.{platform}.API.STREAM.INFO.KV_{bucket}", clients: allBut(JS2, JS3), why: why.openShared },
      { publish: "$JS.{platform}.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{key}", clients: ALL, why: why.directKey },
    ),
  },
  node: {
    does: "do everything with the platform's data",
    lines: withReplies(
      { publish: "{platform}.>", clients: ALL, why: "all subjects of the platform" },
      { publish: "$JS.API.>", clients: ALL, why: "all of JetStream in the platform's account" },
      { publish: "$KV.>", clients: ALL, why: "writes a key of any bucket" },
      { publish: "$O.>", clients: ALL, why: "writes an object of any store" },
      { publish: "$JS.ACK.>", clients: ALL, why: why.ack },
      { publish: "$JS.FC.>", clients: ALL, why: why.flowControl },
      { publish: "$JS.SNAPSHOT.>", clients: ALL, why: "acknowledges and sends the chunks of a backup" },
      { subscribe: "{platform}.>", grouped: "everywhere", clients: ALL, why: "all subjects of the platform" },
    ),
  },
  "terraform.storage": {
    does: "create, change and delete the account's streams, buckets and consumers",
    lines: withReplies(...manageStream("*")),
  },
  "terraform.stream": {
    does: "create, change and delete one stream or bucket, and its consumers",
    lines: withReplies(...manageStream("{stream}")),
  },
  "terraform.consumer": {
    does: "create, change and delete one consumer",
    lines: withReplies(
      { publish: "$JS.API.STREAM.INFO.{stream}", clients: ALL, why: "reads the stream of the consumer" },
      {
        publish: "$JS.API.CONSUMER.CREATE.{stream}.{consumer}",
        clients: ALL,
        why: "creates the consumer with no filter or several",
      },
      {
        publish: "$JS.API.CONSUMER.CREATE.{stream}.{consumer}.>",
        clients: ALL,
        why: "creates the consumer with one filter",
      },
      { publish: "$JS.API.CONSUMER.INFO.{stream}.{consumer}", clients: ALL, why: "reads what exists" },
      { publish: "$JS.API.CONSUMER.DELETE.{stream}.{consumer}", clients: ALL, why: "deletes the consumer" },
    ),
  },
  "terraform.bucket": {
    does: "write keys of one bucket",
    lines: [
      { publish: "$KV.{bucket}.>", clients: ALL, why: "writes an entry" },
      { publish: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.>", clients: ALL, why: "reads an entry" },
    ],
  },
  "terraform.entries": {
    does: "write the access documents",
    lines: [
      { publish: "$KV.{bucket}.access.>", clients: ALL, why: "writes an access document" },
      {
        publish: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.access.>",
        clients: ALL,
        why: "reads an access document",
      },
    ],
  },
  "terraform.formerEntries": {
    does: "remove the access documents that earlier versions wrote",
    lines: [
      {
        publish: "$KV.{bucket}.access.>",
        clients: ALL,
        why: "removes an access document of a version before 0.1.0, which had them here",
      },
      {
        publish: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.access.>",
        clients: ALL,
        why: "reads it before it is removed",
      },
    ],
  },
  "terraform.entry": {
    does: "write an entry of the program",
    lines: [
      { publish: "$KV.{bucket}.{key}", clients: ALL, why: "writes the entry that the program declares" },
      {
        publish: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.{key}",
        clients: ALL,
        why: "reads the entry that the program declares",
      },
    ],
  },
  "access.read": {
    does: "read the access documents of a platform",
    lines: withReplies(
      {
        publish: "$JS.{platform}.API.STREAM.INFO.KV_{bucket}",
        clients: ALL,
        why: "learns whether there are new access documents",
      },
      { publish: "$JS.{platform}.API.STREAM.MSG.GET.KV_{bucket}", clients: ALL, why: "reads an access document" },
    ),
  },
  "system.all": {
    does: "do everything in the system account",
    lines: [
      { publish: ">", clients: ALL, why: "all of the system account" },
      { subscribe: ">", clients: ALL, why: "all of the system account" },
    ],
  },
  "system.reload": {
    does: "bring an accounts file into force on a server, and see what is in force",
    lines: withReplies(
      ...["ACCOUNTZ", "CONNZ", "JSZ", "RELOAD", "VARZ"].map((what) => ({
        publish: `$SYS.REQ.SERVER.*.${what}`,
        clients: ALL,
        why: "brings an accounts file into force, or sees what is",
      })),
      { publish: "$SYS.REQ.SERVER.PING", clients: ALL, why: "learns which servers there are" },
    ),
  },
  "monitor.live": {
    does: "receive health and audit messages as they are published",
    lines: [
      { subscribe: "{health}", grouped: "everywhere", clients: ALL, why: "health of all apps of the platform" },
      { subscribe: "{audit}", grouped: "everywhere", clients: ALL, why: "audit messages of the platform" },
    ],
  },
  "consumer.bindImported": {
    does: "fetch and acknowledge messages of a durable consumer of another account",
    lines: withReplies(
      { publish: "$JS.{platform}.API.STREAM.INFO.{stream}", clients: STREAM_FIRST, why: why.lookFirst },
      { publish: "$JS.{platform}.API.CONSUMER.INFO.{stream}.{consumer}", clients: ALL, why: why.consumerInfo },
      { publish: "$JS.{platform}.API.CONSUMER.MSG.NEXT.{stream}.{consumer}", clients: ALL, why: why.next },
      { publish: "$JS.ACK.{stream}.{consumer}.>", clients: ALL, why: why.ack },
    ),
  },
} as const satisfies Record<string, CapabilityTemplate>;

/** The name of a capability. */
export type CapabilityName = keyof typeof CAPABILITIES;

/** Subjects are delivered from one account to another (`stream`), or requests are sent from one to another (`service`). */
export type ExchangeKind = "stream" | "service";

/** One way between accounts, with what is known only later in braces. */
export interface ExchangeTemplate {
  readonly kind: ExchangeKind;
  /** What is imported. */
  readonly subject: string;
  /** What is exported, where that is more than one account imports. */
  readonly offered?: string;
  /** The subject in the importing account, where it differs. */
  readonly as?: string;
  /** Whether a request may have several answers. */
  readonly manyResponses?: boolean;
  /** The clients that need it; all, if left out. */
  readonly clients?: readonly NatsClient[];
}

/**
 * A request to the JetStream of the exporting account. It is mapped below `$JS.{platform}`, since unmapped it would ask the
 * importing account's own; clients set the platform's name as JetStream domain.
 */
const apiRequest = (request: string, further: Partial<ExchangeTemplate> = {}): ExchangeTemplate => ({
  kind: "service",
  subject: `$JS.API.${request}`,
  as: `$JS.{platform}.API.${request}`,
  ...further,
});

/**
 * What MONITOR gets from the account of a platform. Acknowledgements go to the subject that the message names, unmapped.
 */
export const MONITOR_EXCHANGES = {
  live: [
    { kind: "stream", subject: "{health}" },
    { kind: "stream", subject: "{audit}" },
  ],
  /**
   * In place of `live` where apps have accounts of their own: what enters the platform's account as a service does not
   * leave it as a stream, so the audit stream publishes again what it has stored.
   */
  republished: [
    { kind: "stream", subject: "{health}" },
    { kind: "stream", subject: "{liveAudit}", as: "{audit}" },
  ],
  history: [
    apiRequest("STREAM.INFO.{stream}"),
    apiRequest("CONSUMER.INFO.{stream}.{consumer}"),
    apiRequest("CONSUMER.MSG.NEXT.{stream}.{consumer}", { manyResponses: true }),
    { kind: "service", subject: "$JS.ACK.{stream}.{consumer}.>" },
  ],
} as const satisfies Record<string, readonly ExchangeTemplate[]>;

/**
 * What ACCESS gets from the account with the access documents of a platform. Its user is not in that account, since whoever is
 * there can write each key, by an answer: the server does not check where an answer to a request of JetStream goes.
 * The leader of the stream answers both requests, so that no document is read that is older than one read before.
 */
export const ACCESS_EXCHANGES = [
  apiRequest("STREAM.INFO.KV_{bucket}"),
  apiRequest("STREAM.MSG.GET.KV_{bucket}"),
] as const;

/**
 * What an isolated app does in its account for messages, and not in the one for its data. Nothing may be imported into an
 * account with JetStream (the server itself imports some requests for statistics, which no file can take away; what answers
 * them only reads): what JetStream delivers keeps, across imports, the subject that it is stored under, and the
 * account that it gets to takes it for a message or request of that subject (`processServiceImport` of nats-server). So
 * whoever controls a stream there would have the whole JetStream API of the other account.
 */
export const MESSAGING: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  "events.live",
  "events.publish",
  "audit.publish",
  "health.publish",
  "service.call",
  "service.serve",
  "consumer.bindShared",
  "sharedKv.readKey",
]);

/**
 * What the messaging account of an app gets from the account of its platform, for a capability of the app.
 *
 * Each app imports exactly what it declares; nobody but this file can add an import to its account. The platform offers
 * these few subjects to all its apps together, because the server takes quadratic time for the exports of one account:
 * with one export for each app and subject, 10,000 apps took 48 s to start, with these a fraction.
 */
export const APP_EXCHANGES: { readonly [name in CapabilityName]?: readonly ExchangeTemplate[] } = {
  "audit.publish": [{ kind: "service", subject: "{subjects}", offered: "{offered}" }],
  "events.live": [{ kind: "stream", subject: "{live}", as: "{subjects}", offered: "{offered}" }],
  "events.publish": [{ kind: "service", subject: "{subjects}", as: "{outbox}", offered: "{offered}" }],
  "consumer.bindShared": [
    apiRequest("STREAM.INFO.{stream}", { clients: STREAM_FIRST }),
    apiRequest("CONSUMER.INFO.{stream}.{consumer}", { offered: "$JS.API.CONSUMER.INFO.{stream}.*" }),
    apiRequest("CONSUMER.MSG.NEXT.{stream}.{consumer}", {
      offered: "$JS.API.CONSUMER.MSG.NEXT.{stream}.*",
      manyResponses: true,
    }),
    { kind: "service", subject: "$JS.ACK.{stream}.{consumer}.>", offered: "$JS.ACK.{stream}.*.>" },
  ],
  "sharedKv.readKey": [
    apiRequest("STREAM.INFO.KV_{bucket}", { clients: allBut(JS2, JS3) }),
    apiRequest("DIRECT.GET.KV_{bucket}.$KV.{bucket}.{key}", {
      offered: "$JS.API.DIRECT.GET.KV_{bucket}.$KV.{bucket}.config.>",
    }),
  ],
};

/** What a capability becomes for a user whose account imports what it needs for it. */
export const IMPORTED: { readonly [name in CapabilityName]?: CapabilityName } = {
  "events.publish": "events.publishImported",
  "consumer.bindShared": "consumer.bindImported",
  "sharedKv.readKey": "sharedKv.readImportedKey",
};
