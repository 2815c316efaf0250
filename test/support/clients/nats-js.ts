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

/** Headers as a library of nats.js has them; they can be made by its own function only. */
interface LibraryHeaders {
  set(name: string, value: string): void;
}

/** The connection of a library, with the headers that are its own. */
interface Connection<H extends LibraryHeaders> {
  publish(subject: string, data: string, options: { reply?: string; headers?: H }): void;
  request(subject: string, data: string, options: { timeout: number; headers: H }): Promise<Message>;
  subscribe(
    subject: string,
    options: { queue?: string; callback: (error: Error | null, message: Message) => void },
  ): unknown;
  flush(): Promise<void>;
  isClosed(): boolean;
  close(): Promise<void>;
}

interface PulledMessage {
  string(): string;
  ackAck(): Promise<boolean>;
}

interface Consumer {
  fetch(options: { max_messages: number; expires: number }): Promise<AsyncIterable<PulledMessage>>;
}

/** What manages the JetStream of an account in a library. */
interface Manager {
  readonly streams: {
    info(stream: string): Promise<{ readonly config: { readonly name: string } }>;
    getMessage(stream: string, query: { seq: number } | { last_by_subj: string }): Promise<{ string(): string } | null>;
  };
  readonly consumers: {
    update(stream: string, durable: string, config: { max_ack_pending: number }): Promise<unknown>;
    delete(stream: string, durable: string): Promise<boolean>;
  };
}

/** The JetStream of a library. */
interface JetStream<H extends LibraryHeaders> {
  publish(subject: string, data: string, options: { headers: H }): Promise<{ stream: string; seq: number }>;
  readonly consumers: { get(stream: string, durable: string): Promise<Consumer> };
}

/** The options of nats.js for a connection, which both libraries have. */
export function natsJsOptions<A>(options: ConnectionOptions, nkeyAuthenticator: (seed: Uint8Array) => A) {
  const { url, user, password, seed, inboxPrefix, name } = options;
  return {
    servers: url,
    ...(seed === undefined
      ? { user, pass: password }
      : { authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)) }),
    ...(inboxPrefix !== undefined && { inboxPrefix }),
    ...(name !== undefined && { name }),
    reconnect: false,
    timeout: PATIENCE,
  };
}

/** What the two libraries of nats.js do in the same way. */
export abstract class NatsJsClient<H extends LibraryHeaders, C extends Connection<H>, J extends JetStream<H>>
  implements Client
{
  public readonly refusals: Refusal[] = [];

  protected constructor(
    /** The connection, for what only this library is needed for. */
    public readonly connection: C,
    protected readonly direct: boolean,
    private readonly newHeaders: () => H,
  ) {
    void this.watchRefusals();
  }

  public publish(subject: string, data = "", { reply, headers }: PublishOptions = {}): void {
    this.connection.publish(subject, data, { reply, ...(headers && { headers: this.headersOf(headers) }) });
  }

  public request(subject: string, data = "", headers?: Headers): Promise<Message> {
    return this.connection.request(subject, data, { timeout: PATIENCE, headers: this.headersOf(headers) });
  }

  public async subscribe(subject: string, answer?: (message: Message) => void, queue?: string): Promise<Arrivals> {
    const arrivals = new Arrivals(subject, answer);
    this.connection.subscribe(subject, { callback: arrivals.take, ...(queue !== undefined && { queue }) });
    await this.flush();
    return arrivals;
  }

  public async flush(): Promise<void> {
    await within("flush", this.connection.flush());
    await refusalsNoted();
  }

  public store(subject: string, data: string, headers?: Headers) {
    return this.jetStream().publish(subject, data, { headers: this.headersOf(headers) });
  }

  public async fetch(stream: string, durable: string, count: number, domain?: string): Promise<string[]> {
    return textsOf(await this.jetStream(domain).consumers.get(stream, durable), count, async (message) => {
      if (!(await message.ackAck())) throw new Error("acknowledgement was not taken");
    });
  }

  public async deleteDurable(stream: string, name: string): Promise<void> {
    await (await this.manager()).consumers.delete(stream, name);
  }

  public async updateDurable(stream: string, name: string, maxAckPending: number): Promise<void> {
    await (await this.manager()).consumers.update(stream, name, { max_ack_pending: maxAckPending });
  }

  public async lookAt(stream: string, domain?: string): Promise<string> {
    return (await (await this.manager(domain)).streams.info(stream)).config.name;
  }

  public async message(stream: string, which: { sequence: number } | { last: string }): Promise<string> {
    const query = "last" in which ? { last_by_subj: which.last } : { seq: which.sequence };
    return (await (await this.manager()).streams.getMessage(stream, query))?.string() ?? "";
  }

  public get isClosed(): boolean {
    return this.connection.isClosed();
  }

  public close(): Promise<void> {
    return this.connection.close();
  }

  public abstract keyValue(bucket: string, direct?: boolean, domain?: string): Promise<KeyValue>;
  public abstract objects(store: string): Promise<ObjectStore>;
  public abstract readInOrder(stream: string, filters: readonly string[], count: number): Promise<string[]>;
  public abstract createDurable(stream: string, name: string, filter: string): Promise<void>;
  public abstract readBySubject(subject: string, count: number): Promise<string[]>;

  /** JetStream of the own account, or in a domain. */
  protected abstract jetStream(domain?: string): J;

  /** What manages the JetStream of the own account, or of a domain. */
  protected abstract manager(domain?: string): Promise<Manager>;

  /** Notes what the server refuses. */
  protected abstract watchRefusals(): Promise<void>;

  private headersOf(headers: Headers = {}): H {
    const result = this.newHeaders();
    for (const [name, value] of Object.entries(headers)) result.set(name, value);
    return result;
  }
}

/** The texts of the first messages that a consumer delivers, each taken first. */
export async function textsOf(
  consumer: Consumer,
  count: number,
  take: (message: PulledMessage) => Promise<void> = async () => {},
): Promise<string[]> {
  const texts: string[] = [];
  for await (const message of await consumer.fetch({ max_messages: count, expires: PATIENCE })) {
    await take(message);
    texts.push(message.string());
  }
  return texts;
}
