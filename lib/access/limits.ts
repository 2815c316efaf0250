import type { Fault } from "../problems/fault";
import { type NumberRules, numberFaults, rule } from "../problems/value-rules";

/** Limits of a NATS account. Synth refuses limits that are below what the program itself needs. */
export interface AccountLimits {
  /**
   * How many clients may be connected at a time. Terraform is one of them: it works on 10 resources at a time and connects
   * anew for each step, so that an apply of 10 or more takes up to 20. With a higher `-parallelism` it takes more.
   *
   * @default - no limit
   */
  readonly maxConnections?: number;

  /**
   * How many subscriptions one client may have.
   *
   * @default - no limit
   */
  readonly maxSubscriptions?: number;

  /**
   * How large a message may be, in bytes. Terraform's are the requests that make streams, and the values of entries: the
   * access documents have some 30,000 bytes where an app has the permissions of all client libraries.
   *
   * @default - the server's `max_payload`
   */
  readonly maxPayloadBytes?: number;

  /**
   * How many leaf nodes may be connected at a time.
   *
   * @default - no limit
   */
  readonly maxLeafNodes?: number;
}

/**
 * Limits of the JetStream of a NATS account. Synth refuses limits that are below what the program itself declares. When it
 * starts, the server sets the bytes of all accounts aside. Where that is more than its `max_file_store` or
 * `max_memory_store`, it does not start; at a reload, `nats-server -t` and the reload succeed, but an account has no JetStream,
 * which only the log says: "Error enabling jetstream on configured accounts".
 */
export interface JetStreamLimits {
  /**
   * How much the streams in memory may hold, in bytes. What has 3 replicas counts three times.
   *
   * @default - no limit
   */
  readonly maxMemoryBytes?: number;

  /**
   * How much the streams on disk may hold, in bytes. What has 3 replicas counts three times.
   *
   * @default - no limit
   */
  readonly maxFileBytes?: number;

  /**
   * How many streams, buckets included, there may be.
   *
   * @default - no limit
   */
  readonly maxStreams?: number;

  /**
   * How many consumers each stream may have.
   *
   * @default - no limit
   */
  readonly maxConsumers?: number;
}

const ACCOUNT: NumberRules<AccountLimits> = {
  maxConnections: { ...rule.count, unit: "connections" },
  maxSubscriptions: { ...rule.count, unit: "subscriptions" },
  maxPayloadBytes: rule.messageBytes,
  maxLeafNodes: { ...rule.count, unit: "leaf nodes" },
};

const JETSTREAM: NumberRules<JetStreamLimits> = {
  maxMemoryBytes: rule.bytes,
  maxFileBytes: rule.bytes,
  maxStreams: { ...rule.count, unit: "streams" },
  maxConsumers: { ...rule.count, unit: "consumers" },
};

/** What is wrong with the limits of an account and of its JetStream. */
export function limitFaults(account: AccountLimits = {}, jetStream: JetStreamLimits = {}): (Fault | undefined)[] {
  return [...numberFaults(account, ACCOUNT), ...numberFaults(jetStream, JETSTREAM)];
}
