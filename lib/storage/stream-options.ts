import type { StorageOptions } from "./storage-options";
import type { IStream } from "./stream-interface";

/** When a stream lets go of its messages. Changing to or from `WORKQUEUE` later is refused by the server. */
export enum RetentionPolicy {
  /** When a limit (age, count, size) is reached. */
  LIMITS = "limits",
  /** When every consumer has acknowledged the message, or there is none. */
  INTEREST = "interest",
  /** When one consumer has acknowledged the message. */
  WORKQUEUE = "workqueue",
}

/** What a full stream does with the next message. */
export enum DiscardPolicy {
  /** Remove the oldest message. */
  OLD = "old",
  /** Refuse the new message. */
  NEW = "new",
}

/** How a stream compresses its data on disk. */
export enum Compression {
  /** Not at all. */
  NONE = "none",
  /** With S2. */
  S2 = "s2",
}

/** Where the server publishes a message again once the stream has stored it. */
export interface Republish {
  /**
   * Which of the stream's subjects, as a pattern.
   *
   * @default - all
   */
  readonly source?: string;

  /**
   * The subject to publish on. It may use the wildcards of `source`: `{{wildcard(1)}}`. Must not be one that the stream
   * takes messages on. `>` with the source `>` stands for the subjects that `subjectTransform` makes of the stream's only
   * subject.
   */
  readonly destination: string;

  /**
   * Whether the body is left out.
   *
   * @default false
   * @knownAt apply
   */
  readonly headersOnly?: boolean;
}

/** A rewriting of subjects. */
export interface SubjectTransform {
  /** The subjects to rewrite, as a pattern. */
  readonly source: string;

  /**
   * What they become. It may use the wildcards of `source`, as `{{wildcard(1)}}` or in the server's other functions:
   * `{{partition(5,1)}}`, `{{splitFromLeft(1,3)}}`. `{{random(5)}}` and `{{partition(5)}}` need nats-server 2.12,
   * `{{left(1,3)}}` and `{{right(1,3)}}` 2.15.
   */
  readonly destination: string;
}

/**
 * A stream whose messages come into this one, as its mirror or one of its sources. To a stream with
 * `RetentionPolicy.WORKQUEUE` or `INTEREST` the copy is a consumer: what it has copied is gone from a work queue, so that
 * another consumer or copy must take other messages; of `INTEREST` each consumer and each copy gets all messages that come in
 * while it is there.
 */
export interface StreamSource {
  /**
   * The name of the other stream: `staging_events`. For a stream that the program does not declare. A name that is known only
   * at apply is taken if it is that of a stream of this program (`stream.resource.name`).
   *
   * @default - the name of `stream`
   * @knownAt apply
   */
  readonly name?: string;

  /**
   * The other stream, in place of its name.
   *
   * @default - the stream that `name` names
   */
  readonly stream?: IStream;

  /**
   * Which of its subjects, as a pattern. Not together with `subjectTransforms`.
   *
   * @default - all
   */
  readonly filterSubject?: string;

  /**
   * The sequence of the first message to take. Not together with `startTime`.
   *
   * @default - the other stream's first message
   * @knownAt apply
   */
  readonly startSequence?: number;

  /**
   * The time of the first message to take, as in RFC 3339 of UTC in whole seconds: `2026-01-31T00:00:00Z`.
   *
   * @default - the other stream's first message
   * @knownAt apply
   */
  readonly startTime?: string;

  /**
   * The prefix of the JetStream API of the other stream's account or domain, as imported: `$JS.hub.API`.
   *
   * @default - the same account and domain
   */
  readonly externalApiPrefix?: string;

  /**
   * The prefix of the subjects on which the other account delivers.
   *
   * @default - none
   */
  readonly externalDeliverPrefix?: string;

  /**
   * Rewritings of its subjects.
   *
   * @default - none
   */
  readonly subjectTransforms?: SubjectTransform[];
}

/** Options of a stream. */
export interface StreamOptions extends StorageOptions {
  /**
   * The subjects to store, as patterns. They must be the owner's own: below `prod.convex.` for the app `convex`.
   *
   * @default - those of the stream's name: `prod.convex.jobs.>`; none for a mirror
   */
  readonly subjects?: string[];

  /**
   * When messages are let go of.
   *
   * @default RetentionPolicy.LIMITS
   */
  readonly retention?: RetentionPolicy;

  /**
   * After how many seconds a message is removed, in whole seconds.
   *
   * @default - never
   * @knownAt apply
   */
  readonly maxAgeSeconds?: number;

  /**
   * How large the stream may become, in bytes, on each replica. The server sets the space aside.
   *
   * @default - no limit
   * @knownAt apply
   */
  readonly maxBytes?: number;

  /**
   * How many messages the stream may hold.
   *
   * @default - no limit
   * @knownAt apply
   */
  readonly maxMessages?: number;

  /**
   * How many messages of one subject the stream may hold.
   *
   * @default - no limit
   * @knownAt apply
   */
  readonly maxMessagesPerSubject?: number;

  /**
   * How large a message may be, in bytes, its headers included. Not less than the stream that this one copies takes, and
   * 1024 more for a source: a copy stops at the first message that is too large for it.
   *
   * @default - the server's `max_payload`
   * @knownAt apply
   */
  readonly maxMessageBytes?: number;

  /**
   * How many consumers the stream may have.
   *
   * @default - no limit
   * @knownAt apply
   */
  readonly maxConsumers?: number;

  /**
   * What a full stream does with the next message.
   *
   * @default DiscardPolicy.OLD
   * @knownAt apply
   */
  readonly discard?: DiscardPolicy;

  /**
   * Whether a subject that is full refuses a new message, with `DiscardPolicy.NEW` and `maxMessagesPerSubject`.
   *
   * @default false
   * @knownAt apply
   */
  readonly discardNewPerSubject?: boolean;

  /**
   * For how many seconds a message with the `Nats-Msg-Id` of an earlier one is dropped. At most `maxAgeSeconds`. With 0 a
   * stream with `sources` keeps messages of two of them that have the same id; nats-server 2.14 or newer.
   *
   * @default - 120, or `maxAgeSeconds` where that is less
   * @knownAt apply
   */
  readonly duplicateWindowSeconds?: number;

  /**
   * How the data is compressed on disk.
   *
   * @default Compression.NONE
   * @knownAt apply
   */
  readonly compression?: Compression;

  /**
   * Whether single messages cannot be deleted. Cannot be switched off later.
   *
   * @default - false, and true for the audit stream
   * @knownAt apply
   */
  readonly denyDelete?: boolean;

  /**
   * Whether the stream cannot be purged. Cannot be switched off later.
   *
   * @default - false, and true for the audit stream
   * @knownAt apply
   */
  readonly denyPurge?: boolean;

  /**
   * Whether a message with `Nats-Rollup` may replace all earlier ones. Not together with `denyPurge`.
   *
   * @default false
   * @knownAt apply
   */
  readonly allowRollup?: boolean;

  /**
   * Whether a message may have a time to live of its own (`Nats-TTL`). Changing it later replaces the stream.
   *
   * @default false
   * @knownAt apply
   */
  readonly allowMessageTtl?: boolean;

  /**
   * Where stored messages are published again.
   *
   * @default - nowhere
   */
  readonly republish?: Republish;

  /**
   * The stream that this one is a read-only copy of. Not together with `subjects` and `sources`. It answers direct reads in the
   * name of the other stream; so it must copy all of it, and keep as much and as long. For a part, use `sources`. What is
   * purged from the other stream stays in the mirror.
   *
   * @default - none
   */
  readonly mirror?: StreamSource;

  /**
   * Whether the mirror answers direct reads along with the other stream. The server refuses a value other than
   * `allow_direct` of the other stream, which is true for every stream of this library.
   *
   * @default - true for a mirror
   * @knownAt apply
   */
  readonly mirrorDirect?: boolean;

  /**
   * Streams whose messages are stored in this one too. The server refuses a stream that is reached on two ways of different
   * length (`sources: [a, b]`, where `b` copies `a`), unless the longer way comes first or has a `filterSubject`.
   *
   * @default - none
   */
  readonly sources?: StreamSource[];

  /**
   * A rewriting of subjects before messages are stored.
   *
   * @default - none
   */
  readonly subjectTransform?: SubjectTransform;

  /**
   * Free text by key. Keys that begin with `_nats.` are the server's.
   *
   * @default - none
   * @knownAt apply
   */
  readonly metadata?: { [key: string]: string };
}
