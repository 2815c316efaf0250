import { TerraformStack } from "cdktf";
import {
  AccountsFile,
  type AccountsFileProps,
  AppConstruct,
  Credentials,
  type IPlatform,
  Monitoring,
  PlatformConstruct,
} from "../../../lib";
import { accountsIn } from "../../../lib/server-config/read-accounts-text";
import { SERVERS } from "../../support/prod";
import { type Program, problemsIn, refusal, synthFiles } from "../../support/synth";

const NKEY = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

/** Two platforms, and an accounts file in a stack of its own for each of these sets of them. */
const filesFor =
  (...sets: readonly ((platforms: { prod: IPlatform; staging: IPlatform }) => AccountsFileProps)[]): Program =>
  (stack, app) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, monitoring: Monitoring.HISTORY });
    const staging = new PlatformConstruct(stack, "staging", { servers: SERVERS });
    new AppConstruct(prod, "convex");
    for (const [index, set] of sets.entries()) {
      new AccountsFile(new TerraformStack(app, `servers-${index}`), "accounts", set({ prod, staging }));
    }
  };

const accountsOf = (text = "") => accountsIn(text).accounts.map(({ name }) => name);

test("each of several accounts files has the accounts of its platforms, and of ACCESS and MONITOR what concerns these", () => {
  const files = synthFiles(
    filesFor(
      ({ prod }) => ({ platforms: [prod], helmValues: true }),
      ({ staging }) => ({ platforms: [staging] }),
    ),
  );
  const [prod, staging] = [files["servers-0/accounts.conf"], files["servers-1/accounts.conf"]];
  expect(accountsOf(prod)).toEqual(["PROD", "PROD_ACCESS", "ACCESS", "MONITOR"]);
  expect(accountsOf(staging)).toEqual(["STAGING", "STAGING_ACCESS", "ACCESS", "MONITOR"]);
  expect(prod).not.toMatch(/staging/i);
  expect(staging).not.toMatch(/prod|_INBOX_monitor/i);
  expect(files["servers-0/accounts.helm.yaml"]).not.toMatch(/staging/i);
  const alone = synthFiles((stack) => new PlatformConstruct(stack, "staging", { servers: SERVERS }));
  expect(staging).toBe(alone["stack/accounts.conf"]);
});

test("the catalog of all platforms is beside the first of several accounts files", () => {
  const files = synthFiles(
    filesFor(
      ({ prod }) => ({ platforms: [prod], reports: false }),
      ({ staging }) => ({ platforms: [staging] }),
    ),
  );
  expect(Object.keys(files).filter((path) => path.endsWith("catalog.json"))).toEqual(["servers-1/catalog.json"]);
  const { platforms } = JSON.parse(files["servers-1/catalog.json"] ?? "");
  expect(platforms.map(({ name }: { name: string }) => name)).toEqual(["prod", "staging"]);
});

test.each<[string, Program, string[]]>([
  [
    "without its platforms beside one with some",
    filesFor(
      ({ prod, staging }) => ({ platforms: [prod, staging] }),
      () => ({}),
    ),
    ["[servers-1/accounts] accounts file has all platforms beside one that has some of them"],
  ],
  [
    "for a platform that another one has",
    filesFor(
      ({ prod, staging }) => ({ platforms: [prod, staging] }),
      ({ prod }) => ({ platforms: [prod] }),
    ),
    ['[servers-1/accounts] platform is in the accounts file [servers-0/accounts] too: "prod"'],
  ],
  [
    "that leaves a platform out",
    filesFor(({ prod }) => ({ platforms: [prod] })),
    ['[stack/staging] platform is in no accounts file: "staging"'],
  ],
  [
    "for no platform",
    filesFor(
      () => ({ platforms: [] }),
      ({ prod, staging }) => ({ platforms: [prod, staging] }),
    ),
    ["[servers-0/accounts] platforms is empty: []"],
  ],
  [
    "for a platform of another program",
    (stack) => {
      new PlatformConstruct(stack, "prod", { servers: SERVERS, accountsFile: false });
      const far = PlatformConstruct.fromPlatformName(stack, "far", "far", {
        owner: "github.com/acme/search",
        servers: SERVERS,
      });
      new AccountsFile(stack, "accounts", { platforms: [far] });
    },
    [
      '[stack/accounts] accounts file is given a platform that this program does not declare: "far"',
      "[stack/accounts] platforms is empty: []",
    ],
  ],
  [
    "in the stack of another one",
    (stack) => {
      for (const name of ["prod", "staging"]) {
        const platform = new PlatformConstruct(stack, name, { servers: SERVERS });
        new AccountsFile(stack, `${name}-accounts`, { platforms: [platform] });
      }
    },
    ['[stack/staging-accounts] accounts file is in the stack of another one [stack/prod-accounts]: "stack"'],
  ],
])("refuses an accounts file %s", (_, program, told) => {
  const problems = problemsIn(refusal(program).message ?? "");
  expect(problems.map((problem) => problem.trim().split("\n")[0])).toEqual(told);
});

const withSystem =
  (systemAccount: AccountsFileProps["systemAccount"]): Program =>
  (stack) => {
    new PlatformConstruct(stack, "prod", { servers: SERVERS });
    new AccountsFile(stack, "accounts", { systemAccount, helmValues: true });
  };

test("the system account has its users, each with no more than it is for", () => {
  const credentials = { deploy: Credentials.nkey(NKEY) };
  const files = synthFiles(withSystem({ operators: ["ops"], reloaders: ["deploy"], credentials }));
  const text = files["stack/accounts.conf"] ?? "";
  expect(text).toContain('system_account: "SYS"\n');
  expect(accountsOf(text)).toEqual(["PROD", "PROD_ACCESS", "ACCESS", "MONITOR", "SYS"]);
  const { accounts } = JSON.parse(files["stack/catalog.json"] ?? "");
  const { users } = accounts.find(({ name }: { name: string }) => name === "SYS");
  const subjects = (lines: { allow: { subject: string }[] }) => lines.allow.map(({ subject }) => subject);
  expect(users.map(({ name, publish, subscribe }: never) => [name, subjects(publish), subjects(subscribe)])).toEqual([
    ["sys-ops", [">"], [">"]],
    [
      "sys-deploy",
      [
        ...["ACCOUNTZ", "CONNZ", "JSZ", "RELOAD", "VARZ"].map((what) => `$SYS.REQ.SERVER.*.${what}`),
        "$SYS.REQ.SERVER.PING",
      ],
      ["_INBOX.>"],
    ],
  ]);
  expect(text).toContain("$SYS_OPS_PASSWORD");
  expect(text).toContain(`nkey: "${NKEY}"`);
  expect(files["stack/accounts.helm.yaml"]).toMatch(/^ {4}system_account: SYS$/m);
});

test.each<[string, NonNullable<AccountsFileProps["systemAccount"]>, string]>([
  ["a user twice", { operators: ["a"], reloaders: ["a"] }, 'user of the system account is named twice: "a"'],
  ["a user without a name", { operators: [""] }, 'system user name is missing: ""'],
  ["a name in capitals", { reloaders: ["Deploy"] }, 'system user name has a character that is not allowed: "Deploy"'],
  [
    "credentials of nobody",
    { operators: ["a"], credentials: { b: Credentials.nkey(NKEY) } },
    'credentials are given for a user that the system account does not have: "b"',
  ],
  [
    "the variable of another user",
    { operators: ["a"], credentials: { a: Credentials.variable("PROD_TERRAFORM_PASSWORD") } },
    "server variable of the user sys-a is already taken by the user prod-terraform [stack/prod]",
  ],
  [
    "one variable for two",
    { operators: ["a", "b"], credentials: { a: Credentials.variable("X"), b: Credentials.variable("X") } },
    "server variable of the user sys-b is already taken by the user sys-a [stack/accounts]",
  ],
])("the system account is refused with %s", (_, systemAccount, told) => {
  const problems = problemsIn(refusal(withSystem(systemAccount)).message ?? "");
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(told);
});
