import { setTimeout as sleep } from "node:timers/promises";
import type { Msg } from "@nats-io/nats-core";
import type { Account, User } from "../../../../lib/access/accounts";
import { KEEPER_PASSWORD, keeperOf } from "../../../support/accounts-text";
import type { Draft } from "./attempt";
import { type Belongings, filled } from "./belongings";
import type { Finding } from "./changes";
import { Connection } from "./connection";
import { Expected, filtersOf } from "./expected";
import type { Place } from "./place";
import type { Secrets } from "./secrets";
import { stateOf } from "./state";
import { outsideOf, type StoredName, storedNamesOf } from "./stored-names";
import { attemptOf, Taps } from "./taps";
import { type Target, targetsOf } from "./targets";

/** Who attacks: whoever may do everything in an account, or one of its users. */
export interface Attacker {
  readonly account: string;
  readonly user?: string;
  readonly password?: string;
}

/** How often it is looked whether something still happens, in milliseconds, and how often at most. */
const PAUSE = 12;
const LOOKS = 150;

/** Of the names that are led to where nothing leads on, only each so many-th is tried. */
const SAMPLE = 20;

/** An attacker with everything that it can aim at, and whoever watches the others. */
export class Field {
  /** Lets an attacker connect and the others be watched. */
  public static async of(place: Place, belongings: Belongings, secrets: Secrets, attacker: Attacker): Promise<Field> {
    const account = place.account(attacker.account);
    const user = account.users.find(({ name }) => name === attacker.user);
    const client = await Connection.open({
      url: place.server.url,
      user: attacker.user ?? keeperOf(attacker.account),
      password: attacker.password ?? KEEPER_PASSWORD,
      inboxPrefix: user?.inboxPrefix,
    });
    belongings.accept(
      await stateOf(
        place,
        place.accounts.map(({ name }) => name),
      ),
    );
    const field = new Field(place, belongings, secrets, account, user, client);
    await field.taps.open();
    field.listen();
    await client.flush();
    return field;
  }

  /** The other accounts. */
  public readonly victims: readonly Account[];
  public readonly expected: Expected;
  public readonly taps: Taps;
  public readonly targets: readonly Target[];
  public readonly names: readonly StoredName[];
  private learned: Finding[] = [];
  private received = 0;
  private readonly logged: number;

  private constructor(
    public readonly place: Place,
    public readonly belongings: Belongings,
    private readonly secrets: Secrets,
    /** The attacker's account. */
    public readonly account: Account,
    /** The attacker, if it is a user with permissions. */
    public readonly user: User | undefined,
    /** The attacker's connection. */
    public readonly client: Connection,
  ) {
    const { accounts } = place;
    this.victims = accounts.filter(({ name }) => name !== account.name);
    this.expected = new Expected(accounts, account.name, belongings.state);
    this.taps = new Taps(place, this.victims, () => belongings.state, this.expected);
    this.targets = targetsOf(account, accounts, belongings.state);
    const names = storedNamesOf(account, accounts, belongings.state, client.serverId);
    this.names = outsideOf([], names);
    this.logged = place.server.log.length;
  }

  /** Who attacks. */
  public get attacker(): string {
    return this.user ? `${this.account.name} as ${this.user.name}` : this.account.name;
  }

  /** Every target with every name; where nothing leads on, only with some. */
  public crossed(): Draft[] {
    return this.targets.flatMap(({ subject: target, leads }, row) =>
      this.names
        .filter((_, index) => leads || (index + row) % SAMPLE === 0)
        .map(({ subject: stored, data }) => ({ target, stored, data })),
    );
  }

  /** Resolves when nothing more arrives anywhere. */
  public async settle(): Promise<void> {
    let quiet = 0;
    for (let look = 0; look < LOOKS && quiet < 2; look++) {
      const before = this.taps.heard + this.received;
      await sleep(PAUSE);
      await Promise.all([this.client.flush(), this.taps.flush()]);
      quiet = this.taps.heard + this.received === before ? quiet + 1 : 0;
    }
  }

  /** What the attacker has learned since this was last called. */
  public takeLearned(): Finding[] {
    const taken = this.learned;
    this.learned = [];
    return taken;
  }

  /** The other accounts whose connections have ended, or all of them if the server was told to stop; they are made again. */
  public async takeEnded(): Promise<Finding[]> {
    const log = this.place.server.log.slice(this.logged);
    if (/Reloaded server|lame duck/i.test(log))
      throw new Error(`the server was reloaded or stopped:\n${log.slice(-500)}`);
    const ended = await this.place.revive();
    if (ended.length > 0) {
      this.taps.close();
      await this.taps.open();
    }
    if (this.client.isClosed) {
      await this.client.revive();
      this.listen();
    }
    return ended
      .filter((name) => name !== this.account.name)
      .map((account) => ({ account, kind: "takeover", what: "the connection of a client has ended" }));
  }

  /** Puts back what accounts had, unheard by whoever watches them. */
  public async repair(accounts: readonly string[]): Promise<void> {
    await this.unheard(async () => {
      for (const account of accounts) await this.belongings.restore(account);
    });
  }

  /** Gives the consumers from which the attacker may fetch so many messages more. */
  public async replenish(count: number): Promise<void> {
    const wanted = this.victims.flatMap(({ name }) =>
      Object.entries(this.belongings.state.get(name) ?? {}).flatMap(([stream, { config, consumers }]) => {
        const own = Object.entries(consumers).filter(([consumer]) => this.expected.mayConsume(name, stream, consumer));
        const [first] = own.flatMap(([, consumer]) => filtersOf(consumer));
        return first ? [{ name, subject: filled(first === ">" ? (config.subjects?.[0] ?? first) : first) }] : [];
      }),
    );
    if (wanted.length === 0 || count === 0) return;
    await this.unheard(async () => {
      for (const { name, subject } of wanted) {
        const keeper = this.place.keeper(name);
        for (let index = 0; index < count; index++) keeper.publish(subject, "of others");
        await keeper.flush();
      }
      this.belongings.accept(await stateOf(this.place, [...new Set(wanted.map(({ name }) => name))]));
    });
  }

  private async unheard(action: () => Promise<void>): Promise<void> {
    this.taps.paused = true;
    await action();
    await this.settle();
    this.taps.paused = false;
  }

  /** Leaves the field as it was. */
  public async leave(): Promise<void> {
    this.taps.close();
    await this.client.close();
    await this.belongings.restoreAll();
  }

  private listen(): void {
    const subjects = this.user ? this.user.permissions.subscribe.map(({ subject }) => subject) : [">"];
    for (const subject of subjects) this.client.subscribe(subject, (message) => this.hear(message));
  }

  private hear(message: Msg): void {
    this.received++;
    const { reply } = message;
    if (reply?.startsWith("$JS.ACK.") && !/^\$JS\.ACK\.FORGE_/.test(reply)) this.client.publish(reply, "+ACK");
    if (this.taps.paused) return;
    for (const { account, stream, subject } of this.secrets.foundIn(message)) {
      if (account === this.account.name) continue;
      const { expected } = this;
      const allowed = subject ? expected.mayRead(account, stream, subject) : expected.mayInspect(account, stream);
      if (allowed) continue;
      const attempt = attemptOf(message);
      const what = `${subject ?? "the configuration"} of ${stream} is known`;
      this.learned.push({ account, kind: "learned", what, ...(attempt !== undefined && { attempt }) });
    }
  }
}
