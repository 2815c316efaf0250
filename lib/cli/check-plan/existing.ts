import type { ConsumerInfo, StreamConfig, StreamInfo } from "@nats-io/jetstream";
import { OWNER_KEY } from "../../naming/names";
import type { Values } from "../attribute-effects";

/** What a server has of a resource before a plan is applied. */
export interface Existing {
  /** Attributes as the provider reads them, as far as a change of them loses something. */
  readonly attributes: Values;
  /** What a stream copies, as the attributes `mirror` and `source` say it. */
  readonly origins: Values;
  /** How many messages are in it; 0 for what is no stream or bucket. */
  readonly messages: number;
  /** The program that declares the stream that it is or is in. */
  readonly owner: string | undefined;
  /** How long the stream that it is or is in keeps messages; nothing for a value. */
  readonly retention: unknown;
}

/** A configuration with the members of which the client has no types. */
type Config = StreamConfig & { readonly [member: string]: unknown };

const NANOS = 1_000_000_000;

const seconds = (nanos: unknown) => (typeof nanos === "number" ? nanos / NANOS : 0);

type Origin = NonNullable<StreamConfig["sources"]>[number];

function originOf({ name, filter_subject, subject_transforms = [], external }: Origin): Values {
  return {
    name,
    filter_subject,
    subject_transform: subject_transforms.map(({ src, dest }) => ({ source: src, destination: dest })),
    external: external ? [{ api: external.api }] : [],
  };
}

function streamAttributes(config: Config): Values {
  return {
    allow_msg_counter: config.allow_msg_counter,
    allow_msg_schedules: config.allow_msg_schedules,
    allow_msg_ttl: config.allow_msg_ttl,
    deny_delete: config.deny_delete,
    deny_purge: config.deny_purge,
    discard: config.discard,
    inactive_threshold: seconds(config.consumer_limits?.inactive_threshold),
    max_age: seconds(config.max_age),
    max_bytes: config.max_bytes,
    max_consumers: config.max_consumers,
    max_msgs: config.max_msgs,
    max_msgs_per_subject: config.max_msgs_per_subject,
    persist_mode: config.persist_mode,
    retention: config.retention,
    storage: config.storage,
  };
}

const TYPES: { readonly [type: string]: (config: Config) => Values } = {
  jetstream_stream: streamAttributes,
  jetstream_kv_bucket: (config) => ({
    history: config.max_msgs_per_subject,
    limit_marker_ttl: seconds(config.subject_delete_marker_ttl),
    storage: config.storage,
    ttl: seconds(config.max_age),
  }),
  jetstream_obj_bucket: (config) => ({ storage: config.storage, ttl: seconds(config.max_age) }),
};

/** A stream of the server as a resource of a type. */
export function existingStream(type: string, { config, state }: StreamInfo): Existing {
  return {
    attributes: TYPES[type]?.(config as Config) ?? {},
    origins: { mirror: config.mirror ? [originOf(config.mirror)] : [], source: (config.sources ?? []).map(originOf) },
    messages: state.messages,
    owner: config.metadata?.[OWNER_KEY],
    retention: config.retention,
  };
}

/** A consumer of the server. */
export function existingConsumer({ config }: ConsumerInfo, stream: StreamInfo): Existing {
  const { filter_subject: one, filter_subjects: several = [], inactive_threshold: threshold } = config;
  return {
    attributes: {
      filter_subject: one,
      filter_subjects: one ? undefined : several,
      inactive_threshold: seconds(threshold),
      max_delivery: config.max_deliver,
    },
    origins: {},
    messages: 0,
    owner: stream.config.metadata?.[OWNER_KEY],
    retention: stream.config.retention,
  };
}

/** A value that a key has on the server. */
export const existingValue = (value: string): Existing => ({
  attributes: { value },
  origins: {},
  messages: 0,
  owner: undefined,
  retention: undefined,
});
