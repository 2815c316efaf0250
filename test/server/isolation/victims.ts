import { PlatformNaming } from "../../../lib";
import { type AccountContents, accountContents } from "../../support/account-contents";
import type { Arrivals, Client } from "../../support/clients/client";
import type { World } from "../world";
import { settle } from "./ground";

/** Everybody but the attacker: the platform's account, that of its access documents and its reader, that of the other app if it has one, and MONITOR. */
export class Victims {
  /**
   * The victims of the app `convex` of a platform.
   *
   * @param others platforms of the same server, of which MONITOR receives messages too
   */
  public static async of(world: World, platform: string, others: readonly string[] = []): Promise<Victims> {
    const { account, accessAccount } = PlatformNaming.of(platform);
    const accounts = new Set([account, world.accountOf(`${platform}-cache`), accessAccount]);
    const keepers = await Promise.all([...accounts].map((account) => world.keeper(account)));
    const watchers = await Promise.all([...accounts, "ACCESS", "MONITOR"].map((account) => world.keeper(account)));
    const arrivals = await Promise.all(watchers.map((watcher) => watcher.subscribe(">")));
    return new Victims(platform, others, keepers, arrivals);
  }

  private constructor(
    private readonly platform: string,
    private readonly others: readonly string[],
    private readonly keepers: readonly Client[],
    private readonly arrivals: readonly Arrivals[],
  ) {}

  /** Everything that they have, but the durable consumer that is the attacker's own. */
  public async contents(): Promise<AccountContents[]> {
    const all = await Promise.all(this.keepers.map(accountContents));
    for (const contents of all) delete contents[`${this.platform}_events`]?.consumers.convex;
    return all;
  }

  /**
   * Expects an attack to change nothing that they have, and no message to reach anybody among them but on the subjects
   * that the attacker may use.
   */
  public async expectUnharmed(mayUse: RegExp, attack: () => Promise<unknown>): Promise<void> {
    const before = await this.contents();
    await settle();
    const marks = this.arrivals.map(({ messages }) => messages.length);
    await attack();
    await settle();
    const subjects = this.arrivals.flatMap(({ messages }, index) =>
      messages.slice(marks[index]).map(({ subject }) => subject),
    );
    const isOthers = (subject: string) => this.others.some((platform) => subject.startsWith(`${platform}.`));
    expect(subjects.filter((subject) => !mayUse.test(subject) && !isOthers(subject))).toEqual([]);
    expect(await this.contents()).toEqual(before);
  }
}
