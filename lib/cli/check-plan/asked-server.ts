import { OWNER_KEY } from "../../naming/names";
import { UNKNOWN } from "../attribute-effects";
import type { Server } from "../server";

/** A stream as a server has it. */
interface ServerStream {
  readonly messages: number;
  readonly retention: string;
  readonly owner: string | undefined;
}

/** A key of a bucket, by the stream that the bucket is. */
export interface Key {
  readonly stream: string;
  readonly key: string;
}

const idOf = ({ stream, key }: Key) => `${stream} ${key}`;

/** The server's code for a stream that is not there. */
const NO_STREAM = 10059;

/** The headers of a message that says that a key is gone. */
const MARKS = ["KV-Operation", "Nats-Marker-Reason"];

/** The value of a key: undefined for one that is not there or deleted, UNKNOWN for one that the user may not read. */
async function keyValue({ streams }: Server, { stream, key }: Key): Promise<string | typeof UNKNOWN | undefined> {
  try {
    const message = await streams.getMessage(stream, { last_by_subj: `$${stream.replace("_", ".")}.${key}` });
    const isGone = MARKS.some((mark) => message?.header.has(mark));
    return isGone ? undefined : message?.string();
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === NO_STREAM) return undefined;
    return UNKNOWN;
  }
}

/** What a server says of streams of one account: that of the user who asks. */
export class AskedServer {
  /**
   * Asks for streams by their names, and for keys.
   *
   * @param account the account of the user; undefined where that is not known
   * @throws an error of the server other than that there is no such stream
   */
  public static async ask(
    server: Server,
    names: Iterable<string>,
    keys: readonly Key[],
    account: string | undefined,
  ): Promise<AskedServer> {
    const found = new Map<string, ServerStream>();
    for (const name of new Set(names)) {
      try {
        const { state, config } = await server.streams.info(name);
        const { retention, metadata } = config;
        found.set(name, { messages: state.messages, retention, owner: metadata?.[OWNER_KEY] });
      } catch (error) {
        if ((error as { readonly code?: unknown }).code !== NO_STREAM) throw error;
      }
    }
    const values = new Map<string, string | typeof UNKNOWN | undefined>();
    for (const key of keys) values.set(idOf(key), await keyValue(server, key));
    return new AskedServer(account, found, values);
  }

  private constructor(
    private readonly account: string | undefined,
    private readonly streams: ReadonlyMap<string, ServerStream>,
    private readonly values: ReadonlyMap<string, string | typeof UNKNOWN | undefined>,
  ) {}

  /** Whether it was asked for an account; undefined where it is not known which one it is, or which one was asked. */
  public isAbout(account: string | undefined): boolean | undefined {
    return account === undefined || this.account === undefined ? undefined : account === this.account;
  }

  /** A stream of an account, or of one that is not known; undefined where there is none, or another account was asked. */
  public find(stream: string, account: string | undefined): ServerStream | undefined {
    return this.isAbout(account) === false ? undefined : this.streams.get(stream);
  }

  /** The value of a key that was asked for: undefined where there is none, UNKNOWN where the user may not read it. */
  public valueOf(key: Key): string | typeof UNKNOWN | undefined {
    return this.values.get(idOf(key));
  }
}
