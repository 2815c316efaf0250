import type { PlannedChange } from "./plan";
import { isInside, resourceOf } from "./planned-resource";
import type { ProgramFacts } from "./program-facts";

/** What the names of all users of an account begin with, of which this one makes its streams: `prod` of `prod-terraform`. */
const prefixOf = (user = ""): string | undefined => /^(.+)-terraform$/.exec(user)?.[1];

const isUserOf = (user: string, prefix: string) => user === prefix || user.startsWith(`${prefix}-`);

const firstToken = (name: string) => name.split("-")[0];

/** The longest of the names of accounts to which a user can belong by its own name. */
function ownPrefix(user: string | undefined, changes: readonly PlannedChange[]): string | undefined {
  if (user === undefined) return undefined;
  const prefixes = [user, ...changes.map((change) => change.user)].flatMap((each) => prefixOf(each) ?? []);
  const [longest] = prefixes.filter((prefix) => isUserOf(user, prefix)).sort((one, other) => other.length - one.length);
  return longest;
}

/**
 * In which account each resource of a plan is, and whether that is the one of the user who asks a server. The catalog says
 * it; where it does not, the users' names do, as far as the library gives them.
 */
export class PlannedAccounts {
  private readonly asked: string | undefined;
  private readonly own: string | undefined;

  /** @param user who asks a server; nobody does where it is left out */
  public constructor(
    private readonly facts: ProgramFacts,
    changes: readonly PlannedChange[],
    private readonly user?: string,
  ) {
    this.asked = facts.accountOfUser(user);
    this.own = ownPrefix(user, changes);
  }

  /**
   * Whether it is known who asks: a user of the program, or one whose name is as the library gives them. Of one with a credentials
   * file, an nkey that is not the program's, or a name of its own it is not.
   */
  public get hasUser(): boolean {
    return this.asked !== undefined || this.own !== undefined;
  }

  /** The account of what a change is about; undefined where the catalog does not say it. */
  public of(change: PlannedChange): string | undefined {
    const resource = resourceOf(change);
    const address = isInside(resource) ? undefined : change.address;
    return this.facts.accountOfUser(change.user) ?? this.facts.accountOf(resource.stream, address);
  }

  /** Whether a change is about the account that is asked; undefined where that is not known. */
  public hasAsked(change: PlannedChange): boolean | undefined {
    const account = this.of(change);
    return (account === undefined ? undefined : this.isAsked(account)) ?? this.isAskedByName(change.user);
  }

  /** Whether an account is the one that is asked; undefined where that is not known. */
  public isAsked(account: string): boolean | undefined {
    return this.asked === undefined ? undefined : account === this.asked;
  }

  /** The account of a change in words, where it is known: ``account `PROD` ``. */
  public textOf(change: PlannedChange): string {
    const account = this.of(change);
    return account === undefined ? `the account of \`${change.user}\`` : `account \`${account}\``;
  }

  /** A user of a name that the library does not give may be of any account. */
  private isAskedByName(other: string | undefined): boolean | undefined {
    const prefix = prefixOf(other);
    if (this.user === undefined || prefix === undefined) return undefined;
    if (prefix === this.own) return other === this.user || undefined;
    return this.own !== undefined || firstToken(this.user) === firstToken(prefix) ? false : undefined;
  }
}
