import type { AckPolicy, ConsumerConfig, DeliverPolicy, ReplayPolicy, StreamConfig, StreamSource } from "nats";
import { withProviderDefaults } from "./behaviour";

/** Attributes of a resource, as Terraform's JSON has them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A stream's configuration with the fields that the `nats` package has no type for. */
export type ServerStreamConfig = Partial<StreamConfig> & {
  readonly allow_msg_ttl?: boolean;
  readonly subject_delete_marker_ttl?: number;
  readonly allow_msg_counter?: boolean;
  readonly allow_atomic?: boolean;
  readonly allow_msg_schedules?: boolean;
  readonly allow_batched?: boolean;
  readonly persist_mode?: string;
};

const NANOS = 1_000_000_000;

const nanos = (seconds: unknown) => Number(seconds ?? 0) * NANOS;

/** A block of a list, however it is written: Terraform's JSON allows one block without a list. */
export function blocksOf(value: unknown): Attributes[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as Attributes[];
}

/** An object without its fields that are undefined. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

const orUndefined = <T>(value: unknown): T | undefined => (value ? (value as T) : undefined);

/**
 * The configuration of the stream on the server for the attributes of a `jetstream_stream`, `jetstream_kv_bucket` or
 * `jetstream_obj_bucket`.
 */
export function streamConfigOf(type: string, attributes: Attributes): ServerStreamConfig {
  const given = withProviderDefaults(type, attributes);
  if (type === "jetstream_stream") return defined(streamOf(given));
  if (type === "jetstream_kv_bucket") return defined(keyValueBucketOf(given));
  if (type === "jetstream_obj_bucket") return defined(objectBucketOf(given));
  throw new Error(`${type} is no stream on the server`);
}

function placementOf({ placement_cluster: cluster, placement_tags: tags, placement_preferred: preferred }: Attributes) {
  if (!cluster && !preferred) return undefined;
  const place = { ...(cluster ? { cluster, tags: tags ?? [] } : {}), ...(preferred ? { preferred } : {}) };
  return place as StreamConfig["placement"];
}

function transformsOf(value: unknown) {
  return blocksOf(value).map(({ source, destination }) => ({ src: String(source), dest: String(destination) }));
}

function sourceOf(source: Attributes): StreamSource {
  const [external] = blocksOf(source.external);
  const transforms = transformsOf(source.subject_transform);
  return defined({
    name: String(source.name),
    opt_start_seq: orUndefined<number>(source.start_seq),
    opt_start_time: orUndefined<string>(source.start_time),
    filter_subject: orUndefined<string>(source.filter_subject),
    external: external && { api: String(external.api ?? ""), deliver: String(external.deliver ?? "") },
    subject_transforms: transforms.length > 0 ? transforms : undefined,
  });
}

/** The part that all three types write the same. */
function storageOf(given: Attributes) {
  return {
    description: orUndefined<string>(given.description),
    storage: given.storage as StreamConfig["storage"],
    num_replicas: Number(given.replicas),
    placement: placementOf(given),
  };
}

function streamOf(given: Attributes): ServerStreamConfig {
  const [mirror] = blocksOf(given.mirror);
  const sources = blocksOf(given.source).map(sourceOf);
  const metadata = Object.entries((given.metadata ?? {}) as Record<string, string>).filter(
    ([key]) => !key.startsWith("_nats."),
  );
  return {
    ...storageOf(given),
    name: String(given.name),
    subjects: (given.subjects as string[] | undefined) ?? undefined,
    retention: given.retention as StreamConfig["retention"],
    discard: given.discard as StreamConfig["discard"],
    discard_new_per_subject: orUndefined<boolean>(given.discard_new_per_subject),
    max_consumers: Number(given.max_consumers),
    max_msgs: Number(given.max_msgs),
    max_msgs_per_subject: Number(given.max_msgs_per_subject),
    max_bytes: Number(given.max_bytes),
    max_age: nanos(given.max_age),
    max_msg_size: Number(given.max_msg_size),
    duplicate_window: nanos(given.duplicate_window),
    no_ack: given.ack === false ? true : undefined,
    compression: given.compression as StreamConfig["compression"],
    deny_delete: Boolean(given.deny_delete),
    deny_purge: Boolean(given.deny_purge),
    allow_rollup_hdrs: Boolean(given.allow_rollup_hdrs),
    allow_direct: Boolean(given.allow_direct),
    mirror_direct: Boolean(mirror && given.mirror_direct),
    mirror: mirror && sourceOf(mirror),
    sources: sources.length > 0 ? sources : undefined,
    subject_transform: transformsOf(given.subject_transform)[0],
    republish: given.republish_source
      ? defined({
          src: String(given.republish_source),
          dest: String(given.republish_destination ?? ""),
          headers_only: given.republish_headers_only ? true : undefined,
        })
      : undefined,
    consumer_limits: defined({
      max_ack_pending: orUndefined<number>(given.max_ack_pending),
      inactive_threshold: orUndefined<number>(nanos(given.inactive_threshold)),
    }),
    metadata: metadata.length > 0 ? Object.fromEntries(metadata) : undefined,
    first_seq: orUndefined<number>(given.first_seq),
    allow_msg_ttl: orUndefined<boolean>(given.allow_msg_ttl),
    subject_delete_marker_ttl: orUndefined<number>(nanos(given.subject_delete_marker_ttl)),
    allow_msg_counter: orUndefined<boolean>(given.allow_msg_counter),
    allow_atomic: orUndefined<boolean>(given.allow_atomic),
    allow_msg_schedules: orUndefined<boolean>(given.allow_msg_schedules),
    allow_batched: orUndefined<boolean>(given.allow_batched),
    persist_mode: given.persist_mode === "async" ? "async" : undefined,
  };
}

function keyValueBucketOf(given: Attributes): ServerStreamConfig {
  const ttl = nanos(given.ttl);
  const markerTtl = nanos(given.limit_marker_ttl);
  return {
    ...storageOf(given),
    name: `KV_${given.name}`,
    subjects: [`$KV.${given.name}.>`],
    max_msgs_per_subject: Number(given.history) || 1,
    max_bytes: Number(given.max_bucket_size) || -1,
    max_msg_size: Number(given.max_value_size) || -1,
    max_age: ttl,
    duplicate_window: ttl > 0 ? Math.min(ttl, 120 * NANOS) : 120 * NANOS,
    max_msgs: -1,
    max_consumers: -1,
    retention: "limits" as StreamConfig["retention"],
    discard: "new" as StreamConfig["discard"],
    allow_rollup_hdrs: true,
    deny_delete: true,
    allow_direct: true,
    allow_msg_ttl: markerTtl > 0 ? true : undefined,
    subject_delete_marker_ttl: orUndefined<number>(markerTtl),
  };
}

function objectBucketOf(given: Attributes): ServerStreamConfig {
  return {
    ...storageOf(given),
    name: `OBJ_${given.name}`,
    subjects: [`$O.${given.name}.C.>`, `$O.${given.name}.M.>`],
    max_bytes: Number(given.max_bucket_size) || -1,
    max_age: nanos(given.ttl),
    retention: "limits" as StreamConfig["retention"],
    discard: "new" as StreamConfig["discard"],
    allow_rollup_hdrs: true,
    allow_direct: true,
    compression: (given.compression ? "s2" : "none") as StreamConfig["compression"],
  };
}

function deliveryOf(given: Attributes): Pick<ConsumerConfig, "deliver_policy" | "opt_start_seq" | "opt_start_time"> {
  const policy = (name: string) => ({ deliver_policy: name as DeliverPolicy });
  if (given.deliver_last) return policy("last");
  if (given.deliver_new) return policy("new");
  if (given.deliver_last_per_subject) return policy("last_per_subject");
  if (given.stream_sequence) return { ...policy("by_start_sequence"), opt_start_seq: Number(given.stream_sequence) };
  if (given.start_time) return { ...policy("by_start_time"), opt_start_time: String(given.start_time) };
  return policy("all");
}

/** The configuration of the consumer on the server for the attributes of a `jetstream_consumer`. */
export function consumerConfigOf(attributes: Attributes): Partial<ConsumerConfig> {
  const given = withProviderDefaults("jetstream_consumer", attributes);
  const filters = blocksOf(given.filter_subjects) as unknown as string[];
  const single = filters.length === 1 ? filters[0] : orUndefined<string>(given.filter_subject);
  const backoff = (blocksOf(given.backoff) as unknown as number[]).map(nanos);
  const metadata = (given.metadata ?? {}) as Record<string, string>;
  const priority = given.priority_policy === "none" ? undefined : given.priority_policy;
  return defined({
    name: String(given.durable_name),
    durable_name: String(given.durable_name),
    description: orUndefined<string>(given.description),
    ...deliveryOf(given),
    ack_policy: given.ack_policy as AckPolicy,
    ack_wait: nanos(given.ack_wait),
    max_deliver: Number(given.max_delivery),
    filter_subject: single,
    filter_subjects: filters.length > 1 ? filters : undefined,
    replay_policy: given.replay_policy as ReplayPolicy,
    sample_freq: `${given.sample_freq}%`,
    rate_limit_bps: orUndefined<number>(given.ratelimit),
    max_ack_pending: orUndefined<number>(given.max_ack_pending),
    max_waiting: given.delivery_subject ? undefined : orUndefined<number>(given.max_waiting),
    deliver_subject: orUndefined<string>(given.delivery_subject),
    deliver_group: given.delivery_subject ? orUndefined<string>(given.delivery_group) : undefined,
    flow_control: orUndefined<boolean>(given.flow_control),
    idle_heartbeat: orUndefined<number>(nanos(given.heartbeat || 0)),
    headers_only: orUndefined<boolean>(given.headers_only),
    max_batch: orUndefined<number>(given.max_batch),
    max_expires: orUndefined<number>(nanos(given.max_expires || 0)),
    max_bytes: orUndefined<number>(Number(given.max_bytes || 0)),
    inactive_threshold: orUndefined<number>(nanos(given.inactive_threshold)),
    num_replicas: Number(given.replicas),
    mem_storage: orUndefined<boolean>(given.memory),
    backoff: backoff.length > 0 ? backoff : undefined,
    metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
    priority_policy: priority,
    priority_groups: priority ? given.priority_groups : undefined,
    priority_timeout: orUndefined<number>(nanos(given.priority_timeout)),
  });
}
