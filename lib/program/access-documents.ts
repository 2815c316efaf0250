import type { Account, Import, User } from "../access/accounts";
import { appAccountsOf, type PlatformModel } from "../access/models";
import { type PermittedSubject, permittedText } from "../access/permissions";
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

function reasons(subjects: readonly PermittedSubject[]): { readonly [subject: string]: string } {
  const entries = subjects.map((each): [string, string] => [permittedText(each), each.lines[0]?.why ?? ""]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * What a user may do, as JSON: each subject with what it is for. The keys are sorted, so that a changed permission is a
 * changed line in Terraform's plan.
 */
function userDocument(account: string, user: User): string {
  return JSON.stringify({
    account,
    ...(user.domain !== undefined && { domain: user.domain }),
    inboxPrefix: user.inboxPrefix,
    publish: reasons(user.permissions.publish),
    ...(user.queueGroup !== undefined && { queueGroup: user.queueGroup }),
    role: user.role,
    subscribe: reasons(user.permissions.subscribe),
  });
}

/** What an account imports, as JSON: each subject with its kind, where it is from and its name in the importing account. */
function importsDocument(account: string, imports: readonly Import[]): string {
  const sorted = [...imports].sort((one, other) => (one.subject < other.subject ? -1 : 1));
  const entries = sorted.map(({ subject, kind, account: from, to }) => [
    subject,
    { from, kind, ...(to !== undefined && { to }) },
  ]);
  return JSON.stringify({ account, imports: Object.fromEntries(entries) });
}
