import { idParts, type ResourceType, seconds } from "./resource-type";
import { streamConfigOf } from "./stream-config";
import { placementAttributes } from "./stream-resource";

const TYPE = "jetstream_obj_bucket";

/** `jetstream_obj_bucket`: refuses a bucket that exists already, even an identical one. */
export const objBucketResource: ResourceType = {
  async create(api, planned) {
    const name = String(planned.name);
    if (await api.stream(`OBJ_${name}`)) throw new Error(`bucket ${name} already exist`);
    await api.createStream(streamConfigOf(TYPE, planned));
    return `JETSTREAM_OBJ_${name}`;
  },

  async read(api, id) {
    const [name = ""] = idParts(id, /^JETSTREAM_OBJ_(.+)$/, "object store bucket");
    const config = (await api.stream(`OBJ_${name}`))?.config;
    return (
      config && {
        name,
        description: config.description ?? "",
        ttl: seconds(config.max_age),
        storage: config.storage,
        max_bucket_size: config.max_bytes,
        replicas: config.num_replicas,
        compression: config.compression === "s2",
        ...placementAttributes(config.placement),
      }
    );
  },

  async update(api, planned) {
    const current = (await api.stream(`OBJ_${planned.name}`))?.config;
    if (!current) throw new Error("nats: bucket not found");
    await api.updateStream({ ...streamConfigOf(TYPE, planned), metadata: current.metadata });
  },

  async delete(api, prior) {
    await api.deleteStream(`OBJ_${prior.name}`);
  },
};
