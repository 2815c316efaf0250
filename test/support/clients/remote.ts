import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import {
  Arrivals,
  type Client,
  type ConnectionOptions,
  type Entry,
  type Headers,
  type Iteration,
  type KeyValue,
  type Message,
  type ObjectInfo,
  type ObjectStore,
  PATIENCE,
  type PublishOptions,
  type Refusal,
  Unsupported,
  within,
} from "./client";

/** What a driver says: the result of a request, or something that happened to a connection. */
type Said =
  | { readonly id: number; readonly value?: unknown; readonly error?: string; readonly unsupported?: boolean }
  | { readonly event: "refusal"; readonly connection: number; readonly operation: string; readonly subject: string }
  | { readonly event: "message"; readonly connection: number; readonly subscription: number; readonly message: Sent }
  | { readonly event: "item"; readonly connection: number; readonly iteration: number; readonly item: unknown };

interface Sent {
  readonly subject: string;
  readonly reply?: string;
  readonly data: string;
  readonly headers?: Headers;
  readonly code?: number;
}

interface SentEntry {
  readonly key: string;
  readonly operation: string;
  readonly revision: number;
  readonly value: string;
}

type Waiting = { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void };

/** How long a driver may take for a request; a client's own patience is shorter. */
const DRIVER_PATIENCE = 2 * PATIENCE;

/**
 * A program in another language that holds connections of its client library and does what each line of its input says.
 * `README.md` in `drivers` has the protocol.
 */
export class DriverProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly clients = new Map<number, RemoteClient>();
  private last = 0;
  private complaints = "";

  public constructor(command: readonly string[]) {
    const [program = "", ...args] = command;
    this.child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stderr?.on("data", (data) => {
      this.complaints = `${this.complaints}${data}`.slice(-2000);
    });
    this.child.on("exit", (status) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`driver ended: ${status} ${this.complaints}`));
    });
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on("line", (line) => this.hear(line));
  }

  /** Opens a connection. */
  public async connect(options: ConnectionOptions): Promise<Client> {
    const connection = ++this.last;
    const client = new RemoteClient(this, connection);
    this.clients.set(connection, client);
    await this.ask(connection, "connect", { ...options });
    return client;
  }

  /** Lets the driver do something, and resolves with what comes of it. */
  public ask<T>(connection: number, op: string, args: object): Promise<T> {
    const id = ++this.last;
    const answer = new Promise<T>((resolve, reject) => this.waiting.set(id, { resolve: resolve as never, reject }));
    this.child.stdin?.write(`${JSON.stringify({ id, connection, op, ...args })}\n`);
    return within(op, answer, DRIVER_PATIENCE).finally(() => this.waiting.delete(id));
  }

  /** A number that nothing else of the driver has. */
  public newId(): number {
    return ++this.last;
  }

  /** Ends the driver with all its connections. */
  public stop(): void {
    this.child.stdin?.end();
    this.child.kill();
  }

  private hear(line: string): void {
    const said: Said = JSON.parse(line);
    if ("event" in said) {
      this.clients.get(said.connection)?.hear(said);
      return;
    }
    const waiting = this.waiting.get(said.id);
    if (said.error === undefined) waiting?.resolve(said.value as never);
    else waiting?.reject(said.unsupported ? new Unsupported(said.error) : new Error(said.error));
  }
}

const textOf = (base64: string) => Buffer.from(base64, "base64").toString();
const base64Of = (data: string | Uint8Array) => Buffer.from(data).toString("base64");

function entryOf({ key, operation, revision, value }: SentEntry): Entry {
  const text = textOf(value);
  return { key, operation, revision, length: Buffer.from(value, "base64").length, string: () => text };
}

/** Items that a driver reports one by one. */
class RemoteIteration<T> implements Iteration<T> {
  private readonly items: T[] = [];
  private wake: (() => void) | undefined;
  private stopped = false;

  public constructor(private readonly end: () => void) {}

  public take(item: T): void {
    this.items.push(item);
    this.wake?.();
  }

  public stop(): void {
    this.stopped = true;
    this.wake?.();
    this.end();
  }

  public async *[Symbol.asyncIterator](): AsyncIterator<T> {
    while (!this.stopped) {
      const next = this.items.shift();
      if (next !== undefined) yield next;
      else {
        await new Promise<void>((wake) => {
          this.wake = wake;
        });
      }
    }
  }
}

/** A connection that a driver holds. */
export class RemoteClient implements Client {
  public readonly refusals: Refusal[] = [];
  private readonly subscriptions = new Map<number, Arrivals>();
  private readonly iterations = new Map<number, (item: never) => void>();
  private closed = false;

  public constructor(
    private readonly driver: DriverProcess,
    private readonly connection: number,
  ) {}

  public get isClosed(): boolean {
    return this.closed;
  }

  /** Takes what happened to the connection. */
  public hear(said: Said): void {
    if (!("event" in said)) return;
    if (said.event === "refusal") this.refusals.push({ operation: said.operation, subject: said.subject });
    else if (said.event === "item") this.iterations.get(said.iteration)?.(said.item as never);
    else this.subscriptions.get(said.subscription)?.take(null, this.messageOf(said.message));
  }

  public publish(subject: string, data = "", { reply, headers }: PublishOptions = {}): void {
    this.ask("publish", { subject, data: base64Of(data), reply, headers }).catch(() => undefined);
  }

  public async request(subject: string, data = "", headers?: Headers): Promise<Message> {
    return this.messageOf(await this.ask("request", { subject, data: base64Of(data), headers }));
  }

  public async subscribe(subject: string, answer?: (message: Message) => void, queue?: string): Promise<Arrivals> {
    const subscription = this.driver.newId();
    const arrivals = new Arrivals(subject, answer);
    this.subscriptions.set(subscription, arrivals);
    await this.ask("subscribe", { subject, queue, subscription });
    await this.flush();
    return arrivals;
  }

  public async flush(): Promise<void> {
    await this.ask("flush", {});
  }

  public store(subject: string, data: string, headers?: Headers): Promise<{ stream: string; seq: number }> {
    return this.ask("store", { subject, data: base64Of(data), headers });
  }

  public async keyValue(bucket: string, _direct?: boolean, domain?: string): Promise<KeyValue> {
    const ask = <T>(op: string, args: object = {}) => this.ask<T>(op, { bucket, domain, ...args });
    const list = async <T>(op: string, args: object, itemOf: (item: never) => T) => {
      const items = (await ask<never[]>(op, args)).map(itemOf);
      const iteration = new RemoteIteration<T>(() => undefined);
      for (const item of items) iteration.take(item);
      return iteration;
    };
    return {
      get: async (key, options) => {
        const entry = await ask<SentEntry | null>("kvGet", { key, revision: options?.revision });
        return entry && entryOf(entry);
      },
      put: (key, value) => ask("kvPut", { key, value: base64Of(value) }),
      create: (key, value) => ask("kvCreate", { key, value: base64Of(value) }),
      update: (key, value, revision) => ask("kvUpdate", { key, value: base64Of(value), revision }),
      delete: (key) => ask("kvDelete", { key }),
      purge: (key) => ask("kvPurge", { key }),
      keys: (filter = ">") => list("kvKeys", { filter }, (key: string) => key),
      history: ({ key }) => list("kvHistory", { key }, entryOf as (item: never) => Entry),
      watch: ({ key }) => this.iterate("kvWatch", { bucket, domain, keys: [key].flat() }, entryOf),
      purgeDeletes: () => ask("kvPurgeDeletes"),
      status: () => ask("kvStatus"),
    };
  }

  public async objects(store: string): Promise<ObjectStore> {
    const ask = <T>(op: string, args: object = {}) => this.ask<T>(op, { store, ...args });
    return {
      putBlob: ({ name }, data) => ask("objectPut", { name, data: base64Of(data) }),
      getBlob: async (name) => {
        const data = await ask<string | null>("objectGet", { name });
        return data === null ? null : Buffer.from(data, "base64");
      },
      info: (name) => ask("objectInfo", { name }),
      list: () => ask("objectList"),
      watch: () => this.iterate("objectWatch", { store }, (info: ObjectInfo) => info),
      delete: (name) => ask("objectDelete", { name }),
      status: () => ask("objectStatus"),
    };
  }

  public readInOrder(stream: string, filters: readonly string[], count: number): Promise<string[]> {
    return this.texts("readInOrder", { stream, filters, count });
  }

  public readBySubject(subject: string, count: number): Promise<string[]> {
    return this.texts("readBySubject", { subject, count });
  }

  public createDurable(stream: string, name: string, filter: string): Promise<void> {
    return this.ask("createDurable", { stream, name, filter });
  }

  public fetch(stream: string, durable: string, count: number, domain?: string): Promise<string[]> {
    return this.texts("fetch", { stream, durable, count, domain });
  }

  public deleteDurable(stream: string, name: string): Promise<void> {
    return this.ask("deleteDurable", { stream, name });
  }

  public updateDurable(stream: string, name: string, maxAckPending: number): Promise<void> {
    return this.ask("updateDurable", { stream, name, maxAckPending });
  }

  public lookAt(stream: string, domain?: string): Promise<string> {
    return this.ask("lookAt", { stream, domain });
  }

  public async message(stream: string, which: { sequence: number } | { last: string }): Promise<string> {
    return textOf(await this.ask("message", { stream, ...which }));
  }

  public async close(): Promise<void> {
    this.closed = true;
    await this.ask("close", {}).catch(() => undefined);
  }

  private ask<T>(op: string, args: object): Promise<T> {
    return this.driver.ask(this.connection, op, args);
  }

  private async texts(op: string, args: object): Promise<string[]> {
    return (await this.ask<string[]>(op, args)).map(textOf);
  }

  private async iterate<S, T>(op: string, args: object, itemOf: (item: S) => T): Promise<Iteration<T>> {
    const iteration = this.driver.newId();
    const items = new RemoteIteration<T>(() => {
      this.iterations.delete(iteration);
      this.ask("stop", { iteration }).catch(() => undefined);
    });
    this.iterations.set(iteration, (item) => items.take(itemOf(item)));
    await this.ask(op, { iteration, ...args });
    return items;
  }

  private messageOf({ subject, reply, data, headers = {}, code = 0 }: Sent): Message {
    const text = textOf(data);
    return {
      subject,
      reply,
      headers: { get: (name) => headers[name] ?? "", code },
      string: () => text,
      respond: (payload = "") => {
        if (reply) this.publish(reply, payload);
        return reply !== undefined;
      },
    };
  }
}
