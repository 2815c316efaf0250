import type { StreamConfig, StreamSource } from "nats";
import { idParts, type ResourceType, seconds } from "./resource-type";
import type { ServerApi } from "./server-api";
import { type Attributes, type ServerStreamConfig, streamConfigOf } from "./stream-config";

const TYPE = "jetstream_stream";

/** The name of the stream that an id stands for. */
export function streamOfId(id: string): string {
  const [name = ""] = idParts(id, /^JETSTREAM_STREAM_(.+)$/, "stream");
  return name;
}

/** `jetstream_stream`: an identical stream that exists already is adopted, the server refuses a different one. */
export const streamResource: ResourceType = {
  async create(api, planned) {
    const config = checkedConfig(planned);
    await api.createStream(config, { pedantic: true });
    return `JETSTREAM_STREAM_${config.name}`;
  },

  async read(api: ServerApi, id: string) {
    const stream = await api.stream(streamOfId(id));
    return stream && attributesOf(stream.config as ServerStreamConfig);
  },

  async update(api, planned) {
    await api.updateStream(checkedConfig(planned), { pedantic: true });
  },

  async delete(api, prior) {
    await api.deleteStream(String(prior.name));
  },
};

function checkedConfig(planned: Attributes): ServerStreamConfig {
  const config = streamConfigOf(TYPE, planned);
  if (!config.subjects?.length && !config.mirror && !config.sources) {
    throw new Error("subjects are required for streams without mirrors or sources");
  }
  if (config.allow_msg_schedules && !config.allow_rollup_hdrs) {
    throw new Error("allow_msg_schedules requires allow_rollup_hdrs to be true");
  }
  return config;
}

function sourceBlock({ external, subject_transforms = [], ...source }: StreamSource): Attributes {
  return {
    name: source.name,
    filter_subject: source.filter_subject ?? "",
    start_seq: source.opt_start_seq ?? 0,
    start_time: source.opt_start_time ?? "",
    external: external ? [{ api: external.api, deliver: external.deliver ?? "" }] : [],
    subject_transform: subject_transforms.map(transformBlock),
  };
}

const transformBlock = ({ src, dest }: { src?: string; dest: string }) => ({ source: src ?? "", destination: dest });

/** Where the server has no mirror, source, placement and the like, the real provider leaves the state as it is. */
function attributesOf(config: ServerStreamConfig): Attributes {
  return {
    name: config.name,
    description: config.description ?? "",
    metadata: Object.fromEntries(Object.entries(config.metadata ?? {}).filter(([key]) => !key.startsWith("_nats."))),
    subjects: config.subjects ?? [],
    retention: config.retention,
    storage: config.storage,
    discard: config.discard,
    discard_new_per_subject: config.discard_new_per_subject ?? false,
    max_consumers: config.max_consumers,
    max_msgs: config.max_msgs,
    max_msgs_per_subject: config.max_msgs_per_subject,
    max_bytes: config.max_bytes,
    max_age: seconds(config.max_age),
    max_msg_size: config.max_msg_size,
    duplicate_window: seconds(config.duplicate_window),
    replicas: config.num_replicas,
    ack: !config.no_ack,
    compression: config.compression,
    deny_delete: config.deny_delete,
    deny_purge: config.deny_purge,
    allow_rollup_hdrs: config.allow_rollup_hdrs,
    allow_direct: config.allow_direct,
    max_ack_pending: config.consumer_limits?.max_ack_pending ?? 0,
    inactive_threshold: config.consumer_limits?.inactive_threshold ?? 0,
    first_seq: config.first_seq ?? 0,
    allow_msg_ttl: config.allow_msg_ttl ?? false,
    subject_delete_marker_ttl: seconds(config.subject_delete_marker_ttl),
    allow_msg_counter: config.allow_msg_counter ?? false,
    allow_atomic: config.allow_atomic ?? false,
    allow_msg_schedules: config.allow_msg_schedules ?? false,
    allow_batched: config.allow_batched ?? false,
    persist_mode: config.persist_mode === "async" ? "async" : "",
    ...(config.subject_transform && { subject_transform: [transformBlock(config.subject_transform)] }),
    ...(config.mirror && { mirror: [sourceBlock(config.mirror)], mirror_direct: config.mirror_direct }),
    ...(config.sources && { source: config.sources.map(sourceBlock) }),
    ...placementAttributes(config.placement),
    ...(config.republish && {
      republish_source: config.republish.src,
      republish_destination: config.republish.dest,
      republish_headers_only: config.republish.headers_only ?? false,
    }),
  };
}

/** Where a stream or bucket lies, if the server was told. */
export function placementAttributes(placement: StreamConfig["placement"]): Attributes {
  return placement ? { placement_cluster: placement.cluster ?? "", placement_tags: placement.tags ?? [] } : {};
}
