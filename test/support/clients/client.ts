import { NatsClient } from "../../../lib";

/** A program in another language that uses a client library for the tests; `go` has two. */
export type Driver = "go" | "go-legacy" | "python" | "java" | "rust" | "cli";

/** A client library; one of nats.js is used with or without `allow_direct`. */
export interface Variant {
  readonly name: string;
  /** What an app calls the library. */
  readonly client: NatsClient;
  readonly library: "nats" | "@nats-io" | Driver;
  /** Whether buckets are opened with `allow_direct`. */
  readonly direct: boolean;
}

export const VARIANTS: readonly Variant[] = [
  { name: "js2", client: NatsClient.NATS_JS_V2, library: "nats", direct: false },
  { name: "js2d", client: NatsClient.NATS_JS_V2, library: "nats", direct: true },
  { name: "js3", client: NatsClient.NATS_JS_V3, library: "@nats-io", direct: false },
  { name: "js3d", client: NatsClient.NATS_JS_V3, library: "@nats-io", direct: true },
];

/** The client libraries of other languages, each of which needs the tools of its language. */
export const FURTHER_VARIANTS: readonly Variant[] = [
  { name: "go", client: NatsClient.NATS_GO, library: "go", direct: false },
  { name: "go-legacy", client: NatsClient.NATS_GO_LEGACY, library: "go-legacy", direct: false },
  { name: "python", client: NatsClient.NATS_PY, library: "python", direct: false },
  { name: "cli", client: NatsClient.NATS_CLI, library: "cli", direct: false },
  { name: "java", client: NatsClient.NATS_JAVA, library: "java", direct: false },
  { name: "rust", client: NatsClient.NATS_RUST, library: "rust", direct: false },
];

/** Something that a client library cannot do at all, whatever it is permitted. */
export class Unsupported extends Error {}

/** What the server said it does not permit. */
export interface Refusal {
  readonly operation: string;
  readonly subject: string;
}

/** How a client connects. */
export interface ConnectionOptions {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** The seed of an nkey, in place of user and password. */
  readonly seed?: string;
  readonly inboxPrefix?: string;
  /** What the client says it is called; the drivers of other languages do not say it. */
  readonly name?: string;
}

export interface Message {
  readonly subject: string;
  readonly reply?: string;
  readonly headers?: { get(name: string): string; readonly code: number };
  string(): string;
  respond(payload?: string): boolean;
}

export interface Entry {
  readonly key: string;
  readonly operation: string;
  readonly revision: number;
  readonly length: number;
  string(): string;
}

/** An iterator of a client library, which goes on until it is stopped. */
export interface Iteration<T> extends AsyncIterable<T> {
  stop(): void;
}

/** What the key-value stores of both libraries have in common. */
export interface KeyValue {
  get(key: string, options?: { revision: number }): Promise<Entry | null>;
  put(key: string, value: Uint8Array): Promise<number>;
  create(key: string, value: Uint8Array): Promise<number>;
  update(key: string, value: Uint8Array, revision: number): Promise<number>;
  delete(key: string): Promise<void>;
  purge(key: string): Promise<void>;
  keys(filter?: string): Promise<Iteration<string>>;
  history(options: { key: string }): Promise<Iteration<Entry>>;
  watch(options: { key: string | string[] }): Promise<Iteration<Entry>>;
  purgeDeletes(olderMillis?: number): Promise<unknown>;
  status(): Promise<{ readonly bucket: string }>;
}

export interface ObjectInfo {
  readonly name: string;
  readonly size: number;
  readonly digest: string;
  readonly deleted: boolean;
}

/** What the object stores of both libraries have in common. */
export interface ObjectStore {
  putBlob(meta: { name: string }, data: Uint8Array): Promise<ObjectInfo>;
  getBlob(name: string): Promise<Uint8Array | null>;
  info(name: string): Promise<ObjectInfo | null>;
  list(): Promise<ObjectInfo[]>;
  watch(options?: { includeHistory?: boolean }): Promise<Iteration<ObjectInfo | null>>;
  delete(name: string): Promise<unknown>;
  status(): Promise<{ readonly bucket: string; readonly size: number }>;
}

/** Headers of a message by name. */
export interface Headers {
  readonly [name: string]: string;
}

export interface PublishOptions {
  readonly reply?: string;
  readonly headers?: Headers;
}

/** What tests do with NATS, the same for each client library. Nothing here waits longer than `PATIENCE`. */
export interface Client {
  /** The permissions violations that the server has reported to this client. */
  readonly refusals: readonly Refusal[];
  publish(subject: string, data?: string, options?: PublishOptions): void;
  request(subject: string, data?: string, headers?: Headers): Promise<Message>;
  /** Subscribes, also in a queue group; each message is answered as it comes in, if an answer is given. */
  subscribe(subject: string, answer?: (message: Message) => void, queue?: string): Promise<Arrivals>;
  /** Resolves when the server has handled everything sent so far, and its refusals have come in. */
  flush(): Promise<void>;
  /** Publishes to a stream and waits for the acknowledgement. */
  store(subject: string, data: string, headers?: Headers): Promise<{ readonly stream: string; readonly seq: number }>;
  /** Opens a bucket, with `allow_direct` as the variant or the caller says. */
  keyValue(bucket: string, direct?: boolean, domain?: string): Promise<KeyValue>;
  objects(store: string): Promise<ObjectStore>;
  /** The data of the first messages that an ordered consumer delivers. */
  readInOrder(stream: string, filters: readonly string[], count: number): Promise<string[]>;
  createDurable(stream: string, name: string, filter: string): Promise<void>;
  /** Fetches messages of a durable consumer, acknowledges each and waits until the server has taken that. */
  fetch(stream: string, durable: string, count: number, domain?: string): Promise<string[]>;
  deleteDurable(stream: string, name: string): Promise<void>;
  /** Changes a durable consumer that exists. */
  updateDurable(stream: string, name: string, maxAckPending: number): Promise<void>;
  /** The name of a stream, as the server says it. */
  lookAt(stream: string, domain?: string): Promise<string>;
  /** The data of the first messages of a subject, in whichever stream they are: the client looks it up. */
  readBySubject(subject: string, count: number): Promise<string[]>;
  /** The data of one message of a stream: by its sequence, or the last one of a subject. */
  message(stream: string, which: { readonly sequence: number } | { readonly last: string }): Promise<string>;
  readonly isClosed: boolean;
  close(): Promise<void>;
}

/** How long a client waits for an answer, in milliseconds. */
export const PATIENCE = 5000;

/** The result of a promise, or an error once it took too long. */
export async function within<T>(what: string, promise: Promise<T>, milliseconds = PATIENCE): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when a client has had the time to note what the server reported: that comes through an iterator. */
export const refusalsNoted = () => new Promise<void>((resolve) => setTimeout(resolve, 2));

/** Collects from an iteration until a condition holds, then stops it; fails when nothing more comes. */
export async function collect<T>(what: string, iteration: Iteration<T>, enough: (soFar: readonly T[]) => boolean) {
  const all: T[] = [];
  const items = iteration[Symbol.asyncIterator]();
  try {
    while (!enough(all)) {
      const { done, value } = await within(`${what}, after ${all.length} items`, items.next());
      if (done) throw new Error(`${what}: ended after ${all.length} items`);
      all.push(value);
    }
    return all;
  } finally {
    iteration.stop();
  }
}

/** The condition that so many items are there. */
export const enough = (count: number) => (soFar: readonly unknown[]) => soFar.length >= count;

/** What has arrived at a subscription. */
export class Arrivals {
  public readonly messages: Message[] = [];
  private readonly waiting: (() => void)[] = [];
  private failure: unknown;

  public constructor(
    private readonly subject: string,
    private readonly answer?: (message: Message) => void,
  ) {}

  public readonly take = (error: unknown, message: Message): void => {
    if (error) this.failure = error;
    else this.messages.push(message);
    if (!error) this.answer?.(message);
    for (const wake of this.waiting.splice(0)) wake();
  };

  /** The first message that satisfies a condition, now or later. */
  public async first(condition: (message: Message) => boolean = () => true): Promise<Message> {
    const search = async (): Promise<Message> => {
      for (;;) {
        const found = this.messages.find(condition);
        if (found) return found;
        if (this.failure) throw this.failure;
        await new Promise<void>((wake) => this.waiting.push(wake));
      }
    };
    return within(`message on ${this.subject}`, search());
  }
}
