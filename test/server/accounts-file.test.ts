import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createUser } from "@nats-io/nkeys";
import type { TerraformStack } from "cdktf";
import { parse } from "yaml";
import { AccountsFile, AppConstruct, Credentials, MonitorConstruct, PlatformConstruct } from "../../lib";
import { permittedText } from "../../lib/access/permissions";
import { checkAccounts, passwordsFor, TestServer } from "../../scripts/tools/nats-server";
import { writtenPermissions } from "../support/accounts-text";
import { VARIANTS } from "../support/clients/client";
import { connectClient } from "../support/clients/connect";
import { specification } from "./programs";
import { render, renderExample, renderStack } from "./render";
import { DIRECT, declarePlatform, passwordOf } from "./world";

const SERVERS = ["nats://nats:4222"];

/** The permissions of the specification, by a user who has them. */
const SPECIFIED = {
  "prod-node-1": { publish: ["prod.>", "$JS.API.>"], subscribe: ["prod.>", "_INBOX.>"] },
  "prod-convex": { publish: ["prod.convex.>"], subscribe: ["prod.convex.>", "prod._.events.>", "_INBOX.>"] },
  monitor: { publish: [], subscribe: ["prod.*.health.>", "prod._.audit.>"] },
};

const valid = { ok: true, output: expect.any(String) };

const check = (accounts: string) => checkAccounts(accounts, passwordsFor(accounts));

/** The lines of a file without comments and white space, so that only what the server reads is compared. */
const settings = (text: string) => text.replace(/\s+# .*/g, "").replace(/\s+/g, " ");

/** The values of the Helm chart as the server's configuration that the chart makes of them. */
function helmConfig(values: string): string {
  const { config } = parse(values);
  return JSON.stringify(config.merge).replace(/"<< (\$\w+) >>"/g, "$1");
}

describe("beside a system account of one's own", () => {
  const { accounts, accountFiles } = renderStack(specification);
  const SYSTEM = "SYS { users: [ { user: sys, password: sys } ] }";
  const own = (files: readonly string[]) => `accounts {\n${[SYSTEM, ...files].join("\n")}\n}\nsystem_account: SYS\n`;

  /** Whether a node can connect to a server with these accounts. */
  async function connects(text: string): Promise<boolean> {
    const server = await TestServer.start({ accounts: text, env: passwordsFor(accounts) });
    try {
      const user = "staging-node-1";
      const node = await connectClient(DIRECT, { url: server.url, user, password: passwordOf(user) });
      await node.close();
      return true;
    } catch {
      return false;
    } finally {
      await server.stop();
    }
  }

  test("the files of accounts/ go into its block", async () => {
    expect(await connects(own([...accountFiles.values()]))).toBe(true);
  });

  test("of two blocks the server takes the last, and its check says nothing", async () => {
    const both = `${accounts}\n${own([])}`;
    expect(check(both)).toEqual(valid);
    expect(await connects(both)).toBe(false);
    expect(accounts).toContain("# Not beside a block `accounts` of your own");
  });
});

describe("the specification's accounts", () => {
  const { accounts, accountFiles } = renderStack(specification);

  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ accounts, env: passwordsFor(accounts) });
  });
  afterAll(() => server?.stop());

  test("are valid to the server, which starts with them", async () => {
    expect(check(accounts)).toEqual(valid);
    const user = "staging-node-1";
    const node = await connectClient(DIRECT, { url: server.url, user, password: passwordOf(user) });
    await node.close();
  });

  test("the user of MONITOR, who may publish nothing, can publish nothing", async () => {
    const monitor = await connectClient(DIRECT, { url: server.url, user: "monitor", password: passwordOf("monitor") });
    const subjects = ["any", "prod._.audit.any", "$JS.API.INFO", "_INBOX.any"];
    for (const subject of subjects) monitor.publish(subject);
    await monitor.flush();
    expect(monitor.refusals.map(({ subject }) => subject)).toEqual(subjects);
    await monitor.close();
  });

  test.each([
    ["PROD", ["prod-node-1", "prod-node-2"]],
    ["STAGING", ["staging-node-1"]],
    ["PROD_ACCESS", ["prod-access-terraform"]],
    ["ACCESS", ["access-reader"]],
    ["MONITOR", ["monitor"]],
  ])("%s has its users", (account, users) => {
    const text = accountFiles.get(account) ?? "";
    for (const user of users) expect(text).toContain(`{ user: "${user}", password: $`);
  });

  test("PROD, STAGING and the accounts of their access documents have JetStream, ACCESS and MONITOR have none", () => {
    const withJetStream = [...accountFiles].filter(([, text]) => text.includes("jetstream: enabled"));
    expect(withJetStream.map(([name]) => name)).toEqual(["PROD", "PROD_ACCESS", "STAGING", "STAGING_ACCESS"]);
  });

  test("the account of access documents imports nothing, has one user, and offers two requests to ACCESS alone", () => {
    const text = settings(accountFiles.get("PROD_ACCESS") ?? "");
    expect(text).not.toContain("imports:");
    expect([...text.matchAll(/user: "([^"]+)"/g)].map(([, user]) => user)).toEqual(["prod-access-terraform"]);
    expect(text).toContain(
      `exports: [ ${["INFO", "MSG.GET"].map((verb) => `{ service: "$JS.API.STREAM.${verb}.KV_prod_access", accounts: ["ACCESS"] }`).join(" ")} ]`,
    );
  });

  test("MONITOR imports the health and audit subjects of PROD", () => {
    const text = settings(accountFiles.get("MONITOR") ?? "");
    expect(text).toContain('{ stream: { account: "PROD", subject: "prod.*.health.>" } }');
    expect(text).toContain('{ stream: { account: "PROD", subject: "prod._.audit.>" } }');
  });

  test.each(Object.entries(SPECIFIED))("%s has each line of the specification", (user, { publish, subscribe }) => {
    const set = writtenPermissions(accounts, user);
    expect(set.publish).toEqual(expect.arrayContaining(publish));
    expect(set.subscribe).toEqual(expect.arrayContaining(subscribe));
  });

  test("the files of single accounts are valid together, included where the server has its accounts", () => {
    const folder = mkdtempSync(join(tmpdir(), "nats-accounts-"));
    try {
      for (const [name, text] of accountFiles) writeFileSync(join(folder, `${name}.conf`), text);
      const includes = [...accountFiles.keys()].map((name) => `include "../${basename(folder)}/${name}.conf"`);
      const including = `accounts {\n${includes.join("\n")}\n}\n`;
      expect(checkAccounts(including, passwordsFor(accounts))).toEqual(valid);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe.each(["quickstart", "multi-tenant"])("examples/%s", (name) => {
  const example = renderExample(name);

  test("is valid to the server, which starts with it", async () => {
    expect(check(example.accounts)).toEqual(valid);
    const server = await TestServer.start({ accounts: example.accounts, env: passwordsFor(example.accounts) });
    await server.stop();
  });
});

test.each(Object.entries(SPECIFIED))("examples/multi-tenant has each line of %s", (user, { publish, subscribe }) => {
  const set = writtenPermissions(renderExample("multi-tenant").accounts, user);
  expect(set.publish).toEqual(expect.arrayContaining(publish));
  expect(set.subscribe).toEqual(expect.arrayContaining(subscribe));
});

test("permissions stand at their user, and have a name only where several users have the same", () => {
  const { accounts } = render((app) => {
    declarePlatform(app, { name: "prod" });
    declarePlatform(app, { name: "dev", privateInbox: true });
    declarePlatform(app, { name: "apart", isolated: ["convex", "cache"] });
  });
  const uses = [...accounts.matchAll(/permissions: \$([\w-]+)/g)].map(([, name]) => name as string);
  const sets = [...accounts.matchAll(/^ *([\w-]+) = \{$/gm)].map(([, name]) => name as string);
  expect(sets.sort()).toEqual([...new Set(uses)].sort());
  expect(sets).toEqual(["APART_APP_TERRAFORM", "APART_NODE", "PROD_NODE"]);
  expect(check(accounts)).toEqual(valid);
});

test("values for the Helm chart are a valid configuration", () => {
  const { helmValues, accounts } = render((app) => {
    declarePlatform(app, { name: "prod", privateInbox: true });
    new AccountsFile(app.node.children[0] as never, "accounts", { helmValues: true });
  });
  expect(checkAccounts(helmConfig(helmValues), passwordsFor(accounts))).toEqual(valid);
});

test("values for the Helm chart permit the same as the file", () => {
  const { helmValues, model } = render((app) => {
    declarePlatform(app, { name: "prod" });
    new AccountsFile(app.node.children[0] as never, "accounts", { helmValues: true });
  });
  const { accounts } = parse(helmValues).config.merge;
  for (const { name, users } of model) {
    const subjects = users.map(({ permissions: { publish, subscribe } }) =>
      [publish, subscribe].map((each) => each.map(permittedText)),
    );
    const written = accounts[name].users.map(({ permissions }: { permissions: Record<string, unknown> }) =>
      [permissions.publish, permissions.subscribe].map((each) => (Array.isArray(each) ? each : [])),
    );
    expect(written).toEqual(subjects);
  }
});

describe("unusual names", () => {
  test("an account's name may have a hyphen", () => {
    const { accounts } = render((app) => {
      declarePlatform(app, { name: "prod-eu" });
      declarePlatform(app, { name: "prod" });
    });
    expect(accounts).toContain("PROD-EU {");
    expect(check(accounts)).toEqual(valid);
  });

  const hostile = [
    'user."created"',
    "user.\\created",
    'user.x"], users: [{user: "evil", password: "evil"}], y: ["',
    'x":y},users:[{user:evil,password:evil}],mappings:{#',
    "user.$VARIABLE",
    "user.[bracket],(parenthesis);'quote'",
    "user.größe.大きさ",
    "user.#comment",
    "user.{brace}",
  ];

  test.each(hostile)("an event pattern %j is refused, or only a subject to the server", async (pattern) => {
    const program = () =>
      renderStack((stack) => {
        const prod = new PlatformConstruct(stack, "prod", { nodes: ["node-1"], servers: SERVERS });
        new AppConstruct(prod, "convex").publishEvents(pattern);
      });
    if (/[\s"\\#{}]/.test(pattern)) {
      expect(program).toThrow(/ has a character that a subject| contains white space/);
      return;
    }
    const { accounts } = program();
    expect(check(accounts)).toEqual(valid);
    const server = await TestServer.start({ accounts, env: passwordsFor(accounts) });
    try {
      const client = await connectClient(DIRECT, {
        url: server.url,
        user: "prod-convex",
        password: passwordOf("prod-convex"),
      });
      client.publish(`prod._.events.${pattern}`);
      client.publish("prod._.events.other");
      await client.flush();
      expect(client.refusals).toEqual([{ operation: "publish", subject: "prod._.events.other" }]);
      await client.close();
    } finally {
      await server.stop();
    }
  });

  test("the ids of constructs cannot end a comment", () => {
    const id = 'convex\n}\n  users: [{ user: "evil", password: "evil" }] # { "\r\u2028';
    const program = (appId: string) =>
      renderStack((stack) => {
        const prod = new PlatformConstruct(stack, "prod", { nodes: ["node-1"], servers: SERVERS });
        new AppConstruct(prod, appId, { appName: "convex" });
      }).accounts;
    expect(check(program(id))).toEqual(valid);
    expect(settings(program(id))).toBe(settings(program("convex")));
  });
});

describe("credentials", () => {
  const PASSWORD = "correct horse battery staple";
  /** The hash of the password, of the lowest cost. */
  const HASH = "$2a$04$aX83QvnrrHTXmA71natF4OyrXPMithp1yOTbsUsi7jDqAk4J/nZR.";

  const pair = createUser();
  const { accounts } = renderStack((stack) => {
    const prod = new PlatformConstruct(stack, "prod", {
      nodes: ["node-1"],
      servers: SERVERS,
      nodeCredentials: { "node-1": Credentials.nkey(pair.getPublicKey()) },
    });
    new AppConstruct(prod, "convex", { credentials: Credentials.bcrypt(HASH) });
    new MonitorConstruct(stack, "monitor", { credentials: Credentials.variable("WATCHER") });
  });
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start({ accounts, env: { ...passwordsFor(accounts), WATCHER: '"12345"' } });
  });
  afterAll(() => server?.stop());

  const means: [string, object][] = [
    ["an nkey", { seed: new TextDecoder().decode(pair.getSeed()) }],
    ["a password by its bcrypt hash", { user: "prod-convex", password: PASSWORD }],
    ["a password from the server's environment", { user: "monitor", password: "12345" }],
  ];
  describe.each(means)("%s", (_, credentials) => {
    test.each(VARIANTS.filter(({ direct }) => direct))("lets $library in", async (variant) => {
      const client = await connectClient(variant, { url: server.url, ...credentials });
      await client.close();
    });
  });

  test.each([
    ["the bcrypt hash as password", { user: "prod-convex", password: HASH }],
    ["another password", { user: "monitor", password: "wrong" }],
    ["another nkey", { seed: new TextDecoder().decode(createUser().getSeed()) }],
  ])("%s is refused", async (_, credentials) => {
    // A server that refuses may have closed the connection before the client has written.
    const refusal = /authorization violation|write EPIPE/i;
    await expect(connectClient(DIRECT, { url: server.url, ...credentials })).rejects.toThrow(refusal);
  });
});

describe("limits", () => {
  const { accounts } = renderStack((stack) => {
    const prod = new PlatformConstruct(stack, "prod", {
      nodes: ["node-1"],
      servers: SERVERS,
      accountLimits: { maxConnections: 20, maxSubscriptions: 10, maxPayloadBytes: 20_000, maxLeafNodes: 1 },
      jetStreamLimits: { maxMemoryBytes: 1_000_000, maxFileBytes: 2_000_000, maxStreams: 5, maxConsumers: 4 },
    });
    new AppConstruct(prod, "convex");
  });

  test("are what the server tells of the account, and hold", async () => {
    const server = await TestServer.start({ accounts, env: passwordsFor(accounts) });
    const connection = { url: server.url, user: "prod-node-1", password: passwordOf("prod-node-1") };
    try {
      const node = await connectClient(DIRECT, connection);
      const { limits } = JSON.parse((await node.request("$JS.API.INFO")).string());
      expect(limits).toMatchObject({
        max_memory: 1_000_000,
        max_storage: 2_000_000,
        max_streams: 5,
        max_consumers: 4,
      });
      const others = await Promise.all(Array.from({ length: 19 }, () => connectClient(DIRECT, connection)));
      await expect(connectClient(DIRECT, connection)).rejects.toThrow();
      expect(server.log).toMatch(/maximum account active connections exceeded/);
      await Promise.all([node, ...others].map((each) => each.close()));
    } finally {
      await server.stop();
    }
  });
});

describe("the order of declarations does not change a byte", () => {
  /** The files of a program whose steps are taken forwards and backwards. */
  const bothOrders = (stepsOf: (stack: TerraformStack) => (() => void)[]) =>
    [false, true].map(
      (backwards) =>
        renderStack((stack) => {
          const steps = stepsOf(stack);
          for (const step of backwards ? steps.reverse() : steps) step();
        }).accounts,
    );

  const platform = (stack: TerraformStack, name: string) =>
    new PlatformConstruct(stack, name, { nodes: ["node-1"], servers: SERVERS, privateInbox: true });

  test("of platforms", () => {
    const [forwards, backwards] = bothOrders((stack) => ["prod", "staging"].map((name) => () => platform(stack, name)));
    expect(backwards).toBe(forwards);
  });

  test("of apps", () => {
    const [forwards, backwards] = bothOrders((stack) => {
      const prod = platform(stack, "prod");
      return ["cache", "convex"].map((name) => () => void new AppConstruct(prod, name).serveApi("query"));
    });
    expect(backwards).toBe(forwards);
  });

  test("of what apps do", () => {
    const [forwards, backwards] = bothOrders((stack) => {
      const prod = platform(stack, "prod");
      const [cache, convex] = ["cache", "convex"].map((name) => new AppConstruct(prod, name)) as [
        AppConstruct,
        AppConstruct,
      ];
      return [
        () => convex.serveApi("query"),
        () => cache.serveApi("get"),
        () => cache.callApi(convex, "query"),
        () => convex.callApi(cache, "get"),
        () => convex.publishEvents("user.>", "order.>"),
        () => void convex.addStream("jobs"),
        () => void convex.addKeyValueStore("sessions"),
        () => convex.readPlatformConfig("flags"),
      ];
    });
    expect(backwards).toBe(forwards);
  });
});
