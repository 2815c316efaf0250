import {
  AckPolicy,
  connect,
  Events,
  type JetStreamClient,
  type KV,
  type NatsConnection,
  headers as newHeaders,
  nkeyAuthenticator,
} from "nats";
import {
  Arrivals,
  type Client,
  type ConnectionOptions,
  type Headers,
  type KeyValue,
  type Message,
  type ObjectStore,
  PATIENCE,
  type PublishOptions,
  type Refusal,
  refusalsNoted,
  within,
} from "./client";

/** What the library has without declaring it. */
type UntypedKeyValue = Pick<KeyValue, "purgeDeletes">;

function headersOf(headers: Headers = {}) {
  const result = newHeaders();
  for (const [name, value] of Object.entries(headers)) result.set(name, value);
  return result;
}

/** The npm package `nats`. */
export class Js2Client implements Client {
  public static async connect(options: ConnectionOptions, direct: boolean): Promise<Js2Client> {
    const { url, user, password, seed, inboxPrefix } = options;
    const connection = await connect({
      servers: url,
      ...(seed === undefined
        ? { user, pass: password }
        : { authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)) }),
      ...(inboxPrefix !== undefined && { inboxPrefix }),
      reconnect: false,
      timeout: PATIENCE,
    });
    return new Js2Client(connection, direct);
  }

  public readonly refusals: Refusal[] = [];
  private readonly jetStream: JetStreamClient;

  private constructor(
    /** The connection, for what only this library is needed for. */
    public readonly connection: NatsConnection,
    private readonly direct: boolean,
  ) {
    this.jetStream = connection.jetstream({ timeout: PATIENCE });
    void this.watchRefusals();
  }

  public publish(subject: string, data = "", { reply, headers }: PublishOptions = {}): void {
    this.connection.publish(subject, data, { reply, ...(headers && { headers: headersOf(headers) }) });
  }

  public request(subject: string, data = "", headers?: Headers): Promise<Message> {
    return this.connection.request(subject, data, { timeout: PATIENCE, headers: headersOf(headers) });
  }

  public async subscribe(subject: string, answer?: (message: Message) => void): Promise<Arrivals> {
    const arrivals = new Arrivals(subject, answer);
    this.connection.subscribe(subject, { callback: arrivals.take });
    await this.flush();
    return arrivals;
  }

  public async flush(): Promise<void> {
    await within("flush", this.connection.flush());
    await refusalsNoted();
  }

  public store(subject: string, data: string, headers?: Headers) {
    return this.jetStream.publish(subject, data, { headers: headersOf(headers) });
  }

  public async keyValue(bucket: string, direct = this.direct, domain?: string): Promise<KeyValue> {
    const opened = await this.inDomain(domain).views.kv(bucket, {
      bindOnly: true,
      ...(direct && { allow_direct: true }),
    });
    return opened as KV & UntypedKeyValue;
  }

  public async objects(store: string): Promise<ObjectStore> {
    return this.jetStream.views.os(store);
  }

  public async readInOrder(stream: string, filters: readonly string[], count: number): Promise<string[]> {
    const consumer = await this.jetStream.consumers.get(stream, { filterSubjects: [...filters] });
    const messages = await consumer.fetch({ max_messages: count, expires: PATIENCE });
    const texts: string[] = [];
    for await (const message of messages) texts.push(message.string());
    return texts;
  }

  public async createDurable(stream: string, name: string, filter: string): Promise<void> {
    const manager = await this.connection.jetstreamManager({ timeout: PATIENCE });
    await manager.consumers.add(stream, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      filter_subject: filter,
    });
  }

  public async fetch(stream: string, durable: string, count: number, domain?: string): Promise<string[]> {
    const consumer = await this.inDomain(domain).consumers.get(stream, durable);
    const messages = await consumer.fetch({ max_messages: count, expires: PATIENCE });
    const texts: string[] = [];
    for await (const message of messages) {
      if (!(await message.ackAck())) throw new Error("acknowledgement was not taken");
      texts.push(message.string());
    }
    return texts;
  }

  public async deleteDurable(stream: string, name: string): Promise<void> {
    const manager = await this.connection.jetstreamManager({ timeout: PATIENCE });
    await manager.consumers.delete(stream, name);
  }

  public get isClosed(): boolean {
    return this.connection.isClosed();
  }

  public close(): Promise<void> {
    return this.connection.close();
  }

  private inDomain(domain: string | undefined): JetStreamClient {
    return domain === undefined ? this.jetStream : this.connection.jetstream({ timeout: PATIENCE, domain });
  }

  private async watchRefusals(): Promise<void> {
    for await (const { type, permissionContext } of this.connection.status()) {
      if (type !== Events.Error || !permissionContext) continue;
      this.refusals.push({ operation: permissionContext.operation, subject: permissionContext.subject });
    }
  }
}
