import type { NatsConnection, RequestError } from "@nats-io/transport-node";
import { Refusal } from "../refusal";

/** What a server says of its configuration. */
export interface ServerState {
  /** The id of the running server; after a restart it has another one. */
  readonly id: string;
  /** A digest of what the configuration says, with all files that it includes; comments do not change it. */
  readonly digest: string;
  /** When the server read its configuration, as it writes it: to the nanosecond, in UTC. */
  readonly loadedAt: string;
  /** What JetStream may store; undefined without JetStream, and in a cluster, where a server sets nothing aside. */
  readonly capacity: Capacity | undefined;
}

/** What the JetStream of a server may store, in bytes. */
export interface Capacity {
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

/** A server that does not answer, or a connection that is lost. */
export class NoAnswer extends Error {}

/** How long a server may take for an answer, in milliseconds. */
const ANSWER_MILLIS = 5_000;

/** How long it may take to read its configuration, in milliseconds: one of 10,000 accounts takes seconds. */
const RELOAD_MILLIS = 30_000;

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

function capacityOf({ jetstream }: Variables): Capacity | undefined {
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
    const { data } = await this.ask("VARZ", ANSWER_MILLIS);
    const variables = data as Variables;
    return {
      id: variables.server_id,
      digest: variables.config_digest ?? "",
      loadedAt: variables.config_load_time,
      capacity: capacityOf(variables),
    };
  }

  /** The names of all accounts that the server has now, also of those without clients. @throws NoAnswer where there is none */
  public async accounts(): Promise<ReadonlySet<string>> {
    const { data } = await this.ask("ACCOUNTZ", ANSWER_MILLIS);
    return new Set((data as { readonly accounts?: readonly string[] }).accounts);
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

  private async ask(what: string, timeout: number): Promise<Reply> {
    const id = this.connection.info?.server_id;
    try {
      const answer = await this.connection.request(`$SYS.REQ.SERVER.${id}.${what}`, "", { timeout });
      return answer.json<Reply>();
    } catch (error) {
      const { name, message } = error as Error;
      if (!this.connection.isClosed() && isUnheard(error as Error)) throw notOfSystemAccount(message);
      throw new NoAnswer(`${what} of server ${id}: ${name}: ${message}`);
    }
  }
}

/** Whether nobody hears a request: only users of the system account reach a server. */
const isUnheard = (error: Error) => (error as Partial<RequestError>).isNoResponders?.() === true;

const notOfSystemAccount = (message: string) =>
  new Refusal(`the user may not ask the server: ${message}`, [
    "Only a user of the account that the server's configuration names as system_account may.",
    "Connect as one: NATS_USER with NATS_PASSWORD, NATS_CREDS or NATS_NKEY.",
  ]);
