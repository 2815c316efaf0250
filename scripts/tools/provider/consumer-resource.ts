import type { ConsumerConfig } from "nats";
import { idParts, type ResourceType, seconds } from "./resource-type";
import { type Attributes, consumerConfigOf } from "./stream-config";
import { streamOfId } from "./stream-resource";

/** `jetstream_consumer`: a consumer that exists already is taken over and gets the planned configuration. */
export const consumerResource: ResourceType = {
  async create(api, planned) {
    const stream = streamOfId(String(planned.stream_id));
    await api.writeConsumer(stream, consumerConfigOf(planned), { pedantic: true });
    return `JETSTREAM_STREAM_${stream}_CONSUMER_${planned.durable_name}`;
  },

  async read(api, id) {
    const [stream = "", name = ""] = idParts(id, /^JETSTREAM_STREAM_(.+?)_CONSUMER_(.+)$/, "consumer");
    if (!(await api.stream(stream))) return undefined;
    const consumer = await api.consumer(stream, name);
    return consumer && { stream_id: `JETSTREAM_STREAM_${stream}`, ...attributesOf(consumer.config) };
  },

  async update(api, planned) {
    const stream = streamOfId(String(planned.stream_id));
    if (!(await api.consumer(stream, String(planned.durable_name)))) return;
    await api.writeConsumer(stream, consumerConfigOf(planned), { pedantic: true });
  },

  async delete(api, prior) {
    await api.deleteConsumer(streamOfId(String(prior.stream_id)), String(prior.durable_name));
  },
};

/** A consumer's configuration with the fields that the `nats` package has no type for. */
interface ServerConsumerConfig extends ConsumerConfig {
  readonly priority_policy?: string;
  readonly priority_groups?: string[];
  readonly priority_timeout?: number;
}

const START_FLAGS: { readonly [policy: string]: string } = {
  all: "deliver_all",
  new: "deliver_new",
  last: "deliver_last",
  last_per_subject: "deliver_last_per_subject",
};

function attributesOf(config: ServerConsumerConfig): Attributes {
  const flag = START_FLAGS[config.deliver_policy];
  return {
    durable_name: config.durable_name,
    description: config.description ?? "",
    metadata: Object.fromEntries(Object.entries(config.metadata ?? {}).filter(([key]) => !key.startsWith("_nats."))),
    delivery_subject: config.deliver_subject ?? "",
    delivery_group: config.deliver_group ?? "",
    ack_policy: config.ack_policy,
    ack_wait: seconds(config.ack_wait),
    max_delivery: config.max_deliver ?? -1,
    filter_subject: config.filter_subject ?? "",
    filter_subjects: config.filter_subjects ?? [],
    replay_policy: config.replay_policy,
    sample_freq: Number.parseInt(config.sample_freq ?? "0", 10),
    stream_sequence: config.opt_start_seq ?? 0,
    start_time: config.opt_start_time ?? "",
    ...(flag && { [flag]: true }),
    ratelimit: config.rate_limit_bps ?? 0,
    max_ack_pending: config.max_ack_pending ?? 0,
    max_waiting: config.max_waiting ?? 0,
    heartbeat: seconds(config.idle_heartbeat),
    flow_control: config.flow_control ?? false,
    headers_only: config.headers_only ?? false,
    max_batch: config.max_batch ?? 0,
    max_expires: seconds(config.max_expires),
    max_bytes: config.max_bytes ?? 0,
    inactive_threshold: seconds(config.inactive_threshold),
    replicas: config.num_replicas,
    memory: config.mem_storage ?? false,
    backoff: (config.backoff ?? []).map(seconds),
    priority_policy: config.priority_policy ?? "none",
    priority_groups: config.priority_groups ?? [],
    priority_timeout: seconds(config.priority_timeout),
  };
}
