import { OWNER_KEY } from "../../naming/names";
import type { Server } from "../server";

/** A stream as a server has it. */
interface ServerStream {
  readonly messages: number;
  readonly retention: string;
  readonly owner: string | undefined;
}

/** The server's code for a stream that is not there. */
const NO_STREAM = 10059;

/** What a server says of streams of one account: that of the user who asks. */
export class AskedServer {
  /**
   * Asks for streams by their names.
   *
   * @param account the account of the user; undefined where that is not known
   * @throws an error of the server other than that there is no such stream
   */
  public static async ask(server: Server, names: Iterable<string>, account: string | undefined): Promise<AskedServer> {
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
    return new AskedServer(account, found);
  }

  private constructor(
    private readonly account: string | undefined,
    private readonly streams: ReadonlyMap<string, ServerStream>,
  ) {}

  /** Whether it was asked for an account; undefined where it is not known which one it is, or which one was asked. */
  public isAbout(account: string | undefined): boolean | undefined {
    return account === undefined || this.account === undefined ? undefined : account === this.account;
  }

  /** A stream of an account, or of one that is not known; undefined where there is none, or another account was asked. */
  public find(stream: string, account: string | undefined): ServerStream | undefined {
    return this.isAbout(account) === false ? undefined : this.streams.get(stream);
  }
}
