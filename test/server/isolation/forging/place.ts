import type { Account } from "../../../../lib/access/accounts";
import type { TestServer } from "../../../../scripts/tools/nats-server";
import { KEEPER_PASSWORD, keeperOf } from "../../../support/accounts-text";
import { Connection } from "./connection";

/** The inbox prefix of all keepers, by which their own traffic is told from that of attackers. */
export const KEEPER_INBOX = "_INBOX_keeper";

/** A running server with its accounts, each with a user who may do everything there. */
export class Place {
  /** Connects to all accounts of a server. */
  public static async of(server: TestServer, accounts: readonly Account[]): Promise<Place> {
    const keepers = await Promise.all(
      accounts.map(async ({ name }) => {
        const login = { url: server.url, user: keeperOf(name), password: KEEPER_PASSWORD };
        return [name, await Connection.open({ ...login, inboxPrefix: KEEPER_INBOX })] as const;
      }),
    );
    return new Place(server, accounts, new Map(keepers));
  }

  private constructor(
    public readonly server: TestServer,
    public readonly accounts: readonly Account[],
    private readonly keepers: ReadonlyMap<string, Connection>,
  ) {}

  public get version(): string {
    return [...this.keepers.values()][0]?.version ?? "";
  }

  /** Whether the server is of a version, such as 2.12, or newer. */
  public isAtLeast(major: number, minor: number): boolean {
    const [ownMajor = 0, ownMinor = 0] = this.version.split(".").map(Number);
    return ownMajor > major || (ownMajor === major && ownMinor >= minor);
  }

  public account(name: string): Account {
    const found = this.accounts.find((each) => each.name === name);
    if (!found) throw new Error(`no account ${name}`);
    return found;
  }

  /** The client that may do everything in an account. */
  public keeper(account: string): Connection {
    const found = this.keepers.get(account);
    if (!found) throw new Error(`no keeper of ${account}`);
    return found;
  }

  /** Connects the keepers again whose connections have ended, and says of which accounts they are. */
  public async revive(): Promise<string[]> {
    const ended = [...this.keepers].filter(([, { isClosed }]) => isClosed);
    await Promise.all(ended.map(([, keeper]) => keeper.revive()));
    return ended.map(([account]) => account);
  }

  /** Closes the connections; the server goes on. */
  public async leave(): Promise<void> {
    await Promise.all([...this.keepers.values()].map((keeper) => keeper.close()));
  }
}
