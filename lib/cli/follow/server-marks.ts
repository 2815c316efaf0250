import type { NatsConnection, RequestError } from "@nats-io/transport-node";
import * as names from "../../naming/names";
import { Refusal } from "../refusal";
import { CONNECTION_HELP } from "../server";
import { digestInMappings } from "./marker";

/** A server, and which accounts it has in force. */
export interface ServerMark {
  readonly name: string;
  readonly id: string;
  /** The digest of the accounts; undefined where it does not say: it does not answer, or has other ones without a mark. */
  readonly digest: string | undefined;
  /** When it read its configuration, as it writes it; undefined where it does not answer. */
  readonly loadedAt: string | undefined;
}

/** A connection of a client that gets messages of other accounts. */
export interface ImportingConnection {
  readonly server: string;
  readonly user: string;
  readonly client: string;
  readonly since: string;
}

/** How long servers may take for an answer, in milliseconds. */
const ANSWER_MILLIS = 2_000;

/** How long no further server may answer until all are taken for found, in milliseconds. */
const STALL_MILLIS = 300;

/** How many connections a server is asked for. */
const MOST_CONNECTIONS = 4096;

interface Pong {
  readonly server?: { readonly name: string; readonly id: string };
}

interface Answer<T> {
  readonly data?: T;
}

interface Variables {
  readonly config_load_time: string;
}

interface AccountZ {
  readonly account_detail?: { readonly mappings?: { readonly [subject: string]: unknown } };
}

interface ConnZ {
  readonly connections?: readonly {
    readonly cid: number;
    readonly name?: string;
    readonly authorized_user?: string;
    readonly start: string;
  }[];
}

/** Asks all servers of a cluster, as a user of the system account. */
export class Servers {
  public constructor(private readonly connection: NatsConnection) {}

  /**
   * All servers that answer, by name, and what they have in force.
   *
   * @param expected how many there are; undefined where that is not known
   * @throws a refusal where the user may not ask
   */
  public async marks(expected: number | undefined): Promise<ServerMark[]> {
    const found = await this.servers(expected);
    const marks = await Promise.all([...found].map(([id, name]) => this.markOf(id, name)));
    return marks.sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** The connections of MONITOR, which gets messages of all platforms. */
  public async monitors(marks: readonly ServerMark[]): Promise<ImportingConnection[]> {
    const asked = JSON.stringify({ acc: names.MONITOR.account, auth: true, limit: MOST_CONNECTIONS });
    const found = await Promise.all(
      marks.map(async ({ id, name }) => {
        const { connections = [] } = (await this.told<ConnZ>(id, "CONNZ", asked)) ?? {};
        return connections.map((each) => ({
          server: name,
          user: each.authorized_user ?? names.MONITOR.user,
          client: each.name || `connection ${each.cid}`,
          since: each.start,
        }));
      }),
    );
    return found.flat();
  }

  private async servers(expected: number | undefined): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    try {
      const answers = await this.connection.requestMany("$SYS.REQ.SERVER.PING", "", {
        maxWait: ANSWER_MILLIS,
        ...(expected === undefined
          ? { strategy: "stall" as const, stall: STALL_MILLIS }
          : { strategy: "count" as const, maxMessages: expected }),
      });
      for await (const answer of answers) {
        const { server } = answer.json<Pong>();
        if (server) found.set(server.id, server.name);
      }
    } catch (error) {
      if (isUnheard(error as Error)) throw mayNotAsk((error as Error).message);
      if (found.size === 0 && this.connection.isClosed()) throw error;
    }
    return found;
  }

  private async markOf(id: string, name: string): Promise<ServerMark> {
    const account = JSON.stringify({ account: names.ACCESS.account });
    const [variables, access] = await Promise.all([
      this.told<Variables>(id, "VARZ"),
      this.told<AccountZ>(id, "ACCOUNTZ", account),
    ]);
    const digest = digestInMappings(Object.keys(access?.account_detail?.mappings ?? {}));
    return { name, id, digest, loadedAt: variables?.config_load_time };
  }

  private async told<T>(id: string, what: string, options = ""): Promise<T | undefined> {
    try {
      const answer = await this.connection.request(`$SYS.REQ.SERVER.${id}.${what}`, options, {
        timeout: ANSWER_MILLIS,
      });
      return answer.json<Answer<T>>().data;
    } catch (error) {
      if (/permissions violation/i.test((error as Error).message)) throw mayNotAsk((error as Error).message);
      return undefined;
    }
  }
}

/** Whether nobody hears a request, or it may not be made: only users of the system account reach servers. */
const isUnheard = (error: Error) =>
  /permissions violation/i.test(error.message) || (error as Partial<RequestError>).isNoResponders?.() === true;

const mayNotAsk = (message: string) =>
  new Refusal(`the user may not ask the servers: ${message}`, [
    "Connect as a user of the system account, as --reload-user and --system-user make one.",
    ...CONNECTION_HELP,
  ]);
