import type { ConsumerConfig, NatsConnection } from "nats";
import { type Resources, resolvedResources } from "../../scripts/tools/provider/apply";
import { type ApiOptions, ServerApi } from "../../scripts/tools/provider/server-api";
import { consumerConfigOf, type ServerStreamConfig, streamConfigOf } from "../../scripts/tools/provider/stream-config";
import { DocumentsReader } from "../support/access-documents";

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

/** The access documents of a platform, which are in an account of their own, as their reader sees them. */
export class DocumentsView {
  private readonly reader: DocumentsReader;

  public constructor(
    connection: NatsConnection,
    private readonly platform: string,
  ) {
    this.reader = new DocumentsReader(connection, platform);
  }

  /** The bucket, and the documents among the keys that are asked for. */
  public async contents(keys: readonly string[] = []): Promise<Contents> {
    const { config } = await this.reader.info();
    const bucket = `${this.platform}_access `;
    const own = keys.filter((each) => each.startsWith(bucket));
    const texts = await Promise.all(
      own.map(async (each) => [each, await this.reader.text(each.slice(bucket.length))] as const),
    );
    const entries = texts.filter((each): each is readonly [string, string] => each[1] !== undefined);
    return {
      streams: { [config.name]: withoutServerMetadata(config) },
      consumers: {},
      entries: Object.fromEntries(entries),
    };
  }
}

/** What somebody sees of a server. */
export type View = Pick<ServerView, "contents">;

/** What several see of a server together, each in another account. */
export async function seenBy(views: readonly View[], keys: readonly string[] = []): Promise<Contents> {
  const seen = await Promise.all(views.map((view) => view.contents(keys)));
  return {
    streams: Object.assign({}, ...seen.map(({ streams }) => streams)),
    consumers: Object.assign({}, ...seen.map(({ consumers }) => consumers)),
    entries: Object.assign({}, ...seen.map(({ entries }) => entries)),
  };
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
export async function expectAsked(views: readonly View[], ...stacks: readonly Resources[]): Promise<void> {
  const wanted = asked(...stacks);
  const found = await seenBy(views, Object.keys(wanted.entries));
  expect(Object.keys(found.streams).sort()).toEqual(Object.keys(wanted.streams).sort());
  expect(Object.keys(found.consumers).sort()).toEqual(Object.keys(wanted.consumers).sort());
  expect(found).toMatchObject(wanted);
}

function withoutServerMetadata<T extends { readonly metadata?: Record<string, string> }>({ metadata, ...config }: T) {
  const own = Object.entries(metadata ?? {}).filter(([key]) => !key.startsWith("_nats."));
  return own.length > 0 ? { ...config, metadata: Object.fromEntries(own) } : config;
}
