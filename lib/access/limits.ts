import type { Fault } from "../problems/fault";
import { type NumberRules, numberFaults, rule, unresolvedFault } from "../problems/value-rules";

/** Limits of a NATS account. */
export interface AccountLimits {
  /**
   * How many clients may be connected at a time.
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
   * How large a message may be, in bytes.
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

/** Limits of the JetStream of a NATS account. */
export interface JetStreamLimits {
  /**
   * How much the streams in memory may hold, in bytes.
   *
   * @default - no limit
   */
  readonly maxMemoryBytes?: number;

  /**
   * How much the streams on disk may hold, in bytes.
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
   * How many consumers there may be.
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
  const limits = Object.entries({ ...account, ...jetStream });
  return [
    ...numberFaults(account, ACCOUNT),
    ...numberFaults(jetStream, JETSTREAM),
    ...limits.map(([name, value]) => unresolvedFault(name, value)),
  ];
}
