import { importsDocument, userDocument } from "../access/access-document";
import type { Account, User } from "../access/accounts";
import { appAccountsOf, type PlatformModel } from "../access/models";
import type { PermittedSubject } from "../access/permissions";
import { PlatformUsers } from "../access/users";
import * as names from "../naming/names";

/** The access documents of all platforms, by the platform's name and the key. */
export function documentsOf(platforms: readonly PlatformModel[], accounts: readonly Account[]): Map<string, string> {
  const documents = new Map<string, string>();
  const byName = new Map(accounts.map((account) => [account.name, account]));
  const importers = accounts.filter(({ imports }) => imports.length > 0);
  for (const platform of platforms) {
    const { naming, owned } = platform;
    const add = (key: string, document: string) => documents.set(`${naming.platform} ${key}`, document);
    const own = new Set([naming.account, ...appAccountsOf(platform).map(({ name }) => name)]);
    const users = owned ? (byName.get(naming.account)?.users ?? []) : new PlatformUsers(platform).ofPlatform();
    for (const user of users) add(names.accessKey.user(user.name), userDocument(naming.account, user));
    for (const name of own) {
      add(names.accessKey.imports(name), importsDocument(name, byName.get(name)?.imports ?? []));
      if (name === naming.account) continue;
      for (const user of byName.get(name)?.users ?? []) {
        add(names.accessKey.isolatedUser(name, user.name), userDocument(name, user));
      }
    }
    for (const { name, imports, users: importing } of importers) {
      const fromHere = imports.filter(({ account }) => own.has(account));
      if (fromHere.length === 0 || own.has(name)) continue;
      add(names.accessKey.imports(name), importsDocument(name, fromHere));
      for (const user of importing) add(names.accessKey.user(user.name), userDocument(name, partOf(user, platform)));
    }
  }
  return documents;
}

/** A user of an account that imports, with only what it may do because of one platform. */
function partOf(user: User, { source }: PlatformModel): User {
  const fromHere = (subjects: readonly PermittedSubject[]) =>
    subjects.filter(({ lines }) => lines.some(({ grant }) => grant.source === source));
  const { publish, subscribe } = user.permissions;
  return { ...user, permissions: { publish: fromHere(publish), subscribe: fromHere(subscribe) } };
}
