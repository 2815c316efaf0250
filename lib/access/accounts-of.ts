import { by } from "../collections/order";
import * as names from "../naming/names";
import { type Account, type Identity, type User, type Wiring, wiringOf } from "./accounts";
import { ALL_CLIENTS } from "./clients";
import { exchangesOf, mappingsOf, monitorValues } from "./exchanges";
import {
  type AppAccountModel,
  appAccountsOf,
  type EntryModel,
  grant,
  type MonitorModel,
  type PlatformModel,
} from "./models";
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

function platformAccount(platform: PlatformModel, users: PlatformUsers, wiring: Wiring): Account {
  const { jetStream, limits, source, inFile } = platform;
  const { account: name, platform: about } = platform.naming;
  const made = { name, about: `platform ${about}`, jetStream, limits, mappings: {}, source, inFile };
  return accountOf(made, wiring, users.declaredIn(), () => users.usersIn());
}

function appAccount(
  platform: PlatformModel,
  account: AppAccountModel,
  users: PlatformUsers,
  mappings: Account["mappings"],
  wiring: Wiring,
): Account {
  const { name, jetStream, limits, source, naming } = account;
  const about = `app ${naming.app} of platform ${naming.platform}: ${jetStream ? "its data" : "its messages"}`;
  const made = { name, about, jetStream, limits, mappings, source, inFile: platform.inFile };
  return accountOf(made, wiring, users.declaredIn(account), () => users.usersIn(account));
}

function monitorAccount(monitor: MonitorModel, platforms: readonly PlatformModel[], wiring: Wiring): Account {
  const { account: name, user } = names.MONITOR;
  const history = platforms.some(({ monitored }) => monitored === "history");
  const grants = platforms.flatMap((platform) => {
    const live = grant(platform, "monitor.live", monitorValues(platform));
    const stored = grant(platform, "consumer.bindImported", monitorValues(platform));
    return platform.monitored === "history" ? [live, stored] : [live];
  });
  const made = {
    name,
    about: "receives the health and audit messages of every platform",
    jetStream: undefined,
    limits: monitor.limits,
    mappings: {},
    source: monitor.source,
    inFile: platforms.some(({ inFile }) => inFile),
  };
  const identity = { name: user, credentials: monitor.credentials, source: monitor.source };
  return accountOf(made, wiring, [identity], () => [
    userOf({
      ...identity,
      role: "monitor",
      clients: ALL_CLIENTS,
      group: user,
      inboxPrefix: history ? names.inboxPrefix(user) : names.DEFAULT_INBOX_PREFIX,
      grants,
    }),
  ]);
}

/**
 * The accounts that a program declares, sorted by name, with MONITOR last.
 *
 * @param entries what Terraform writes into buckets, by account
 */
export function accountsOf(
  platforms: readonly PlatformModel[],
  monitor: MonitorModel,
  entries: ReadonlyMap<string, readonly EntryModel[]> = new Map(),
): Account[] {
  const owned = platforms.filter((platform) => platform.owned).sort(by(({ naming }) => naming.account));
  const monitored = owned.filter((platform) => platform.monitored !== "no");
  const wiring = wiringOf(owned.flatMap(exchangesOf));
  const accounts = owned
    .flatMap((platform) => {
      const users = new PlatformUsers(platform, entries);
      const mappings = mappingsOf(platform);
      return [
        platformAccount(platform, users, wiring),
        ...appAccountsOf(platform).map((account) =>
          appAccount(platform, account, users, mappings.get(account) ?? {}, wiring),
        ),
      ];
    })
    .sort(by(({ name }) => name));
  return monitored.length > 0 ? [...accounts, monitorAccount(monitor, monitored, wiring)] : accounts;
}
