import { idParts, type ResourceType, seconds } from "./resource-type";
import { ApiError } from "./server-api";
import { type ServerStreamConfig, streamConfigOf } from "./stream-config";
import { placementAttributes } from "./stream-resource";

const TYPE = "jetstream_kv_bucket";
const MAX_HISTORY = 64;

/**
 * `jetstream_kv_bucket`: refuses a bucket that exists already, even an identical one, and keeps quiet about the server's
 * error when it creates one, as the real provider does: Terraform then finds the bucket absent. Never changes replicas.
 */
export const kvBucketResource: ResourceType = {
  async create(api, planned) {
    const name = String(planned.name);
    if (await api.stream(`KV_${name}`)) throw new Error(`bucket ${name} already exist`);
    try {
      if (Number(planned.history) <= MAX_HISTORY) await api.createStream(streamConfigOf(TYPE, planned));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return `JETSTREAM_KV_${name}`;
  },

  async read(api, id) {
    const [name = ""] = idParts(id, /^JETSTREAM_KV_(.+)$/, "kv bucket");
    const config = (await api.stream(`KV_${name}`))?.config as ServerStreamConfig | undefined;
    return (
      config && {
        name,
        description: config.description ?? "",
        history: config.max_msgs_per_subject,
        ttl: seconds(config.max_age),
        storage: config.storage,
        max_value_size: config.max_msg_size,
        max_bucket_size: config.max_bytes,
        replicas: config.num_replicas,
        limit_marker_ttl: seconds(config.subject_delete_marker_ttl),
        ...placementAttributes(config.placement),
      }
    );
  },

  async update(api, planned) {
    const current = (await api.stream(`KV_${planned.name}`))?.config;
    if (!current) throw new Error("nats: bucket not found");
    const { num_replicas, republish, mirror, sources, compression } = current;
    await api.updateStream({
      ...streamConfigOf(TYPE, planned),
      num_replicas,
      republish,
      mirror,
      sources,
      compression,
    });
  },

  async delete(api, prior) {
    await api.deleteStream(`KV_${prior.name}`);
  },
};
