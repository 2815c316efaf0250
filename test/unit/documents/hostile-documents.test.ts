import { AppConstruct, Isolation, Monitoring, PlatformConstruct } from "../../../lib";
import { joinedAccounts, type StoredDocument } from "../../../lib/documents/joined-accounts";
import type { AccountDocument, UserDocument } from "../../../lib/documents/schema";
import { documentsInStack } from "../../../lib/documents/stack-documents";
import { accountsText } from "../../../lib/server-config/accounts-text";
import { SERVERS } from "../../support/prod";
import { synthStacks } from "../../support/synth";

/** The documents of a program with one platform. */
function documentsOf(name: string): StoredDocument[] {
  const stacks = synthStacks((stack) => {
    const options = { servers: SERVERS, nodes: ["node-1"], monitoring: Monitoring.HISTORY };
    const platform = new PlatformConstruct(stack, name, options);
    const app = new AppConstruct(platform, "app");
    app.serveApi("q");
    new AppConstruct(platform, "alone", { isolation: Isolation.ACCOUNT, liveEvents: [">"] }).publishHealth();
  });
  return Object.values(stacks).flatMap((stack) => documentsInStack(stack, name));
}

const victim = documentsOf("prod");
const own = documentsOf("aaa");

type Change<T> = (document: { -readonly [member in keyof T]: T[member] }) => void;

const changed = <T>(key: string, change: Change<T>): StoredDocument[] =>
  own.map((each) => {
    if (each.key !== key) return each;
    const document = JSON.parse(each.text);
    change(document);
    return { ...each, text: JSON.stringify(document) };
  });

const written = (key: string, text: string): StoredDocument[] => [
  ...own,
  { platform: "aaa", origin: "aaa", key, text },
];

const added = (key: string, document: object): StoredDocument[] => {
  const [, name] = /\.users\.(.+)$/.exec(key) ?? [];
  return written(key, JSON.stringify({ ...(name !== undefined && { user: name }), ...document }));
};

const user = (more: Partial<UserDocument>): object => ({
  version: 1,
  stack: "stack",
  account: "AAA",
  credentials: "variable X_PASSWORD",
  declaredBy: ["x"],
  inboxPrefix: "_INBOX",
  publish: {},
  role: "app",
  subscribe: {},
  ...more,
});

const way = (more: object) => ({ account: "AAA", kind: "stream", subject: "aaa.app.>", source: "x", ...more });
const MONITOR = "access.accounts.MONITOR";
const account = (key: string, change: Change<AccountDocument>) => changed<AccountDocument>(key, change);
const monitor = (change: Change<UserDocument>) => changed<UserDocument>("access.users.monitor", change);
const importing = (more: object) =>
  account(MONITOR, (document) => {
    document.imports = { ...document.imports, x: way(more) as never };
  });

/** The text of a document of an account that has nothing. */
const accountText = (name: string) =>
  JSON.stringify({
    ...{ version: 1, stack: "stack", about: "", account: name, accountsFile: true, exports: {}, imports: {} },
    ...{ jetStream: {}, limits: {}, mappings: {}, source: "x" },
  });

const HOSTILE: readonly [string, StoredDocument[]][] = [
  [
    "a member that all objects have",
    written("access.users.aaa-evil", JSON.stringify(user({})).replace("{", '{"user":"aaa-evil","__proto__":{"a":1},')),
  ],
  ["an account with a quote in its name", written('access.accounts.AAA_"x', accountText('AAA_"x'))],
  [
    "an account with a long name",
    written(`access.accounts.AAA_${"X".repeat(300)}`, accountText(`AAA_${"X".repeat(300)}`)),
  ],
  ["a user with an odd name", added('access.users.aaa-e"vil', user({}))],
  ["a subject with an empty token", added("access.users.aaa-evil", user({ publish: { "aaa..x": "" } }))],
  ["a subject that ends with a dot", added("access.users.aaa-evil", user({ subscribe: { "aaa.": "" } }))],
  ["a queue group to publish in", added("access.users.aaa-evil", user({ publish: { "aaa.x q": "" } }))],
  ["a > that is not last", added("access.users.aaa-evil", user({ publish: { "aaa.>.x": "" } }))],
  [
    "a mapping with more wildcards than it begins with",
    account("access.accounts.AAA", (document) =>
      Object.assign(document, { mappings: { "aaa.*": { to: "aaa.{{wildcard(7)}}" } } }),
    ),
  ],
  [
    "the variable of another platform's user",
    added("access.users.aaa-evil", user({ credentials: "variable PROD_TERRAFORM_PASSWORD" })),
  ],
  ["a user of another platform", added("access.users.prod-evil", user({ account: "PROD" }))],
  ["a user in another platform's account", added("access.users.aaa-evil", user({ account: "PROD" }))],
  ["a user with another platform's name", added("access.users.prod-evil", user({}))],
  ["a user in an account of another name than its key", added("access.accounts.AAA_ALONE.users.aaa-x", user({}))],
  ["a user in the system account", added("access.users.aaa-evil", user({ account: "SYS" }))],
  ["a user in MONITOR", added("access.users.aaa-evil", user({ account: "MONITOR" }))],
  ["another platform's permissions by name", added("access.users.aaa-evil", user({ permissionSet: "PROD_NODE" }))],
  [
    "a variable that is a word of the server",
    added("access.users.aaa-evil", user({ credentials: "variable enabled" })),
  ],
  ["a credential that is no kind", added("access.users.aaa-evil", user({ credentials: "password x" }))],
  [
    "another platform's account",
    added("access.accounts.PROD", { ...JSON.parse(own[0]?.text ?? "{}"), account: "PROD" }),
  ],
  [
    "an import from another platform",
    account("access.accounts.AAA", (document) => {
      document.imports = { x: way({ account: "PROD", subject: "prod.>" }) as never };
    }),
  ],
  [
    "an export to another platform",
    account("access.accounts.AAA", (document) => {
      document.exports = { x: way({ account: "PROD" }) as never };
    }),
  ],
  [
    "MONITOR's user publishes all",
    monitor((document) => {
      document.publish = { ...document.publish, ">": "x" };
    }),
  ],
  [
    "MONITOR's user subscribes to all",
    monitor((document) => {
      document.subscribe = { ...document.subscribe, ">": "x" };
    }),
  ],
  [
    "MONITOR's user subscribes to another platform",
    monitor((document) => {
      document.subscribe = { ...document.subscribe, "prod.>": "x" };
    }),
  ],
  [
    "MONITOR's user has permissions by name",
    monitor((document) => {
      Object.assign(document, { permissionSet: "AAA_NODE" });
    }),
  ],
  ["MONITOR imports more of the platform", importing({})],
  ["MONITOR imports under another name", importing({ subject: "aaa._.audit.>", to: "prod._.audit.>" })],
  ["MONITOR imports health under another name", importing({ subject: "aaa.app.health.>", to: "prod.app.health.>" })],
  ["MONITOR imports a service", importing({ kind: "service", subject: "aaa._.audit.>" })],
  ["MONITOR is offered more than it imports", importing({ subject: "aaa.app.health.>", offered: "aaa.>" })],
  [
    "MONITOR maps subjects",
    account(MONITOR, (document) => {
      document.mappings = { "prod._.audit.>": { to: "aaa.x" } };
    }),
  ],
  [
    "MONITOR exports",
    account(MONITOR, (document) => {
      document.exports = { x: way({}) as never };
    }),
  ],
  [
    "MONITOR has JetStream",
    account(MONITOR, (document) => {
      document.jetStream = {};
    }),
  ],
  [
    "a mapping that breaks the file",
    account("access.accounts.AAA", (document) => {
      document.mappings = { "aaa.x": { to: 'y"\n}' } };
    }),
  ],
  ["a subject that breaks the file", added("access.users.aaa-evil", user({ publish: { 'x"}]': "x" } }))],
  ["a version of tomorrow", added("access.users.aaa-evil", { ...user({}), version: 2 })],
  ["a member that nobody knows", added("access.users.aaa-evil", { ...user({}), admin: true })],
  [
    "the system account, as a platform",
    [
      ...own,
      { platform: "sys", origin: "aaa", key: "access.users.sys-x", text: JSON.stringify(user({ account: "SYS" })) },
    ],
  ],
  ["no JSON", [...own, { platform: "aaa", origin: "aaa", key: "access.users.aaa-evil", text: "{" }]],
];

test("the two programs as they are have no fault", () => {
  expect(joinedAccounts([...victim, ...own]).problems).toEqual([]);
});

test.each(HOSTILE)("a platform cannot say: %s", (_, documents) => {
  const { problems, accounts } = joinedAccounts([...victim, ...documents]);
  expect(problems).not.toEqual([]);
  for (const { path } of problems) expect(path).toMatch(/^aaa: .* of platform (aaa|sys)$|^stack\/aaa/);
  const ofVictim = (all: typeof accounts) => all.filter(({ name }) => name.startsWith("PROD"));
  const alone = joinedAccounts([...victim, ...own]).accounts;
  expect(accountsText(ofVictim(accounts))).toBe(accountsText(ofVictim(alone)));
  const monitorOf = (all: typeof accounts) => all.find(({ name }) => name === "MONITOR");
  const lines = (all: typeof accounts) =>
    new Set(
      monitorOf(all)?.users.flatMap(({ publish, subscribe }) => [...publish, ...subscribe].map(({ text }) => text)),
    );
  for (const line of lines(accounts)) expect(lines(alone)).toContain(line);
  for (const each of monitorOf(accounts)?.imports ?? []) expect(monitorOf(alone)?.imports).toContainEqual(each);
});
