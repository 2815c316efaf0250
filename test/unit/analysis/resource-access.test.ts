import type { CapabilityName } from "../../../lib/access/capabilities";
import type { GrantValues } from "../../../lib/access/grant";
import { AccessModel } from "../../../lib/analysis/access-model";
import { ResourceAccess } from "../../../lib/analysis/resource-access";
import type { CatalogPermission, CatalogResource } from "../../../lib/catalog/catalog";
import { bucket, largePlatform, madeAccount, madeUser, platformResources, storageOf, store, stream } from "./platform";
import { directionLines, fromAccounts } from "./server-accounts";

const OWN = [bucket("PROD", "prod_app"), stream("PROD", "prod_app_wal", "prod.app.wal.>"), store("PROD", "prod_app_s")];
const RESOURCES: readonly CatalogResource[] = [...platformResources, ...OWN];

/** What one user of an account with all these resources can do. */
function accessOf(lines: { publish?: CatalogPermission; subscribe?: CatalogPermission }) {
  const user = { name: "u", publish: directionLines([], [">"]), subscribe: directionLines([], [">"]), ...lines };
  const account = {
    name: "PROD",
    users: [user],
    exports: [],
    imports: [],
    mappings: {},
    resources: RESOURCES,
    consumers: [],
  };
  const access = new ResourceAccess(new AccessModel([account]));
  const found = access.of("u");
  if (!found) throw new Error("no user");
  return { access, found };
}

const levels = (cells: ReadonlyMap<CatalogResource, { readonly level: string }>) =>
  Object.fromEntries([...cells].map(([{ stream: name }, { level }]) => [name, level]));

test.each<[string, Record<string, string>]>([
  ["$KV.prod_app.users.1", { KV_prod_app: "write" }],
  ["$KV.>", { KV_prod_app: "write", KV_prod_platform: "write" }],
  ["$O.prod_app_s.C.>", { OBJ_prod_app_s: "write" }],
  ["prod.app.>", { prod_app_wal: "write" }],
  ["$JS.API.STREAM.INFO.KV_prod_app", { KV_prod_app: "look" }],
  ["$JS.API.STREAM.MSG.GET.KV_prod_app", { KV_prod_app: "read" }],
  ["$JS.API.DIRECT.GET.KV_prod_app.$KV.prod_app.a", { KV_prod_app: "read" }],
  ["$JS.API.DIRECT.GET.KV_prod_app.$KV.other.a", {}],
  ["$JS.API.CONSUMER.CREATE.prod_app_wal", { prod_app_wal: "read" }],
  ["$JS.API.CONSUMER.MSG.NEXT.prod_app_wal.c", { prod_app_wal: "read" }],
  ["$JS.ACK.prod_app_wal.c.>", { prod_app_wal: "read" }],
  ["$JS.API.STREAM.PURGE.OBJ_prod_app_s", { OBJ_prod_app_s: "write" }],
  ["$JS.API.STREAM.DELETE.KV_prod_app", { KV_prod_app: "manage" }],
  ["$JS.API.STREAM.DELETE.*", Object.fromEntries(RESOURCES.map(({ stream: name }) => [name, "manage"]))],
  ["$JS.API.>", Object.fromEntries(RESOURCES.map(({ stream: name }) => [name, "manage"]))],
  ["$JS.API.STREAM.NAMES", {}],
  ["$JS.FC.KV_prod_app.>", {}],
  ["other.>", {}],
])("who may publish %s can do: %j", (subject, expected) => {
  expect(levels(accessOf({ publish: directionLines([subject]) }).found.cells)).toEqual(expected);
});

test("what is denied gives nothing", () => {
  const publish = directionLines(["$KV.>"], ["$KV.prod_platform.>"]);
  expect(levels(accessOf({ publish }).found.cells)).toEqual({ KV_prod_app: "write" });
});

test("what is denied before an import gives nothing behind it", () => {
  const publish = directionLines(["far.>"], ["far.prod_platform.>"]);
  const user = { name: "u", publish, subscribe: directionLines([]) };
  const taken = { kind: "service", account: "PROD", subject: "$KV.*.>", to: "far.*.>" } as const;
  const empty = { users: [], exports: [], imports: [], mappings: {}, resources: [], consumers: [] };
  const accounts = [
    { ...empty, name: "PROD", resources: RESOURCES },
    { ...empty, name: "FAR", users: [user], imports: [taken] },
  ];
  const found = new ResourceAccess(new AccessModel(accounts)).of("u");
  expect(found && levels(found.cells)).toEqual({ KV_prod_app: "write" });
});

test.each<[string, Record<string, string>]>([
  ["prod.app.>", { prod_app_wal: "read" }],
  ["prod._.live.events.>", { prod_events: "read" }],
  ["prod.*", { prod_events: "read", prod_audit: "read", prod_app_wal: "read" }],
  ["$KV.prod_app.a.b", { KV_prod_app: "read" }],
])("who may subscribe to %s reads what is being stored", (subject, expected) => {
  expect(levels(accessOf({ subscribe: directionLines([subject]) }).found.cells)).toEqual(expected);
});

test.each<[string, string[], [string, string][]]>([
  ["reads a key", ["$JS.API.DIRECT.GET.KV_prod_app.$KV.prod_app.>"], [["answer", "manage"]]],
  ["acknowledges", ["$JS.ACK.prod_events.app.>"], [["answer", "manage"]]],
  ["asks anything", ["$JS.API.STREAM.INFO.KV_prod_app"], [["answer", "write"]]],
  ["only writes", ["prod.app.wal.>"], [["answer", "write"]]],
  ["only fetches", ["$JS.API.CONSUMER.MSG.NEXT.prod_events.app"], [["answer", "manage"]]],
  ["does nothing with streams", ["prod.app.other"], []],
  [
    "writes a key of another's bucket",
    ["$KV.prod_platform.lock.x"],
    [
      ["rollUp", "write"],
      ["answer", "write"],
    ],
  ],
])("a user that %s has these holes", (_, publish, expected) => {
  const { found } = accessOf({ publish: directionLines(publish) });
  expect(found.holes.map(({ kind, level }) => [kind, level])).toEqual(expected);
});

test("a hole counts where it gives more than the lines", () => {
  const { access, found } = accessOf({ publish: directionLines(["prod.app.wal.>"]) });
  const kinds = (name: string) => {
    const resource = RESOURCES.find((each) => each.stream === name) as CatalogResource;
    return access.holesTo(found, resource).map(({ kind }) => kind);
  };
  expect(kinds("prod_app_wal")).toEqual([]);
  expect(kinds("KV_prod_app")).toEqual(["answer"]);
});

type Given = [CapabilityName, GrantValues][];
const kv: Given = [
  ["kv.get", { bucket: "prod_app" }],
  ["kv.write", { bucket: "prod_app" }],
];

test("who shares an inbox reads what others are answered", () => {
  const users = [madeUser("one", kv, "_INBOX"), madeUser("two", [["inbox", {}]], "_INBOX"), madeUser("three", kv)];
  const access = new ResourceAccess(new AccessModel(fromAccounts([madeAccount("PROD", users)], RESOURCES)));
  const two = access.of("two");
  const three = access.of("three");
  const resource = RESOURCES.find(({ stream: name }) => name === "KV_prod_app") as CatalogResource;
  expect(two?.holes.map(({ kind }) => kind)).toEqual(["inbox"]);
  expect(two && access.holesTo(two, resource).map(({ kind, level }) => [kind, level])).toEqual([["inbox", "read"]]);
  expect(two && access.holesTo(two, RESOURCES[0] as CatalogResource)).toEqual([]);
  expect(three?.holes.map(({ kind }) => kind)).not.toContain("inbox");
});

test("who calls a service of its account can have the answer written where the service may write", () => {
  const users = [
    madeUser("caller", [["service.call", { subjects: "prod._.api.app.get" }]]),
    madeUser("server", [...kv, ["service.serve", { subjects: "prod._.api.app.>" }]]),
  ];
  const access = new ResourceAccess(new AccessModel(fromAccounts([madeAccount("PROD", users)], RESOURCES)));
  const caller = access.of("caller");
  expect(caller?.holes.map(({ kind, users }) => [kind, users])).toEqual([
    ["responder", ["server"]],
    ["trace", undefined],
  ]);
  const reached = RESOURCES.filter((resource) => caller && access.holesTo(caller, resource).length > 0);
  expect(reached.map(({ stream: name }) => name)).toEqual(["KV_prod_app"]);
});

test("an ability says by which line, and through which account", () => {
  const { accounts, resources } = largePlatform(2, true);
  const access = new ResourceAccess(new AccessModel(fromAccounts(accounts, resources)));
  const app = access.of("prod-app-0");
  expect(app && levels(app.cells)).toEqual({
    "KV_prod_app-0": "write",
    "prod_app-0_wal": "write",
    "OBJ_prod_app-0_snapshots": "write",
  });
  const messaging = access.of("prod-app-0-messaging");
  expect(messaging && levels(messaging.cells)).toEqual({
    prod_audit: "write",
    prod_events: "write",
    KV_prod_platform: "read",
  });
  const platform = resources.find(({ stream: name }) => name === "KV_prod_platform") as CatalogResource;
  const [look, ability] = messaging?.cells.get(platform)?.abilities ?? [];
  expect(look?.act).toBe("look");
  expect(ability?.line.reasons[0]).toMatchObject({
    capability: "sharedKv.readImportedKey",
    source: "stack/prod-app-0",
  });
  expect(ability?.subjects).toEqual(["$KV.prod_platform.config.flags"]);
  expect(ability?.through).toHaveLength(1);
  expect(app?.holes.every(({ account }) => account === "PROD_APP-0")).toBe(true);
  const holes = messaging?.holes.map(({ kind, level, account, resource }) => [kind, level, account, resource?.stream]);
  expect(holes?.sort()).toEqual([
    ["duplicate", "write", "PROD", "prod_audit"],
    ["duplicate", "write", "PROD", "prod_events"],
    ["sequence", "look", "PROD", "prod_audit"],
    ["sequence", "look", "PROD", "prod_events"],
    ["storage", "none", "PROD", undefined],
  ]);
});

test.each([
  [["prod_audit"], true],
  [["prod_audit", "prod_events"], false],
])(
  "an app that writes to prod_audit and prod_events fills the storage, where %j have a limit of bytes: %s",
  (names, is) => {
    const { accounts, resources } = largePlatform(2, true);
    const limited = resources.map((each) => ({ ...each, sized: names.includes(each.stream) }));
    const messaging = new ResourceAccess(new AccessModel(fromAccounts(accounts, limited))).of("prod-app-0-messaging");
    expect(messaging?.cells.size).toBe(3);
    expect(messaging?.holes.some(({ kind }) => kind === "storage")).toBe(is);
  },
);

test("lines for queue groups give nothing that the line without a group gives already", () => {
  const { accounts, resources } = largePlatform(1, false);
  const server = fromAccounts(accounts, resources);
  const app = new ResourceAccess(new AccessModel(server)).of("prod-app-0");
  const lines = app?.member.permissions.subscribe.filter(({ subject: pattern }) => pattern === "prod._.events.>");
  expect(lines?.map(({ queue }) => queue)).toEqual([undefined, "prod-app-0", "prod-app-0.>"]);
  const events = resources.find(({ stream: name }) => name === "prod_events") as CatalogResource;
  const received = app?.cells.get(events)?.abilities.filter(({ by }) => by === "subscribe");
  expect(received?.map(({ line }) => line)).toEqual(lines?.slice(0, 1));
});

test("in one account, each app reaches all others only through holes", () => {
  const { accounts, resources } = largePlatform(2, false);
  const access = new ResourceAccess(new AccessModel(fromAccounts(accounts, resources)));
  const app = access.of("prod-app-0");
  for (const resource of storageOf("PROD", "app-1")) {
    const foreign = resources.find(({ stream: name }) => name === resource.stream) as CatalogResource;
    expect(app?.cells.has(foreign)).toBe(false);
    expect(app && access.holesTo(app, foreign).map(({ level }) => level)).toContain("manage");
  }
  const node = access.of("prod-node-1");
  expect(node?.cells.size).toBe(resources.length);
});
