import { AccessModel, type Member } from "../analysis/access-model";
import { ResourceAccess } from "../analysis/resource-access";
import { serverAccounts } from "../analysis/server-model";
import type { Cell, UserAccess } from "../analysis/user-access";
import type { Catalog, CatalogAccount, CatalogResource, CatalogUser } from "../catalog/catalog";
import { addTo } from "../collections/groups";
import { didYouMean } from "../problems/nearest";
import type { Answer } from "../wording/answer";
import { userAnswer } from "../wording/user-answer";
import { Refusal } from "./refusal";

/** What a user can do with a stream or bucket. */
export interface UserCell {
  readonly user: string;
  readonly cell: Cell;
}

function cellsByResource({ users }: ResourceAccess): Map<CatalogResource, UserCell[]> {
  const found = new Map<CatalogResource, UserCell[]>();
  for (const { member, cells } of users) {
    for (const [resource, cell] of cells) {
      addTo(found, resource, { user: member.user.name, cell });
    }
  }
  return found;
}

/** A catalog with everything that follows from it. */
export class CatalogView {
  public readonly model: AccessModel;
  public readonly users: ReadonlyMap<string, CatalogUser>;
  private readonly accounts: ReadonlyMap<string, CatalogAccount>;
  private readonly resources: ReadonlyMap<string, CatalogResource>;
  private cells: ReadonlyMap<CatalogResource, UserCell[]> | undefined;
  private computed: ResourceAccess | undefined;

  public constructor(public readonly catalog: Catalog) {
    this.model = new AccessModel(serverAccounts(catalog));
    this.accounts = new Map(catalog.accounts.map((account) => [account.name, account]));
    this.resources = new Map(this.model.resources.map((each) => [`${each.account} ${each.stream}`, each]));
    this.users = new Map(catalog.accounts.flatMap(({ users }) => users.map((user) => [user.name, user])));
  }

  /** What all users can do with streams and buckets. */
  public get access(): ResourceAccess {
    this.computed ??= new ResourceAccess(this.model);
    return this.computed;
  }

  /** The user of a name; refused if there is none. */
  public member(name: string): Member {
    const found = this.model.member(name);
    if (!found) throw new Refusal(`no user ${name} in the catalog`, [didYouMean(name, [...this.users.keys()])]);
    return found;
  }

  /** The facts of a user that exists. */
  public user({ user: { name } }: Member): CatalogUser {
    const found = this.users.get(name);
    if (!found) throw new Error(`no user ${name}`);
    return found;
  }

  /** What a user that exists can do with streams and buckets. */
  public accessOf({ user: { name } }: Member): UserAccess {
    const found = this.access.of(name);
    if (!found) throw new Error(`no access of ${name}`);
    return found;
  }

  /** Everything about the user of a name; refused if there is none. */
  public answerAbout(name: string): Answer {
    const member = this.member(name);
    return userAnswer(this, this.accessOf(member), this.user(member), this.account(member.account));
  }

  /** The streams and buckets of a name, in any account. */
  public named(name: string): readonly CatalogResource[] {
    return this.model.accountNames.flatMap((account) => this.resources.get(`${account} ${name}`) ?? []);
  }

  /** The users who can do anything with a stream or bucket, with what that is. */
  public cellsOf(resource: CatalogResource): readonly UserCell[] {
    this.cells ??= cellsByResource(this.access);
    return this.cells.get(resource) ?? [];
  }

  /** The account of a name; refused if there is none. */
  public account(name: string): CatalogAccount {
    const found = this.accounts.get(name);
    if (!found) throw new Refusal(`no account ${name} in the catalog`, [didYouMean(name, this.model.accountNames)]);
    return found;
  }
}
