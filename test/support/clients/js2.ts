import {
  AckPolicy,
  connect,
  consumerOpts,
  Events,
  headers,
  type JetStreamClient,
  type KV,
  type MsgHdrs,
  type NatsConnection,
  nkeyAuthenticator,
} from "nats";
import { type ConnectionOptions, collect, enough, type KeyValue, type ObjectStore, PATIENCE } from "./client";
import { NatsJsClient, natsJsOptions, textsOf } from "./nats-js";

/** What the library has without declaring it. */
type UntypedKeyValue = Pick<KeyValue, "purgeDeletes">;

/** The npm package `nats`. */
export class Js2Client extends NatsJsClient<MsgHdrs, NatsConnection, JetStreamClient> {
  public static async connect(options: ConnectionOptions, direct: boolean): Promise<Js2Client> {
    return new Js2Client(await connect(natsJsOptions(options, nkeyAuthenticator)), direct, headers);
  }

  public async keyValue(bucket: string, direct = this.direct, domain?: string): Promise<KeyValue> {
    const opened = await this.jetStream(domain).views.kv(bucket, {
      bindOnly: true,
      ...(direct && { allow_direct: true }),
    });
    return opened as KV & UntypedKeyValue;
  }

  public objects(store: string): Promise<ObjectStore> {
    return this.jetStream().views.os(store);
  }

  public async readInOrder(stream: string, filters: readonly string[], count: number): Promise<string[]> {
    return textsOf(await this.jetStream().consumers.get(stream, { filterSubjects: [...filters] }), count);
  }

  public async createDurable(stream: string, name: string, filter: string): Promise<void> {
    await (await this.manager()).consumers.add(stream, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      filter_subject: filter,
    });
  }

  public async readBySubject(subject: string, count: number): Promise<string[]> {
    const messages = await this.jetStream().subscribe(subject, consumerOpts().orderedConsumer());
    const all = await collect(subject, Object.assign(messages, { stop: () => messages.unsubscribe() }), enough(count));
    return all.map((message) => message.string());
  }

  protected manager(domain?: string) {
    return this.connection.jetstreamManager({ timeout: PATIENCE, ...(domain !== undefined && { domain }) });
  }

  protected jetStream(domain?: string): JetStreamClient {
    return this.connection.jetstream({ timeout: PATIENCE, ...(domain !== undefined && { domain }) });
  }

  protected async watchRefusals(): Promise<void> {
    for await (const { type, permissionContext } of this.connection.status()) {
      if (type !== Events.Error || !permissionContext) continue;
      this.refusals.push({ operation: permissionContext.operation, subject: permissionContext.subject });
    }
  }
}
