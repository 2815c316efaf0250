import type { CatalogLine, CatalogResource } from "../catalog/catalog";
import { valueAt } from "../collections/groups";
import { SubjectIndex } from "../subjects/subject-index";
import { intersection } from "../subjects/subject-pattern";
import type { ServerAccount, ServerUser } from "./server-model";
import { Permissions, type Reception, receivable } from "./server-permissions";
import { Traffic } from "./traffic";

/** A user with its account and what it may do. */
export interface Member {
  readonly account: string;
  readonly user: ServerUser;
  readonly permissions: Permissions;
}

interface MemberLine {
  readonly member: Member;
  readonly line: CatalogLine;
}

/** A user that something can be received by, and how. */
export interface Receiver extends Reception {
  readonly member: Member;
}

/** A user that something can be published by, as it is behind the account's mappings. */
export interface Publisher {
  readonly member: Member;
  readonly pattern: string;
  readonly line: CatalogLine;
}

/** The users of one account by the subjects of their permissions. */
class AccountIndex {
  public readonly publish = new SubjectIndex<MemberLine>();
  public readonly receive = new SubjectIndex<MemberLine>();

  public constructor(members: readonly Member[]) {
    for (const member of members) {
      for (const line of member.permissions.publish) this.publish.add(line.subject, { member, line });
      for (const line of member.permissions.subscribe) {
        const each = { member, line };
        for (const pattern of receivable(line)) this.receive.add(pattern, each);
      }
    }
  }
}

/** The accounts with everything that questions about them are looked up in. */
export class AccessModel {
  /** Where messages go. */
  public readonly traffic: Traffic;
  /** All users, in the order of their accounts. */
  public readonly members: readonly Member[];
  private readonly byName: ReadonlyMap<string, Member>;
  private readonly byAccount = new Map<string, Member[]>();
  private readonly indexes = new Map<string, AccountIndex>();

  public constructor(public readonly accounts: readonly ServerAccount[]) {
    this.traffic = new Traffic(accounts);
    for (const { name, users } of accounts) {
      this.byAccount.set(
        name,
        users.map((user) => ({ account: name, user, permissions: new Permissions(user) })),
      );
    }
    this.members = [...this.byAccount.values()].flat();
    this.byName = new Map(this.members.map((member) => [member.user.name, member]));
  }

  /** The names of the accounts. */
  public get accountNames(): string[] {
    return this.accounts.map(({ name }) => name);
  }

  /** The streams and buckets of all accounts. */
  public get resources(): CatalogResource[] {
    return this.accounts.flatMap(({ resources }) => resources);
  }

  /** The user of a name, or undefined if there is none. */
  public member(name: string): Member | undefined {
    return this.byName.get(name);
  }

  /** The users of an account that can receive something of a pattern, once for each line that lets them. */
  public receivers(account: string, pattern: string): Receiver[] {
    return [...new Set(this.index(account).receive.overlapping(pattern))].flatMap(({ member, line }) =>
      member.permissions.receptions(line, pattern).map((reception) => ({ ...reception, member })),
    );
  }

  /** The users of an account that may publish something of a pattern, once for each line that lets them. */
  public publishers(account: string, pattern: string): Publisher[] {
    return this.index(account)
      .publish.overlapping(pattern)
      .flatMap(({ member, line }) => {
        const common = intersection(line.subject, pattern);
        return common === undefined ? [] : [{ member, line, pattern: common }];
      });
  }

  private index(account: string): AccountIndex {
    return valueAt(this.indexes, account, () => new AccountIndex(this.byAccount.get(account) ?? []));
  }
}
