import type { Account, User } from "../access/accounts";
import { identityOf } from "../access/credentials-model";
import { accessAccountsOf, appAccountsOf, type PlatformModel } from "../access/models";
import { type PermittedSubject, permittedText } from "../access/permissions";
import { PlatformUsers } from "../access/users";
import { valueAt } from "../collections/groups";
import { by } from "../collections/order";
import * as names from "../naming/names";
import { fileUserOf } from "../server-config/file-account";
import {
  type AccountDocument,
  DOCUMENT_VERSION,
  type DocumentExchange,
  type DocumentExchanges,
  type DocumentLines,
  type UserDocument,
} from "./schema";

/** A document but for the name of its stack. */
type WithoutStack<T> = Omit<T, "version" | "stack">;

/** A document but for what only the stack knows that has it. */
export type Unplaced = WithoutStack<UserDocument> | WithoutStack<AccountDocument>;

/** The text of a document as a stack has it. */
export const documentText = (document: Unplaced, stack: string): string =>
  JSON.stringify({ version: DOCUMENT_VERSION, stack, ...document });

/** The access documents of all platforms, by the platform's name and the key. */
export function documentsOf(platforms: readonly PlatformModel[], accounts: readonly Account[]): Map<string, Unplaced> {
  const documents = new Map<string, Unplaced>();
  const byName = new Map(accounts.map((account) => [account.name, account]));
  const exchanges = new Exchanges(platforms, accounts);
  for (const platform of platforms) {
    const { naming, owned } = platform;
    const add = (key: string, document: Unplaced) => documents.set(`${naming.platform} ${key}`, document);
    const apart = [...accessAccountsOf(platform), ...appAccountsOf(platform)];
    const own = new Set([naming.account, ...apart.map(({ name }) => name)]);
    const users = owned ? (byName.get(naming.account)?.users ?? []) : new PlatformUsers(platform).usersIn();
    for (const user of users) add(names.accessKey.user(user.name), userDocument(naming.account, user));
    for (const name of own) {
      const account = byName.get(name);
      const inFile = platform.owned ? account?.inFile : true;
      if (account)
        add(names.accessKey.account(name), {
          ...accountDocument(account, exchanges.of(name)),
          accountsFile: inFile ?? true,
        });
      if (name === naming.account) continue;
      for (const user of account?.users ?? []) {
        add(names.accessKey.isolatedUser(name, user.name), userDocument(name, user));
      }
    }
    for (const account of accounts) {
      const imported = exchanges.into(account.name, own);
      if (own.has(account.name) || imported.length === 0) continue;
      add(names.accessKey.account(account.name), accountDocument(account, { exports: [], imports: imported }));
      for (const user of account.users) {
        add(names.accessKey.user(user.name), userDocument(account.name, partOf(user, platform)));
      }
    }
  }
  return documents;
}

/** A user of an account that imports, with only what it may do because of one platform. */
function partOf(user: User, { source }: PlatformModel): User {
  const fromHere = (subjects: readonly PermittedSubject[]) =>
    subjects
      .map((each) => ({ ...each, lines: each.lines.filter(({ grant }) => grant.source === source) }))
      .filter(({ lines }) => lines.length > 0);
  const { publish, subscribe } = user.permissions;
  return { ...user, permissions: { publish: fromHere(publish), subscribe: fromHere(subscribe) } };
}

/** The ways that the document of an account has. */
interface Held {
  readonly exports: DocumentExchange[];
  readonly imports: DocumentExchange[];
}

/** Every way between two accounts, in the document of one of the two. */
class Exchanges {
  private readonly held = new Map<string, Held>();
  private readonly apps: ReadonlySet<string>;

  public constructor(platforms: readonly PlatformModel[], accounts: readonly Account[]) {
    this.apps = new Set(platforms.flatMap((platform) => appAccountsOf(platform).map(({ name }) => name)));
    for (const { name, imports } of accounts) {
      for (const { account: from, ...way } of imports) {
        if (this.apps.has(name) || !this.apps.has(from)) this.at(name).imports.push({ account: from, ...way });
        else this.at(from).exports.push({ account: name, ...way });
      }
    }
    this.addUnknownImporters(accounts);
  }

  /** What isolated apps offer to accounts that other programs declare, which import it under the same name. */
  private addUnknownImporters(accounts: readonly Account[]): void {
    const known = new Set(accounts.map(({ name }) => name));
    for (const { name, exports: offers } of accounts) {
      for (const { kind, subject, source, accounts: importers } of this.apps.has(name) ? offers : []) {
        const unknown = importers.filter((importer) => !known.has(importer));
        this.at(name).exports.push(...unknown.map((account) => ({ account, kind, subject, source })));
      }
    }
  }

  /** The ways that the document of an account has. */
  public of(account: string): Held {
    return this.held.get(account) ?? { exports: [], imports: [] };
  }

  /** What an account imports from some others, as far as its document has that. */
  public into(account: string, from: ReadonlySet<string>): DocumentExchange[] {
    return this.of(account).imports.filter((each) => from.has(each.account));
  }

  private at(account: string): Held {
    return valueAt(this.held, account, () => ({ exports: [], imports: [] }));
  }
}

/** Entries as an object, sorted, so that a document does not depend on the order of declaration. */
const objectOf = <T>(entries: readonly (readonly [string, T])[]): { readonly [name: string]: T } =>
  Object.fromEntries([...entries].sort(by(([name]) => name)));

const linesOf = (subjects: readonly PermittedSubject[]): DocumentLines =>
  Object.fromEntries(subjects.map((each) => [permittedText(each), each.lines[0]?.why ?? ""]));

/** What a user may do and how it proves who it is: each subject with what it is for. */
function userDocument(account: string, user: User): WithoutStack<UserDocument> {
  const { name, credentials, domain, inboxPrefix, permissionSet, permissions, queueGroup, role } = user;
  return {
    user: name,
    account,
    credentials: `${credentials.kind} ${identityOf(credentials)}`,
    declaredBy: fileUserOf(user).declaredBy,
    ...(domain !== undefined && { domain }),
    inboxPrefix,
    ...(permissionSet !== undefined && { permissionSet }),
    publish: linesOf(permissions.publish),
    ...(queueGroup !== undefined && { queueGroup }),
    role,
    subscribe: linesOf(permissions.subscribe),
  };
}

const exchangesOf = (exchanges: readonly DocumentExchange[], preposition: "from" | "to"): DocumentExchanges =>
  objectOf(exchanges.map((each) => [`${each.kind} ${each.subject} ${preposition} ${each.account}`, each]));

function accountDocument(account: Account, { exports, imports }: Held): WithoutStack<AccountDocument> {
  const { name, about, inFile, jetStream, limits, mappings, source } = account;
  return {
    about,
    account: name,
    accountsFile: inFile,
    exports: exchangesOf(exports, "to"),
    imports: exchangesOf(imports, "from"),
    jetStream: jetStream ? objectOf(Object.entries(jetStream)) : false,
    limits: objectOf(Object.entries(limits)),
    mappings: Object.fromEntries(Object.entries(mappings).map(([from, to]) => [from, { to }])),
    source,
  };
}
