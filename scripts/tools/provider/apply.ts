import type { NatsConnection } from "nats";
import { ServerApi } from "./server-api";
import { type Attributes, consumerConfigOf, streamConfigOf } from "./stream-config";

/** The resources of Terraform's JSON, by type and address. */
export interface Resources {
  readonly resource?: { readonly [type: string]: { readonly [name: string]: Attributes } };
}

const STORAGE_TYPES = ["jetstream_stream", "jetstream_kv_bucket", "jetstream_obj_bucket"];

/**
 * Creates the resources of a stack (`cdk.tf.json`, parsed) on a server, without Terraform: for tests of the server.
 *
 * @param connection a connection of the user that Terraform has
 * @param json the stack
 * @param provider the provider whose resources are meant, as a resource names it; of all, if left out
 */
export async function applyResources(connection: NatsConnection, json: Resources, provider?: string): Promise<void> {
  const api = new ServerApi(connection);
  const of = (type: string) =>
    resolvedResources(json, type).filter((each) => provider === undefined || each.provider === provider);
  const streams = STORAGE_TYPES.flatMap((type) => of(type).map((each) => streamConfigOf(type, each)));
  const sourcesLast = (config: (typeof streams)[number]) => Number(Boolean(config.mirror || config.sources));
  for (const config of streams.sort((one, other) => sourcesLast(one) - sourcesLast(other))) {
    await api.createStream(config);
  }
  for (const consumer of of("jetstream_consumer")) {
    await api.writeConsumer(String(consumer.stream_id).replace(/^JETSTREAM_STREAM_/, ""), consumerConfigOf(consumer));
  }
  for (const { bucket, key, value } of of("jetstream_kv_entry")) {
    await api.putEntry(String(bucket), String(key), String(value));
  }
}

/** The resources of one type, with their references to other resources of the stack resolved. */
export function resolvedResources(json: Resources, type: string): Attributes[] {
  return Object.values(json.resource?.[type] ?? {}).map((each) => resolved(each, json));
}

/** Attributes with their references to other resources of the stack replaced by what they stand for. */
function resolved(attributes: Attributes, json: Resources): Attributes {
  const resolve = (value: unknown): unknown => {
    if (typeof value === "string") return resolvedText(value, json);
    if (Array.isArray(value)) return value.map(resolve);
    return value;
  };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, resolve(value)]));
}

/** A text with `${jetstream_stream.X.id}` or `${jetstream_stream.X.name}` resolved. */
function resolvedText(text: string, json: Resources): string {
  const [, address = "", attribute] = /^\$\{jetstream_stream\.([\w-]+)\.(id|name)\}$/.exec(text) ?? [];
  if (!attribute) return text;
  const target = json.resource?.jetstream_stream?.[address];
  if (!target) throw new Error(`${text} names no resource of the stack`);
  return attribute === "id" ? `JETSTREAM_STREAM_${target.name}` : String(target.name);
}
