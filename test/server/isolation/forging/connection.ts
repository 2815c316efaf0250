import { setTimeout as sleep } from "node:timers/promises";
import { headers, type Msg, type MsgHdrs, type NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import type { Headers } from "../../../support/clients/client";

/** How long an answer may take, in milliseconds. */
const TIMEOUT = 2000;

/** Whom a connection belongs to. */
export interface Login {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly inboxPrefix?: string;
}

/** What an API says. */
export interface Answer {
  readonly error?: { readonly code: number; readonly err_code?: number; readonly description: string };
  // biome-ignore lint/suspicious/noExplicitAny: answers of many kinds
  readonly [name: string]: any;
}

function headersOf(values: Headers): MsgHdrs {
  const made = headers();
  for (const [name, value] of Object.entries(values)) made.set(name, value);
  return made;
}

function connected({ url, user, password, inboxPrefix }: Login): Promise<NatsConnection> {
  return connect({ servers: url, user, pass: password, reconnect: false, ...(inboxPrefix && { inboxPrefix }) });
}

/** A client as near to the protocol as the library allows. Nothing that the server refuses ends it. */
export class Connection {
  public static async open(login: Login): Promise<Connection> {
    return new Connection(login, await connected(login));
  }

  /** Whether the server no longer answers, or not in a way that the library understands. */
  private broken = false;

  private constructor(
    private readonly login: Login,
    private nats: NatsConnection,
  ) {}

  public get version(): string {
    return this.nats.info?.version ?? "";
  }

  public get serverId(): string {
    return this.nats.info?.server_id ?? "";
  }

  public get isClosed(): boolean {
    return this.broken || this.nats.isClosed();
  }

  /** Publishes, unless the library refuses the subject. */
  public publish(subject: string, data = "", options: { reply?: string; headers?: Headers } = {}): void {
    const { reply, headers: values } = options;
    try {
      this.nats.publish(subject, data, { ...(reply && { reply }), ...(values && { headers: headersOf(values) }) });
    } catch {
      return;
    }
  }

  /** Sends a request and waits for its answer. */
  public request(subject: string, data = "", values: Headers = {}): Promise<Msg> {
    return this.nats.request(subject, data, { timeout: TIMEOUT, headers: headersOf(values) });
  }

  /** Asks an API; an answer that does not come is an error of it. */
  public async ask(subject: string, request: object | string = ""): Promise<Answer> {
    const data = typeof request === "string" ? request : JSON.stringify(request);
    try {
      return (await this.request(subject, data)).json<Answer>();
    } catch (error) {
      return { error: { code: 503, description: `${error}` } };
    }
  }

  /** Subscribes; the subscription ends by itself where it is not permitted. */
  public subscribe(subject: string, take: (message: Msg) => void, queue?: string): { unsubscribe(): void } {
    const callback = (error: Error | null, message: Msg) => (error ? undefined : take(message));
    return this.nats.subscribe(subject, { callback, ...(queue && { queue }) });
  }

  /** Resolves when the server has handled everything sent so far. */
  public async flush(): Promise<void> {
    if (this.isClosed) return;
    const answered = this.nats.flush().then(
      () => true,
      () => false,
    );
    const late = new AbortController();
    const waited = sleep(TIMEOUT, false, { signal: late.signal }).catch(() => false);
    this.broken = !(await Promise.race([answered, this.nats.closed().then(() => false), waited]));
    late.abort();
  }

  /** Connects again, without the subscriptions that there were. */
  public async revive(): Promise<void> {
    this.nats.close().catch(() => undefined);
    this.nats = await connected(this.login);
    this.broken = false;
  }

  public async close(): Promise<void> {
    await Promise.race([this.nats.close(), sleep(TIMEOUT, undefined, { ref: false })]);
  }
}

/** What an API says, or its error as an exception. */
export async function must(connection: Connection, subject: string, request: object | string = ""): Promise<Answer> {
  const answer = await connection.ask(subject, request);
  if (answer.error) throw new Error(`${subject}: ${answer.error.description}`);
  return answer;
}
