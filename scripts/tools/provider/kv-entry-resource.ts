import { idParts, type ResourceType } from "./resource-type";
import type { ServerApi } from "./server-api";

/** `jetstream_kv_entry`: writes over whatever value the key has. */
export const kvEntryResource: ResourceType = {
  async create(api, { bucket, key, value }) {
    await requireBucket(api, String(bucket));
    await api.putEntry(String(bucket), String(key), String(value));
    return `JETSTREAM_KV_${bucket}_ENTRY_${key}`;
  },

  async read(api, id) {
    const [bucket = "", key = ""] = idParts(id, /^JETSTREAM_KV_(.+?)_ENTRY_(.+)$/, "kv entry");
    if (!(await api.stream(`KV_${bucket}`))) return undefined;
    const entry = await api.entry(bucket, key);
    return entry && { bucket, key, ...entry };
  },

  async update(api, { bucket, key, value }) {
    await requireBucket(api, String(bucket));
    await api.putEntry(String(bucket), String(key), String(value));
  },

  async delete(api, { bucket, key }) {
    await requireBucket(api, String(bucket));
    await api.deleteEntry(String(bucket), String(key));
  },
};

async function requireBucket(api: ServerApi, bucket: string): Promise<void> {
  if (!(await api.stream(`KV_${bucket}`))) throw new Error("nats: bucket not found");
}
