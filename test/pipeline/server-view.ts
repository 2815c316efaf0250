import type { ConsumerConfig, NatsConnection } from "nats";
import { type Resources, resolvedResources } from "../../scripts/tools/provider/apply";
import { type ApiOptions, ServerApi } from "../../scripts/tools/provider/server-api";
import { consumerConfigOf, type ServerStreamConfig, streamConfigOf } from "../../scripts/tools/provider/stream-config";

/** Everything of a platform that Terraform manages, as it is on a server or as it was asked for. */
export interface Contents {
  readonly streams: { readonly [name: string]: ServerStreamConfig };
  readonly consumers: { readonly [streamAndName: string]: Partial<ConsumerConfig> };
  /** Values by bucket and key. */
  readonly entries: { readonly [bucketAndKey: string]: string };
}

/** What a server has. */
export class ServerView {
  public readonly api: ServerApi;

  public constructor(connection: NatsConnection, options: ApiOptions = {}) {
    this.api = new ServerApi(connection, options);
  }

  /** All streams and consumers, and the values of the keys that are asked for. */
  public async contents(keys: readonly string[] = []): Promise<Contents> {
    const streams: Record<string, ServerStreamConfig> = {};
    const consumers: Record<string, Partial<ConsumerConfig>> = {};
    const entries: Record<string, string> = {};
    for (const { config } of await this.api.streams()) {
      streams[config.name] = withoutServerMetadata(config);
      for (const consumer of await this.api.consumers(config.name)) {
        consumers[`${config.name} ${consumer.name}`] = withoutServerMetadata(consumer.config);
      }
    }
    for (const bucketAndKey of keys) {
      const [bucket = "", key = ""] = bucketAndKey.split(" ");
      const entry = streams[`KV_${bucket}`] && (await this.api.entry(bucket, key));
      if (entry) entries[bucketAndKey] = entry.value;
    }
    return { streams, consumers, entries };
  }
}

/** What the generated Terraform of one or more stacks asks for. */
export function asked(...stacks: readonly Resources[]): Contents {
  const all = (type: string) => stacks.flatMap((json) => resolvedResources(json, type));
  const types = ["jetstream_stream", "jetstream_kv_bucket", "jetstream_obj_bucket"];
  const streams = types.flatMap((type) => all(type).map((each) => streamConfigOf(type, each)));
  const consumers = all("jetstream_consumer").map((each) => {
    const stream = String(each.stream_id).replace(/^JETSTREAM_STREAM_/, "");
    return [`${stream} ${each.durable_name}`, consumerConfigOf(each)] as const;
  });
  const entries = all("jetstream_kv_entry").map(
    ({ bucket, key, value }) => [`${bucket} ${key}`, String(value)] as const,
  );
  return {
    streams: Object.fromEntries(streams.map((config) => [config.name, config])),
    consumers: Object.fromEntries(consumers),
    entries: Object.fromEntries(entries),
  };
}

/** Expects a server to have what was asked for, neither more nor less, with every value that was asked for. */
export async function expectAsked(view: ServerView, ...stacks: readonly Resources[]): Promise<void> {
  const wanted = asked(...stacks);
  const found = await view.contents(Object.keys(wanted.entries));
  expect(Object.keys(found.streams).sort()).toEqual(Object.keys(wanted.streams).sort());
  expect(Object.keys(found.consumers).sort()).toEqual(Object.keys(wanted.consumers).sort());
  expect(found).toMatchObject(wanted);
}

function withoutServerMetadata<T extends { readonly metadata?: Record<string, string> }>({ metadata, ...config }: T) {
  const own = Object.entries(metadata ?? {}).filter(([key]) => !key.startsWith("_nats."));
  return own.length > 0 ? { ...config, metadata: Object.fromEntries(own) } : config;
}
