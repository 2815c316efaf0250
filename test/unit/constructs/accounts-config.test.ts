import { parse } from "yaml";
import {
  AccountsFile,
  AppConstruct,
  MonitorConstruct,
  Monitoring,
  PlatformConstruct,
  type PlatformConstructProps,
} from "../../../lib";
import { type Program, refusal, synth, synthFiles } from "../../support/synth";

const prodOf = (
  stack: ConstructorParameters<typeof PlatformConstruct>[0],
  rest: Partial<PlatformConstructProps> = {},
) => new PlatformConstruct(stack, "prod", { nodes: ["node-1"], servers: ["nats://host:4222"], ...rest });
const newStack = (app: unknown, name: string) => new (jest.requireActual("cdktf").TerraformStack)(app, name);

test("a program with a platform writes the file into the stack of the first one", () => {
  const files = synthFiles((stack, app) => {
    prodOf(stack);
    new PlatformConstruct(newStack(app, "other"), "staging", {
      servers: ["nats://h:4222"],
    });
  });
  expect(Object.keys(files).sort()).toEqual([
    "other/cdk.tf.json",
    "stack/accounts.conf",
    "stack/accounts/ACCESS.conf",
    "stack/accounts/MONITOR.conf",
    "stack/accounts/PROD.conf",
    "stack/accounts/PROD_ACCESS.conf",
    "stack/accounts/STAGING.conf",
    "stack/accounts/STAGING_ACCESS.conf",
    "stack/catalog.json",
    "stack/cdk.tf.json",
    "stack/report.html",
    "stack/topology.mmd",
  ]);
  expect(files["stack/accounts.conf"]).toContain("STAGING {");
});

test("AccountsFile chooses another stack", () => {
  const files = synthFiles((stack, app) => {
    prodOf(stack);
    new AccountsFile(newStack(app, "other"), "accounts");
  });
  expect(Object.keys(files).filter((path) => path.endsWith("accounts.conf"))).toEqual(["other/accounts.conf"]);
});

test("its content can be placed into any resource", () => {
  const program: Program = (stack) => {
    const { TerraformOutput } = jest.requireActual("cdktf");
    const config = new AccountsFile(stack, "accounts");
    new TerraformOutput(stack, "content", { value: config.content, staticId: true });
    prodOf(stack);
  };
  const { output } = synth(program) as { output?: { content?: { value?: string } } };
  expect(output?.content?.value).toBe(synthFiles(program)["stack/accounts.conf"]);
  expect(output?.content?.value).toContain("PROD {");
});

test("the values for Helm hold the same accounts, with variables in the chart's form", () => {
  const files = synthFiles((stack) => {
    prodOf(stack);
    new AccountsFile(stack, "accounts", { helmValues: true });
  });
  const { accounts } = parse(files["stack/accounts.helm.yaml"] ?? "").config.merge;
  expect(Object.keys(accounts)).toEqual(["PROD", "PROD_ACCESS", "ACCESS", "MONITOR"]);
  expect(accounts.PROD.users[0]).toMatchObject({ user: "prod-node-1", password: "<< $PROD_NODE_1_PASSWORD >>" });
  expect(accounts.MONITOR.users[0].permissions.publish).toEqual({ deny: [">"] });
});

test("neither the order of declaration nor of apps changes the file", () => {
  const names = ["cache", "convex", "api"];
  const declare =
    (order: readonly string[], platforms: readonly string[]): Program =>
    (stack) => {
      for (const platform of platforms) {
        const made = new PlatformConstruct(stack, platform, {
          servers: ["nats://h:4222"],
          monitoring: Monitoring.NONE,
        });
        for (const app of order) new AppConstruct(made, app);
      }
    };
  const one = synthFiles(declare(names, ["prod", "staging"]))["stack/accounts.conf"];
  const other = synthFiles(declare([...names].reverse(), ["staging", "prod"]))["stack/accounts.conf"];
  expect(one).toBe(other);
});

test("limits are written by the server's names", () => {
  const text = synthFiles((stack) => {
    prodOf(stack, {
      accountLimits: { maxConnections: 100 },
      jetStreamLimits: { maxFileBytes: 102_400, maxStreams: 10 },
    });
    new MonitorConstruct(stack, "monitor", { accountLimits: { maxConnections: 3 } });
  })["stack/accounts.conf"];
  expect(text).toContain("jetstream: { max_file: 102400, max_streams: 10 }");
  expect(text).toContain("limits: { max_connections: 100 }");
  expect(text).toContain("limits: { max_connections: 3 }");
});

test("a platform that is not monitored exports nothing, and alone makes no account MONITOR", () => {
  const files = synthFiles((stack) => prodOf(stack, { monitoring: Monitoring.NONE, accessEntries: false }));
  const text = files["stack/accounts.conf"];
  expect(text).not.toContain("MONITOR");
  expect(text).not.toContain("exports");
});

test("a platform whose account is brought otherwise is not part of the file", () => {
  const files = synthFiles((stack) => prodOf(stack, { accountsFile: false }));
  expect(Object.keys(files)).toEqual(["stack/cdk.tf.json"]);
});

test("a construct's id cannot break out of its comment", () => {
  const text = synthFiles((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, 'a\n}\nSYS { users: [{ user: "evil" }] }\n#', { appName: "convex" });
  })["stack/accounts.conf"];
  for (const line of (text ?? "").split("\n")) expect(line.trim()).not.toMatch(/^SYS/);
});

test.each([
  [
    "two accounts files",
    (stack) => {
      prodOf(stack);
      new AccountsFile(stack, "one");
      new AccountsFile(stack, "two");
    },
    "accounts file is already declared by [stack/one]",
  ],
  [
    "two accounts MONITOR",
    (stack) => {
      new MonitorConstruct(stack, "one");
      new MonitorConstruct(stack, "two");
    },
    'account name is already taken by [stack/one]: "MONITOR"',
  ],
  [
    "a limit of nothing",
    (stack) => prodOf(stack, { accountLimits: { maxConnections: 0 } }),
    "maxConnections is out of range: 0",
  ],
] as [string, Program, string][])("refuses %s", (_, program, says) => {
  expect(refusal(program).message).toContain(says);
});
