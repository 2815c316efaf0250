import * as names from "../naming/names";
import type { PlatformNaming } from "../naming/platform-naming";
import { overlaps } from "../subjects/subject-pattern";
import { type Account, type Exchange, exportsOf, importsOf, type Role, type User } from "./accounts";
import { type CapabilityName, type ExchangeTemplate, MONITOR_EXCHANGES } from "./capabilities";
import { ALL_CLIENTS, type NatsClient } from "./clients";
import type { CredentialsModel } from "./credentials-model";
import { fill, type Grant, type GrantValues, linesOf } from "./grant";
import type { AccountLimits, JetStreamLimits } from "./limits";
import { permissionsOf } from "./permissions";

/** A user as declared: what it may do, before that becomes lines. */
export interface UserModel {
  readonly name: string;
  readonly role: Role;
  readonly permissionSet: string;
  readonly credentials: CredentialsModel;
  readonly clients: readonly NatsClient[];
  readonly inboxPrefix: string;
  /** Grows while the program declares what the user does. */
  readonly grants: Grant[];
  readonly source: string;
}

/** A platform as declared. */
export interface PlatformModel {
  readonly naming: PlatformNaming;
  /** Whether this program declares the platform's account, or only apps of a platform of another program. */
  readonly owned: boolean;
  /** Whether the platform's account is part of the accounts file. */
  readonly inFile: boolean;
  readonly jetStream: JetStreamLimits;
  readonly limits: AccountLimits;
  /** What MONITOR gets: nothing, what is published, or also what is stored. */
  readonly monitored: "no" | "live" | "history";
  /** Whether the platform's users have private inboxes unless they say otherwise. */
  readonly privateInbox: boolean;
  readonly nodes: readonly UserModel[];
  readonly terraform: UserModel | undefined;
  readonly apps: UserModel[];
  readonly source: string;
}

/** The account that receives every platform's health and audit messages, as declared. */
export interface MonitorModel {
  readonly credentials: CredentialsModel;
  readonly limits: AccountLimits;
  readonly source: string;
}

/** A grant whose source is the construct that the user belongs to. */
export function grant(user: { readonly source: string }, capability: CapabilityName, values: GrantValues = {}): Grant {
  return { capability, values, source: user.source };
}

/** What the Terraform user of a platform may do. */
export function terraformGrants(platform: PlatformNaming, user: UserModel): Grant[] {
  return [
    grant(user, "terraform.storage", { inbox: user.inboxPrefix }),
    grant(user, "terraform.entries", { bucket: platform.keyValueStore }),
  ];
}

/**
 * The users of a platform with their permissions. Who serves an API may answer the inboxes of its callers, and of the
 * nodes, which may call everything.
 */
export function usersOf(platform: PlatformModel): User[] {
  const callers = platform.apps.flatMap((app) =>
    callsOf(app).map((subjects) => ({ subjects, inboxPrefix: app.inboxPrefix })),
  );
  const nodeInboxes = platform.owned ? platform.nodes.map((node) => node.inboxPrefix) : [names.DEFAULT_INBOX_PREFIX];
  const appInboxes = platform.apps.map((app) => app.inboxPrefix);
  const apps = [...platform.apps].sort(byName);
  return [
    ...platform.nodes.map((node) => userOf(node, replies(node, [...nodeInboxes, ...appInboxes]))),
    ...(platform.terraform ? [userOf(platform.terraform)] : []),
    ...apps.map((app) => {
      const served = subjectsOf(app, "service.serve");
      if (served.length === 0) return userOf(app);
      const inboxes = callers
        .filter(({ subjects }) => served.some((pattern) => overlaps(pattern, subjects)))
        .map(({ inboxPrefix }) => inboxPrefix);
      return userOf(app, replies(app, [...nodeInboxes, ...inboxes]));
    }),
  ];
}

function userOf(model: UserModel, further: readonly Grant[] = []): User {
  const { grants, ...user } = model;
  const all = [...grants, ...further];
  return { ...user, permissions: permissionsOf(all.flatMap((each) => linesOf(each, model.clients))) };
}

function subjectsOf(user: UserModel, capability: CapabilityName): string[] {
  return user.grants.filter((each) => each.capability === capability).map(({ values }) => values.subjects ?? "");
}

function callsOf(user: UserModel): string[] {
  return subjectsOf(user, "service.call");
}

function replies(user: UserModel, inboxes: readonly string[]): Grant[] {
  return [...new Set(inboxes)].map((callerInbox) => grant(user, "service.reply", { callerInbox }));
}

/** The subjects of a platform that MONITOR gets, by the names that the tables use. */
function monitorValues({ naming }: PlatformModel): GrantValues {
  return {
    platform: naming.platform,
    health: names.healthSubjects(naming.platform),
    audit: naming.componentSubjects("audit"),
    stream: naming.auditStream,
    consumer: names.MONITOR.consumer,
    inbox: names.inboxPrefix(names.MONITOR.user),
  };
}

function monitorExchanges(platform: PlatformModel): Exchange[] {
  const { live, history } = MONITOR_EXCHANGES;
  const templates: readonly ExchangeTemplate[] =
    platform.monitored === "no" ? [] : platform.monitored === "live" ? live : [...live, ...history];
  const values = monitorValues(platform);
  return templates.map(({ subject, as, ...template }) => ({
    ...template,
    from: platform.naming.account,
    to: names.MONITOR.account,
    subject: fill(subject, values),
    ...(as !== undefined && { as: fill(as, values) }),
    source: platform.source,
  }));
}

function monitorAccount(
  monitor: MonitorModel,
  platforms: readonly PlatformModel[],
  exchanges: readonly Exchange[],
): Account {
  const { account, user } = names.MONITOR;
  const grants = platforms.flatMap((platform) => {
    const live = grant(platform, "monitor.live", monitorValues(platform));
    return platform.monitored === "history"
      ? [live, grant(platform, "monitor.history", monitorValues(platform))]
      : [live];
  });
  const history = platforms.some(({ monitored }) => monitored === "history");
  return {
    inFile: platforms.some(({ inFile }) => inFile),
    name: account,
    about: "receives the health and audit messages of every platform",
    jetStream: undefined,
    limits: monitor.limits,
    users: [
      userOf({
        name: user,
        role: "monitor",
        permissionSet: account,
        credentials: monitor.credentials,
        clients: ALL_CLIENTS,
        inboxPrefix: history ? names.inboxPrefix(user) : names.DEFAULT_INBOX_PREFIX,
        grants,
        source: monitor.source,
      }),
    ],
    exports: [],
    imports: importsOf(account, exchanges),
    source: monitor.source,
  };
}

const byName = (one: { readonly name: string }, other: { readonly name: string }) => (one.name < other.name ? -1 : 1);

/** The accounts that a program declares, sorted by name, with MONITOR last. */
export function accountsOf(platforms: readonly PlatformModel[], monitor: MonitorModel): Account[] {
  const owned = platforms.filter((platform) => platform.owned);
  const monitored = owned.filter((platform) => platform.monitored !== "no");
  const exchanges = owned.flatMap(monitorExchanges);
  const accounts = owned.map((platform): Account => {
    const { account, platform: name } = platform.naming;
    let users: User[] | undefined;
    return {
      inFile: platform.inFile,
      name: account,
      about: `platform ${name}`,
      jetStream: platform.jetStream,
      limits: platform.limits,
      get users() {
        users ??= usersOf(platform);
        return users;
      },
      exports: exportsOf(account, exchanges),
      imports: importsOf(account, exchanges),
      source: platform.source,
    };
  });
  accounts.sort(byName);
  return monitored.length > 0 ? [...accounts, monitorAccount(monitor, monitored, exchanges)] : accounts;
}
