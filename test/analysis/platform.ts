import { type Account, type Exchange, wiringOf } from "../../lib/access/accounts";
import type { CapabilityName } from "../../lib/access/capabilities";
import { ALL_CLIENTS } from "../../lib/access/clients";
import type { Grant, GrantValues } from "../../lib/access/grant";
import type { UserModel } from "../../lib/access/models";
import { userOf } from "../../lib/access/users";
import type { Resource } from "../../lib/analysis/server-model";
import * as names from "../../lib/naming/names";

/** What a program declares, as far as the analysis asks. */
export interface Declared {
  readonly accounts: readonly Account[];
  readonly resources: readonly Resource[];
}

type Given = readonly (readonly [CapabilityName, GrantValues])[];

/** A user with these capabilities, as the library makes it. */
export function madeUser(name: string, given: Given, inboxPrefix = names.inboxPrefix(name.replace(/-/g, "_"))) {
  const grants = given.map(
    ([capability, values]): Grant => ({
      capability,
      values: { inbox: inboxPrefix, ...values },
      source: `stack/${name}`,
    }),
  );
  const model: UserModel = {
    name,
    role: "app",
    permissionSet: name.toUpperCase(),
    credentials: { kind: "variable", variable: "PASSWORD" },
    clients: ALL_CLIENTS,
    inboxPrefix,
    grants,
    source: `stack/${name}`,
  };
  return userOf(model);
}

/** An account as the library makes it. */
export function madeAccount(
  name: string,
  users: readonly Account["users"][number][],
  exchanges: readonly Exchange[] = [],
  mappings: Account["mappings"] = {},
): Account {
  const wiring = wiringOf(exchanges);
  return {
    name,
    inFile: true,
    about: name,
    jetStream: {},
    limits: {},
    users,
    exports: wiring.exports.get(name) ?? [],
    imports: wiring.imports.get(name) ?? [],
    mappings,
    source: `stack/${name}`,
  };
}

/** The bucket of an app or platform. */
export const bucket = (account: string, name: string): Resource => ({
  name: names.keyValueStream(name),
  kind: "keyValue",
  account,
  subjects: [`$KV.${name}.>`],
  owner: name,
  rollUp: true,
});

/** The object store of an app. */
export const store = (account: string, name: string): Resource => ({
  name: names.objectStream(name),
  kind: "objectStore",
  account,
  subjects: names.objectSubjects(name),
  owner: name,
  rollUp: true,
});

/** A stream of an app or platform. */
export const stream = (account: string, name: string, subject: string, rest: Partial<Resource> = {}): Resource => ({
  name,
  kind: "stream",
  account,
  subjects: [subject],
  owner: name,
  rollUp: false,
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
export const storageOf = (account: string, app: string): Resource[] => [
  bucket(account, `prod_${app}`),
  stream(account, `prod_${app}_wal`, `prod.${app}.wal.>`),
  store(account, `prod_${app}_snapshots`),
];

const SHARED: Given = [
  ["audit.publish", { subjects: "prod._.audit.{app}.>" }],
  ["events.live", { subjects: "prod._.events.>" }],
  ["events.publish", { subjects: "prod._.events.user.>" }],
  ["sharedKv.readKey", { bucket: "prod_platform", key: "config.flags" }],
  ["sharedKv.writeKey", { bucket: "prod_platform", key: "lock.migration" }],
];

const IMPORTED: Given = [
  ["audit.publish", { subjects: "prod._.audit.{app}.>" }],
  ["events.live", { subjects: "prod._.events.>" }],
  ["events.publishImported", { outbox: "prod._.outbox.events.user.>" }],
  ["sharedKv.readImportedKey", { platform: "prod", bucket: "prod_platform", key: "config.flags" }],
];

/** What the platform itself has. */
export const platformResources: readonly Resource[] = [
  bucket("PROD", "prod_platform"),
  stream("PROD", "prod_events", "prod._.events.>", {
    republish: { source: "prod._.events.>", destination: "prod._.live.events.>" },
  }),
  stream("PROD", "prod_audit", "prod._.audit.>"),
];

/** A platform with one node and many apps, all in its account or each in one of its own. */
export function largePlatform(apps: number, isolated: boolean): Declared {
  const resources: Resource[] = [...platformResources];
  const exchanges: Exchange[] = [];
  const appAccounts: Account[] = [];
  const users = [madeUser("prod-node-1", [["node", { platform: "prod" }]], "_INBOX")];
  for (let index = 0; index < apps; index++) {
    const app = `app-${index}`;
    const account = isolated ? `PROD_APP-${index}` : "PROD";
    const given = [
      ...usesStorage(app),
      ...(isolated ? IMPORTED : SHARED).map(([capability, values]) => [capability, own(values, app)] as const),
    ];
    const user = madeUser(`prod-${app}`, given);
    resources.push(...storageOf(account, app));
    if (!isolated) {
      users.push(user);
      continue;
    }
    const way = (kind: Exchange["kind"], subject: string, rest: Partial<Exchange> = {}): Exchange => ({
      kind,
      from: "PROD",
      to: account,
      subject,
      source: "stack",
      ...rest,
    });
    const ways = [
      way("service", `prod._.audit.${app}.>`, { offered: "prod._.audit.>" }),
      way("service", "prod._.events.user.>", { offered: "prod._.events.>", as: "prod._.outbox.events.user.>" }),
      way("stream", "prod._.live.events.>", { as: "prod._.events.>" }),
      way("service", "$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags", {
        as: "$JS.prod.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags",
      }),
    ];
    exchanges.push(...ways);
    appAccounts.push(madeAccount(account, [user], ways, { "prod._.events.user.>": "prod._.outbox.events.user.>" }));
  }
  return { accounts: [madeAccount("PROD", users, exchanges), ...appAccounts], resources };
}

const own = (values: GrantValues, app: string): GrantValues =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.replace("{app}", app)]));
