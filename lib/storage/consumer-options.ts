import type { RetiredData } from "./storage-options";

/** How a client says that a message is done with. */
export enum AckPolicy {
  /** Each message by itself. */
  EXPLICIT = "explicit",
  /** A message and all before it. */
  ALL = "all",
  /** Not at all: delivered is done. */
  NONE = "none",
}

/** Where in the stream a new consumer begins. */
export enum DeliverPolicy {
  /** With the first message. */
  ALL = "all",
  /** With the last message. */
  LAST = "last",
  /** With the last message of each subject. Needs `filterSubjects`. */
  LAST_PER_SUBJECT = "last_per_subject",
  /** With the next message that comes in. */
  NEW = "new",
}

/** How fast stored messages are delivered. */
export enum ReplayPolicy {
  /** As fast as the client takes them. */
  INSTANT = "instant",
  /** In the rhythm in which they came in. */
  ORIGINAL = "original",
}

/**
 * Options of a durable pull consumer. A change of where it begins, of `ackPolicy`, `replayPolicy`, `replicas` or
 * `memory` replaces the consumer, whose position is then lost; the others change in place.
 */
export interface ConsumerOptions {
  /**
   * Where the consumer begins. Not together with `startSequence` and `startTime`.
   *
   * @default DeliverPolicy.ALL
   */
  readonly deliverPolicy?: DeliverPolicy;

  /**
   * The sequence of the message to begin with.
   *
   * @default - as `deliverPolicy` says
   * @knownAt apply
   */
  readonly startSequence?: number;

  /**
   * The time to begin with, as in RFC 3339 of UTC in whole seconds: `2026-01-31T00:00:00Z`.
   *
   * @default - as `deliverPolicy` says
   * @knownAt apply
   */
  readonly startTime?: string;

  /**
   * How messages are acknowledged.
   *
   * @default AckPolicy.EXPLICIT
   * @knownAt apply
   */
  readonly ackPolicy?: AckPolicy;

  /**
   * After how many seconds a message that is not acknowledged is delivered again.
   *
   * @default 30
   * @knownAt apply
   */
  readonly ackWaitSeconds?: number;

  /**
   * How many times a message is delivered at most.
   *
   * @default - no limit
   * @knownAt apply
   */
  readonly maxDeliver?: number;

  /**
   * How long to wait before each further delivery, in seconds, in place of `ackWaitSeconds`. Not more steps than
   * `maxDeliver`.
   *
   * @default - `ackWaitSeconds` each time
   * @knownAt apply
   */
  readonly backoffSeconds?: number[];

  /**
   * How many messages may wait for acknowledgement before delivery stops. The default is the provider's.
   *
   * @default 20000
   * @knownAt apply
   */
  readonly maxAckPending?: number;

  /**
   * How many pull requests may wait at a time. The default is the server's. Cannot be changed later.
   *
   * @default 512
   * @knownAt apply
   */
  readonly maxWaiting?: number;

  /**
   * How many messages one pull request may ask for.
   *
   * @default - no limit
   * @knownAt apply
   */
  readonly maxRequestBatch?: number;

  /**
   * Whether only headers are delivered.
   *
   * @default false
   * @knownAt apply
   */
  readonly headersOnly?: boolean;

  /**
   * How fast stored messages are delivered.
   *
   * @default ReplayPolicy.INSTANT
   * @knownAt apply
   */
  readonly replayPolicy?: ReplayPolicy;

  /**
   * On how many servers the consumer's position lies, 1 to 5, and not more than the stream. On a stream with
   * `RetentionPolicy.INTEREST` or `WORKQUEUE` as many.
   *
   * @default - as the stream
   * @knownAt apply
   */
  readonly replicas?: number;

  /**
   * Whether the consumer's position is kept in memory, whatever the stream is kept in.
   *
   * @default - as the stream
   * @knownAt apply
   */
  readonly memory?: boolean;

  /**
   * What the consumer is for. At most 4096 bytes.
   *
   * @default - none
   * @knownAt apply
   */
  readonly description?: string;

  /**
   * Free text by key. Keys that begin with `_nats.` are the server's.
   *
   * @default - none
   * @knownAt apply
   */
  readonly metadata?: { [key: string]: string };

  /**
   * Whether Terraform refuses every plan that would destroy or replace the consumer, whose position would be lost. It
   * cannot refuse to destroy what is removed from the program.
   *
   * @default - the app's, then the platform's value, then true
   */
  readonly preventDestroy?: boolean;

  /**
   * Whether the consumer exists on the server already and is to be taken into Terraform's state. Remove the option once
   * it is applied.
   *
   * @default - the app's, then the platform's value, then false
   */
  readonly adopt?: boolean;

  /**
   * Whether the consumer is to go, and whether Terraform forgets it or destroys it, with its position in the stream. Remove
   * the declaration once it is applied.
   *
   * @default - that of the stream, the app's, then the platform's value, then not retired
   */
  readonly retired?: RetiredData;
}
