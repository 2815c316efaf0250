import type { NatsConnection, RequestError } from "@nats-io/transport-node";
import { Refusal } from "../refusal";
import type { AccountStorage, StorageBytes } from "./storage-shortage";

/** What a server says of its configuration. */
export interface ServerState {
  /** The id of the running server; after a restart it has another one. */
  readonly id: string;
  /** A digest of what the configuration says, with all files that it includes; comments do not change it. */
  readonly digest: string;
  /** When the server read its configuration, as it writes it: to the nanosecond, in UTC. */
  readonly loadedAt: string;
  /** What JetStream may store; undefined without JetStream, and in a cluster, where a server sets nothing aside. */
  readonly capacity: StorageBytes | undefined;
}

/** What a server has of JetStream in an account. */
export interface JetStreamAccount extends AccountStorage {
  /** What its streams reserve by their `max_bytes`. */
  readonly reserved: StorageBytes;
}

/** A server that does not answer. */
export class NoAnswer extends Error {
  public constructor(
    message: string,
    /** Whether the connection is lost; else the server is busy, as it is while it reads a configuration. */
    public readonly isLost: boolean,
  ) {
    super(message);
  }
}

/** How long a server may take for an answer, in milliseconds. */
const ANSWER_MILLIS = 5_000;

/**
 * How long it may take to read its configuration, in milliseconds. With 10,000 accounts that import services one takes
 * minutes. Where it dies meanwhile, the connection is lost at once.
 */
const RELOAD_MILLIS = 600_000;

interface Reply {
  readonly data?: unknown;
  readonly error?: { readonly description?: string };
}

interface Variables {
  readonly server_id: string;
  readonly config_digest?: string;
  readonly config_load_time: string;
  readonly jetstream?: {
    readonly config?: { readonly max_storage: number; readonly max_memory: number };
    readonly meta?: object;
  };
}

/** What a server tells of an account with JetStream. A limit that there is not is the greatest number. */
interface AccountDetail {
  readonly name: string;
  readonly reserved_storage: number;
  readonly reserved_memory: number;
  readonly stream_detail?: readonly { readonly config?: { readonly storage: string; readonly max_bytes: number } }[];
}

/** How many accounts are asked for at a time. */
const PAGE = 256;

const limitOf = (bytes: number) => (bytes < Number.MAX_SAFE_INTEGER ? bytes : undefined);

function reservedBy({ stream_detail = [] }: AccountDetail, storage: string): number {
  const ofKind = stream_detail.filter(({ config }) => config?.storage === storage);
  return ofKind.reduce((total, { config }) => total + Math.max(0, config?.max_bytes ?? 0), 0);
}

const jetStreamAccountOf = (detail: AccountDetail): JetStreamAccount => ({
  account: detail.name,
  maxFileBytes: limitOf(detail.reserved_storage),
  maxMemoryBytes: limitOf(detail.reserved_memory),
  reserved: { fileBytes: reservedBy(detail, "file"), memoryBytes: reservedBy(detail, "memory") },
});

function capacityOf({ jetstream }: Variables): StorageBytes | undefined {
  if (!jetstream?.config || jetstream.meta) return undefined;
  return { fileBytes: jetstream.config.max_storage, memoryBytes: jetstream.config.max_memory };
}

/** What a user of the system account asks the server that it is connected to; of a cluster it asks no other one. */
export class SystemAccount {
  /**
   * @param connection that of a user of the system account. It should have `ignoreClusterUpdates`: without it a connection that
   * is lost goes on with another server, whose files these are not.
   */
  public constructor(private readonly connection: NatsConnection) {}

  /**
   * What the server says of its configuration.
   *
   * @throws NoAnswer where there is none
   * @throws a refusal where the user is not of the system account
   */
  public async state(): Promise<ServerState> {
    const variables = await this.told<Variables>("VARZ");
    return {
      id: variables.server_id,
      digest: variables.config_digest ?? "",
      loadedAt: variables.config_load_time,
      capacity: capacityOf(variables),
    };
  }

  /** The names of all accounts that the server has now, also of those without clients. @throws NoAnswer where there is none */
  public async accounts(): Promise<ReadonlySet<string>> {
    const { accounts } = await this.told<{ readonly accounts?: readonly string[] }>("ACCOUNTZ");
    return new Set(accounts);
  }

  /** All accounts that have JetStream now. @throws NoAnswer where there is none */
  public async jetStreamAccounts(): Promise<readonly JetStreamAccount[]> {
    const found: JetStreamAccount[] = [];
    for (let isAll = false; !isAll; ) {
      const asked = { accounts: true, streams: true, config: true, limit: PAGE, offset: found.length };
      const { account_details = [] } = await this.told<{ readonly account_details?: readonly AccountDetail[] }>(
        "JSZ",
        JSON.stringify(asked),
      );
      found.push(...account_details.map(jetStreamAccountOf));
      isAll = account_details.length < PAGE;
    }
    return found;
  }

  /**
   * Lets the server read its configuration.
   *
   * @returns why it refuses it, in its words, after which its former configuration stays in force; undefined if it took it
   * @throws NoAnswer where there is none: it may have taken it, or not
   */
  public async reload(): Promise<string | undefined> {
    const { error } = await this.ask("RELOAD", RELOAD_MILLIS);
    return error && (error.description ?? "it does not say why").trim();
  }

  private async told<T>(what: string, options?: string): Promise<T> {
    const { data, error } = await this.ask(what, ANSWER_MILLIS, options);
    if (data === undefined) throw new NoAnswer(`${what}: ${error?.description ?? "nothing"}`, false);
    return data as T;
  }

  private async ask(what: string, timeout: number, options = ""): Promise<Reply> {
    const id = this.connection.info?.server_id;
    try {
      const answer = await this.connection.request(`$SYS.REQ.SERVER.${id}.${what}`, options, { timeout });
      return answer.json<Reply>();
    } catch (error) {
      const { name, message } = error as Error;
      if (!this.connection.isClosed() && isUnheard(error as Error)) throw notOfSystemAccount(message);
      throw new NoAnswer(`${what} of server ${id}: ${name}: ${message}`, this.connection.isClosed());
    }
  }
}

/** Whether nobody hears a request, or it may not be made: only users of the system account reach a server. */
const isUnheard = (error: Error) =>
  /permissions violation/i.test(error.message) || (error as Partial<RequestError>).isNoResponders?.() === true;

const notOfSystemAccount = (message: string) =>
  new Refusal(`the user may not ask the server: ${message}`, [
    "Only a user of the account that the server's configuration names as system_account may.",
    "Connect as one: NATS_USER with NATS_PASSWORD, NATS_CREDS or NATS_NKEY.",
  ]);
