import { by } from "../collections/order";
import * as names from "../naming/names";
import { type Account, type Identity, type User, type Wiring, wiringOf } from "./accounts";
import { ALL_CLIENTS } from "./clients";
import { accessValues, exchangesOf, mappingsOf, monitorValues } from "./exchanges";
import type { Grant } from "./grant";
import {
  type AppAccountModel,
  accessAccountsOf,
  appAccountsOf,
  type EntryModel,
  grant,
  type MonitorModel,
  type PlatformModel,
  type ReaderModel,
  type UserModel,
} from "./models";
import { type PermittedSubject, permittedText } from "./permissions";
import { PlatformUsers, userOf } from "./users";

type Made = Pick<Account, "name" | "about" | "jetStream" | "limits" | "mappings" | "source" | "inFile">;

/** An account with its exports and imports, whose users are made when they are first asked for. */
function accountOf(
  account: Made,
  { exports, imports }: Wiring,
  identities: readonly Identity[],
  makeUsers: () => User[],
): Account {
  let users: User[] | undefined;
  return {
    ...account,
    identities,
    exports: exports.get(account.name) ?? [],
    imports: imports.get(account.name) ?? [],
    get users() {
      users ??= makeUsers();
      return users;
    },
  };
}

function appAccount({ inFile }: PlatformModel, account: AppAccountModel, mappings: Account["mappings"] = {}): Made {
  const { name, jetStream, limits, source, naming } = account;
  const about = `app ${naming.app} of platform ${naming.platform}: ${jetStream ? "its data" : "its messages"}`;
  return { name, about, jetStream, limits, mappings, source, inFile };
}

/** The account of a platform and those of its isolated apps. */
function accountsIn(platform: PlatformModel, users: PlatformUsers, wiring: Wiring): Account[] {
  const { naming, jetStream, limits, source, inFile } = platform;
  const about = `platform ${naming.platform}`;
  const own = { name: naming.account, about, jetStream, limits, mappings: {}, source, inFile };
  return [
    ...accessAccounts(platform, wiring),
    accountOf(own, wiring, users.declaredIn(), () => users.usersIn()),
    ...appAccountsIn(platform, users, wiring),
  ];
}

/** The accounts of a platform's isolated apps. */
function appAccountsIn(platform: PlatformModel, users: PlatformUsers, wiring: Wiring): Account[] {
  const mappings = mappingsOf(platform);
  return appAccountsOf(platform).map((account) => {
    const made = appAccount(platform, account, mappings.get(account));
    return accountOf(made, wiring, users.declaredIn(account), () => users.usersIn(account));
  });
}

/** The accounts with a platform's access documents, if it has such. */
function accessAccounts(platform: PlatformModel, wiring: Wiring): Account[] {
  const { naming, source, inFile } = platform;
  return accessAccountsOf(platform).map(({ name, app, jetStream, limits, terraform }) => {
    const about = `the access documents of ${app === undefined ? "" : `app ${app} of `}platform ${naming.platform}`;
    const made = { name, about, jetStream, limits, mappings: {}, source, inFile };
    return accountOf(made, wiring, [terraform], () => [userOf(terraform)]);
  });
}

/** What tells an account that all platforms lead to from the other one. */
interface SharedAccount {
  readonly name: string;
  readonly about: string;
  readonly user: Pick<UserModel, "name" | "role" | "inboxPrefix"> & { readonly group?: string };
  readonly declared: MonitorModel;
  readonly grants: Grant[];
}

/** An account without JetStream that gets something of several platforms, and its user. */
function sharedAccount(
  { name, about, user, declared, grants }: SharedAccount,
  platforms: readonly PlatformModel[],
  wiring: Wiring,
): Account {
  const { credentials, limits, source } = declared;
  const inFile = platforms.some((platform) => platform.inFile);
  const made = { name, about, jetStream: undefined, limits, mappings: {}, source, inFile };
  const makeUser = () => userOf({ ...user, credentials, source, clients: ALL_CLIENTS, grants });
  return accountOf(made, wiring, [{ name: user.name, credentials, source }], () => [inOrderOfText(makeUser())]);
}

/** The account that reads the access documents of some platforms. */
function readerAccount(declared: ReaderModel, platforms: readonly PlatformModel[], wiring: Wiring): Account {
  const { account: name, user } = names.ACCESS;
  const account = {
    name,
    about: "reads the access documents of every platform",
    user: { name: user, role: "reader" as const, inboxPrefix: names.DEFAULT_INBOX_PREFIX },
    declared,
    grants: platforms.flatMap((each) =>
      accessAccountsOf(each).map(({ app }) => grant(each, "access.read", accessValues(each.naming.platform, app))),
    ),
  };
  return sharedAccount(account, platforms, wiring);
}

function monitorAccount(declared: MonitorModel, platforms: readonly PlatformModel[], wiring: Wiring): Account {
  const { account: name, user } = names.MONITOR;
  const history = platforms.some(({ monitored }) => monitored === "history");
  const inboxPrefix = history ? names.inboxPrefix(user) : names.DEFAULT_INBOX_PREFIX;
  const account = {
    name,
    about: "receives the health and audit messages of every platform",
    user: { name: user, role: "monitor" as const, group: user, inboxPrefix },
    declared,
    grants: platforms.flatMap((platform) => {
      const live = grant(platform, "monitor.live", monitorValues(platform.naming.platform));
      const stored = grant(platform, "consumer.bindImported", monitorValues(platform.naming.platform));
      return platform.monitored === "history" ? [live, stored] : [live];
    }),
  };
  return sharedAccount(account, platforms, wiring);
}

/** A user with its lines sorted, so that those of several platforms, each known by itself, make the same user. */
function inOrderOfText(user: User): User {
  const { publish, subscribe } = user.permissions;
  const sorted = (lines: readonly PermittedSubject[]) => [...lines].sort(by(permittedText));
  return { ...user, permissions: { publish: sorted(publish), subscribe: sorted(subscribe) } };
}

/**
 * The accounts that a program declares, sorted by name, with ACCESS and MONITOR last.
 *
 * @param reader the account that reads all access documents
 * @param entries what Terraform writes into buckets, by account
 */
export function accountsOf(
  platforms: readonly PlatformModel[],
  monitor: MonitorModel,
  reader: ReaderModel,
  entries: ReadonlyMap<string, readonly EntryModel[]> = new Map(),
): Account[] {
  const owned = platforms.filter((platform) => platform.owned).sort(by(({ naming }) => naming.account));
  const monitored = owned.filter((platform) => platform.monitored !== "no");
  const wiring = wiringOf(platforms.flatMap(exchangesOf));
  const delegated = platforms.filter((platform) => !platform.owned && platform.delegatedTo !== undefined);
  const ofOthers = delegated.flatMap((platform) => appAccountsIn(platform, new PlatformUsers(platform), wiring));
  const accounts = owned
    .flatMap((platform) => accountsIn(platform, new PlatformUsers(platform, entries), wiring))
    .sort(by(({ name }) => name));
  const read = owned.filter((platform) => platform.access && platform.hasEntries);
  return [
    ...[...accounts, ...ofOthers].sort(by(({ name }) => name)),
    ...(read.length > 0 ? [readerAccount(reader, read, wiring)] : []),
    ...(monitored.length > 0 ? [monitorAccount(monitor, monitored, wiring)] : []),
  ];
}
