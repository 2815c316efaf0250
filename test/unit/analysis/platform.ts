import { type Account, wiringOf } from "../../../lib/access/accounts";
import { type CapabilityName, MESSAGING } from "../../../lib/access/capabilities";
import { ALL_CLIENTS } from "../../../lib/access/clients";
import { exchangesOf, mappingsOf } from "../../../lib/access/exchanges";
import type { Grant, GrantValues } from "../../../lib/access/grant";
import type { AppAccountModel, PlatformModel, UserModel } from "../../../lib/access/models";
import { terraformGrants, userOf } from "../../../lib/access/users";
import type { CatalogResource } from "../../../lib/catalog/catalog";
import { AppNaming } from "../../../lib/naming/app-naming";
import * as names from "../../../lib/naming/names";
import { PlatformNaming } from "../../../lib/naming/platform-naming";

/** What a program declares, as far as the analysis asks. */
export interface Declared {
  readonly accounts: readonly Account[];
  readonly resources: readonly CatalogResource[];
}

type Given = readonly (readonly [CapabilityName, GrantValues])[];

/** What a user is besides its name and capabilities. */
type Rest = Partial<Pick<UserModel, "role" | "inboxPrefix" | "group" | "app" | "account">>;

/** A user with these capabilities, as a program declares it. Without anything else, it is the user of an app. */
function declaredUser(name: string, given: Given, rest: Rest = {}): UserModel {
  const { group = name, inboxPrefix = names.inboxPrefix(group.replace(/-/g, "_")) } = rest;
  const source = `stack/${group}`;
  return {
    role: "app",
    credentials: { kind: "variable", variable: "PASSWORD" },
    clients: ALL_CLIENTS,
    ...rest,
    name,
    group,
    inboxPrefix,
    grants: given.map(
      ([capability, values]): Grant => ({ capability, values: { inbox: inboxPrefix, group, ...values }, source }),
    ),
    source,
  };
}

/** A user with these capabilities, as the library makes it. */
export const madeUser = (name: string, given: Given, inboxPrefix?: string) =>
  userOf(declaredUser(name, given, { ...(inboxPrefix !== undefined && { inboxPrefix }) }));

/** An account as the library makes it. */
export function madeAccount(
  name: string,
  users: Account["users"],
  rest: Partial<Pick<Account, "jetStream" | "exports" | "imports" | "mappings">> = {},
): Account {
  return {
    name,
    inFile: true,
    about: name,
    jetStream: {},
    limits: {},
    identities: users,
    users,
    exports: [],
    imports: [],
    mappings: {},
    source: `stack/${name}`,
    ...rest,
  };
}

/** What does not matter to the analysis. */
const declared = (name: string) => ({
  name,
  platform: "prod",
  address: `jetstream_stream.${name}`,
  bounded: false,
  copies: [],
  source: `stack/prod/${name}`,
});

/** The bucket of an app or platform. */
export const bucket = (account: string, name: string): CatalogResource => ({
  stream: names.keyValueStream(name),
  kind: "keyValue",
  account,
  subjects: [`$KV.${name}.>`],
  ...declared(name),
  rollUp: true,
  sized: false,
});

/** The object store of an app. */
export const store = (account: string, name: string): CatalogResource => ({
  stream: names.objectStream(name),
  kind: "objectStore",
  account,
  subjects: names.objectSubjects(name),
  ...declared(name),
  rollUp: true,
  sized: false,
});

/** A stream of an app or platform. */
export const stream = (
  account: string,
  name: string,
  subject: string,
  rest: Partial<CatalogResource> = {},
): CatalogResource => ({
  stream: name,
  kind: "stream",
  account,
  subjects: [subject],
  ...declared(name),
  rollUp: false,
  sized: false,
  ...rest,
});

/** What an app with a bucket, a log and an object store does. */
export const usesStorage = (app: string): Given => [
  ["core.publish", { subjects: `prod.${app}.>` }],
  ["core.subscribe", { subjects: `prod.${app}.>` }],
  ["kv.get", { bucket: `prod_${app}` }],
  ["kv.watch", { bucket: `prod_${app}` }],
  ["kv.write", { bucket: `prod_${app}` }],
  ["stream.ordered", { stream: `prod_${app}_wal` }],
  ["object.read", { store: `prod_${app}_snapshots` }],
  ["object.write", { store: `prod_${app}_snapshots` }],
];

/** The streams and buckets of such an app. */
export const storageOf = (account: string, app: string): CatalogResource[] => [
  bucket(account, `prod_${app}`),
  stream(account, `prod_${app}_wal`, `prod.${app}.wal.>`),
  store(account, `prod_${app}_snapshots`),
];

/** What an app does with the platform, if it is isolated in its account for messages. */
const usesPlatform = (app: string, isolated: boolean): Given => [
  ["inbox", {}],
  ["audit.publish", { subjects: `prod._.audit.${app}.>`, offered: "prod._.audit.>" }],
  [
    "events.live",
    { subjects: "prod._.events.>", live: "prod._.live.events.>", offered: names.liveSubjects("prod", "events") },
  ],
  [
    "events.publish",
    { subjects: "prod._.events.user.>", outbox: names.outboxSubject("prod", "user.>"), offered: "prod._.events.>" },
  ],
  ["sharedKv.readKey", { platform: "prod", bucket: "prod_platform", key: "config.flags" }],
  ...(isolated ? [] : ([["sharedKv.writeKey", { bucket: "prod_platform", key: "lock.migration" }]] as const)),
];

/** What the platform itself has. */
export const platformResources: readonly CatalogResource[] = [
  bucket("PROD", "prod_platform"),
  stream("PROD", "prod_events", "prod._.events.>", {
    republish: { source: "prod._.events.>", destination: "prod._.live.events.>" },
  }),
  stream("PROD", "prod_audit", "prod._.audit.>"),
];

/** One of the two accounts of an isolated app: the one for its data has a JetStream and a Terraform user. */
function accountModel(app: string, name: string, data: boolean): AppAccountModel {
  const user = `prod-${app}-terraform`;
  const terraform = declaredUser(user, [], { role: "terraform", group: `prod-${app}`, inboxPrefix: "_INBOX" });
  terraform.grants.push(...terraformGrants(terraform));
  return {
    name,
    naming: AppNaming.of("prod", app),
    jetStream: data ? {} : undefined,
    limits: {},
    terraform: data ? terraform : undefined,
    source: `stack/prod-${app}`,
  };
}

/** The users of an app: one, or two in accounts of their own. */
function appUsers(app: string, isolated: boolean): UserModel[] {
  const user = `prod-${app}`;
  const shared = usesPlatform(app, isolated);
  if (!isolated) return [declaredUser(user, [...usesStorage(app), ...shared], { app })];
  const account = accountModel(app, names.appAccount("prod", app), true);
  const messaging = accountModel(app, names.messagingAccount("prod", app), false);
  if (shared.some(([capability]) => capability !== "inbox" && !MESSAGING.has(capability))) throw new Error(app);
  return [
    declaredUser(user, [...usesStorage(app), ["inbox", {}]], { app, account }),
    declaredUser(`${user}-messaging`, shared, { app, role: "messaging", group: user, account: messaging }),
  ];
}

/** A platform with one node and many apps, all in its account or each in two of its own. */
export function largePlatform(apps: number, isolated: boolean): Declared {
  const appNames = Array.from({ length: apps }, (_, index) => `app-${index}`);
  const node = declaredUser("prod-node-1", [["node", { platform: "prod" }]], { group: "prod", inboxPrefix: "_INBOX" });
  const platform: PlatformModel = {
    naming: PlatformNaming.of("prod"),
    owned: true,
    inFile: true,
    jetStream: {},
    limits: {},
    access: undefined,
    delegated: [],
    delegatedTo: undefined,
    servers: [],
    monitored: "no",
    hasEntries: true,
    privateInbox: true,
    nodes: [node],
    terraform: undefined,
    retiredAccounts: [],
    apps: appNames.flatMap((app) => appUsers(app, isolated)),
    source: "stack",
  };
  const { exports, imports } = wiringOf(exchangesOf(platform));
  const mappings = mappingsOf(platform);
  const appAccounts = platform.apps.flatMap((user): Account[] => {
    const { account } = user;
    if (!account) return [];
    const { name, jetStream, terraform } = account;
    const users = [...(terraform ? [terraform] : []), user].map((each) => userOf(each));
    return [
      madeAccount(name, users, {
        jetStream,
        exports: exports.get(name) ?? [],
        imports: imports.get(name) ?? [],
        mappings: mappings.get(account) ?? {},
      }),
    ];
  });
  const here = [node, ...platform.apps.filter(({ account }) => !account)].map((each) => userOf(each));
  return {
    accounts: [madeAccount("PROD", here, { exports: exports.get("PROD") ?? [] }), ...appAccounts],
    resources: [
      ...platformResources,
      ...appNames.flatMap((app) => storageOf(isolated ? names.appAccount("prod", app) : "PROD", app)),
    ],
  };
}
