import type { Account, Export, Import, User } from "../access/accounts";
import { identityOf } from "../access/credentials-model";
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
    const users = owned ? (byName.get(naming.account)?.users ?? []) : new PlatformUsers(platform).usersIn();
    for (const user of users) add(names.accessKey.user(user.name), userDocument(naming.account, user));
    for (const name of own) {
      const account = byName.get(name);
      if (account) add(names.accessKey.account(name), accountDocument(account));
      if (name === naming.account) continue;
      for (const user of account?.users ?? []) {
        add(names.accessKey.isolatedUser(name, user.name), userDocument(name, user));
      }
    }
    for (const account of importers) {
      const { name } = account;
      const imports = account.imports.filter((each) => own.has(each.account));
      if (imports.length === 0 || own.has(name)) continue;
      add(names.accessKey.account(name), accountDocument({ ...account, imports }));
      for (const user of account.users)
        add(names.accessKey.user(user.name), userDocument(name, partOf(user, platform)));
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

/** Entries as an object, sorted, so that a document does not depend on the order of declaration. */
const objectOf = <T>(entries: readonly (readonly [string, T])[]): { readonly [name: string]: T } =>
  Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));

const reasons = (subjects: readonly PermittedSubject[]) =>
  objectOf(subjects.map((each) => [permittedText(each), each.lines[0]?.why ?? ""]));

/** What a user may do and how it proves who it is, as JSON: each subject with what it is for. */
function userDocument(account: string, user: User): string {
  const { credentials } = user;
  return JSON.stringify({
    account,
    credentials: `${credentials.kind} ${identityOf(credentials)}`,
    ...(user.domain !== undefined && { domain: user.domain }),
    inboxPrefix: user.inboxPrefix,
    publish: reasons(user.permissions.publish),
    ...(user.queueGroup !== undefined && { queueGroup: user.queueGroup }),
    role: user.role,
    subscribe: reasons(user.permissions.subscribe),
  });
}

const exportEntry = ({ subject, kind }: Export) => [subject, { kind }] as const;

const importEntry = ({ subject, kind, account: from, to }: Import) =>
  [subject, { from, kind, ...(to !== undefined && { to }) }] as const;

/**
 * What an account is, as JSON: its limits, its JetStream, what it exports and imports. Whom it exports to is said by the
 * documents of those accounts: a list of thousands would be larger than a message may be.
 */
function accountDocument({ name, inFile, exports, imports, jetStream, limits, mappings }: Account): string {
  return JSON.stringify({
    account: name,
    accountsFile: inFile,
    exports: objectOf(exports.map(exportEntry)),
    imports: objectOf(imports.map(importEntry)),
    jetStream: jetStream ? objectOf(Object.entries(jetStream)) : false,
    limits: objectOf(Object.entries(limits)),
    mappings: objectOf(Object.entries(mappings).map(([from, to]) => [from, { to }] as const)),
  });
}
