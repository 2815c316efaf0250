import { type JetStreamClient, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/nats-core";
import { connect, type NodeConnectionOptions } from "@nats-io/transport-node";
import type { BucketDocument } from "./unit-documents";

/** How long a server may take for an answer, in milliseconds. */
const TIMEOUT = 2_000;

/** The bucket of a platform's access documents, as a user of its account writes it. */
export class AccessBucket {
  /** Makes the bucket, or takes the one that is there. */
  public static async at(
    url: string | string[],
    platform: string,
    user: string,
    pass: string,
    replicas = 1,
    more: NodeConnectionOptions = {},
  ) {
    const connection = await connect({ servers: url, user, pass, timeout: TIMEOUT, reconnect: false, ...more });
    const bucket = new AccessBucket(connection, jetstream(connection, { timeout: TIMEOUT }), `${platform}_access`);
    await bucket.make(replicas);
    return bucket;
  }

  private constructor(
    public readonly connection: NatsConnection,
    private readonly client: JetStreamClient,
    private readonly name: string,
  ) {}

  private get stream() {
    return `KV_${this.name}`;
  }

  /** Makes the bucket. */
  public async make(replicas = 1): Promise<void> {
    const manager = await jetstreamManager(this.connection, { checkAPI: false, timeout: TIMEOUT });
    await manager.streams.add({
      name: this.stream,
      subjects: [`$KV.${this.name}.>`],
      max_msgs_per_subject: 1,
      allow_rollup_hdrs: true,
      allow_direct: true,
      deny_delete: true,
      num_replicas: replicas,
    });
  }

  /** Writes documents one after the other. */
  public async write(...documents: readonly Pick<BucketDocument, "key" | "text">[]): Promise<void> {
    for (const { key, text } of documents) await this.client.publish(this.subject(key), text);
  }

  /** Deletes keys, as a client of key-value buckets does. */
  public async delete(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const mark = headers();
      mark.set("KV-Operation", "DEL");
      await this.client.publish(this.subject(key), "", { headers: mark });
    }
  }

  /** Purges all keys, without a trace. */
  public async purge(): Promise<void> {
    await (await jetstreamManager(this.connection, { checkAPI: false, timeout: TIMEOUT })).streams.purge(this.stream);
  }

  /** Deletes the bucket. */
  public async destroy(): Promise<void> {
    await (await jetstreamManager(this.connection, { checkAPI: false, timeout: TIMEOUT })).streams.delete(this.stream);
  }

  /** Makes the bucket anew. */
  public async empty(): Promise<void> {
    await this.destroy();
    await this.make();
  }

  /** Closes the connection. */
  public close(): Promise<void> {
    return this.connection.close();
  }

  private subject(key: string) {
    return `$KV.${this.name}.${key}`;
  }
}

/** Accounts of the server with a bucket of access documents for each platform, and the reader of them. */
export function accessAccounts(platforms: readonly string[]): string {
  const api = (platform: string) => ["INFO", "MSG.GET"].map((what) => `STREAM.${what}.KV_${platform}_access`);
  const all = platforms.flatMap((platform) => api(platform).map((subject) => ({ platform, subject })));
  const imports = all.map(
    ({ platform, subject }) =>
      `{ service: { account: ${platform.toUpperCase()}_ACCESS, subject: "$JS.API.${subject}" }, to: "$JS.${platform}.API.${subject}" }`,
  );
  const publish = all.map(({ platform, subject }) => `"$JS.${platform}.API.${subject}"`);
  const reader = `{ user: access-reader, password: reader, permissions: { publish: [${publish}], subscribe: ["_INBOX.>"] } }`;
  const own = platforms.map((platform) => {
    const services = api(platform).map((subject) => `{ service: "$JS.API.${subject}", accounts: [ACCESS] }`);
    const writer = `{ user: ${platform}-access-terraform, password: writer }`;
    return `  ${platform.toUpperCase()}_ACCESS { jetstream: enabled, users: [${writer}], exports: [${services}] }`;
  });
  return [
    "system_account: SYS",
    "accounts {",
    "  SYS { users: [{ user: sys, password: sys }] }",
    ...own,
    `  ACCESS { users: [${reader}], imports: [${imports.join(", ")}] }`,
    "}",
  ].join("\n");
}
