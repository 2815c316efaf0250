import type { UserAccess } from "../../analysis/user-access";
import type { CatalogAccount, CatalogResource, CatalogUser } from "../../catalog/catalog";
import type { CatalogView } from "../catalog-view";

/** A user of one of the catalogs, with everything that is known of it. */
export interface KnownUser {
  readonly view: CatalogView;
  readonly facts: CatalogUser;
  readonly account: CatalogAccount;
  readonly access: UserAccess;
}

/** All users of a catalog. */
export function usersOf(view: CatalogView): KnownUser[] {
  return view.access.users.flatMap((access) => {
    const facts = view.users.get(access.member.user.name);
    return facts ? [{ view, facts, account: view.account(access.member.account), access }] : [];
  });
}

/** Whether a stream or bucket was declared by the same construct as a user, or by one inside of it. */
export function isOwn({ facts }: KnownUser, { source }: CatalogResource): boolean {
  return source === facts.source || source.startsWith(`${facts.source}/`);
}
