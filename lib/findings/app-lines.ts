import type { Catalog, CatalogApp, CatalogUser } from "../catalog/catalog";

/** The users of a catalog by their names. */
export const usersByName = ({ accounts }: Catalog): ReadonlyMap<string, CatalogUser> =>
  new Map(accounts.flatMap(({ users }) => users.map((user) => [user.name, user] as const)));

/** The users of an app, whichever account they are in. */
const usersOf = ({ user, messagingUser }: CatalogApp, users: ReadonlyMap<string, CatalogUser>): CatalogUser[] =>
  [user, messagingUser ?? user]
    .filter((name, index, all) => all.indexOf(name) === index)
    .flatMap((name) => users.get(name) ?? []);

/** The subjects of an app's lines for some capabilities. */
export const subjectsFor = (
  app: CatalogApp,
  users: ReadonlyMap<string, CatalogUser>,
  direction: "publish" | "subscribe",
  ...wanted: readonly string[]
): string[] => [
  ...new Set(
    usersOf(app, users)
      .flatMap((user) => user[direction].allow)
      .filter(({ reasons }) => reasons.some(({ capability }) => wanted.includes(capability)))
      .map(({ subject }) => subject),
  ),
];
