import { createUser } from "@nats-io/nkeys";
import { AppConstruct, Credentials, Isolation, MonitorConstruct, PlatformConstruct } from "../../../lib";
import { type Program, refusal, synthFiles } from "../../support/synth";

const PUBLIC_KEY = createUser().getPublicKey();
const SEED = `SU${"A".repeat(56)}`;
const PASSWORD = "correct horse battery staple";
const HASH = `$2a$11$${"a".repeat(53)}`;

/** A key in which one character in the middle is another. */
const withAnotherCharacter = (key: string) => `${key.slice(0, 20)}${key[20] === "A" ? "B" : "A"}${key.slice(21)}`;

const plainly = (text: string) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

const platform = (rest: object = {}) => ({
  nodes: ["node-1"],
  servers: ["nats://host:4222"],
  ...rest,
});
const withApp = (credentials: Credentials): Program => {
  return (stack) =>
    new AppConstruct(new PlatformConstruct(stack, "prod", platform()), "app", { appName: "convex", credentials });
};
const accounts = (program: Program) => synthFiles(program)["stack/accounts.conf"] ?? "";

test("a user's password is a variable of the server by default", () => {
  const program: Program = (stack) => new PlatformConstruct(stack, "prod", platform());
  expect(accounts(program)).toContain('{ user: "prod-node-1", password: $PROD_NODE_1_PASSWORD,');
  expect(accounts(program)).toContain('{ user: "monitor", password: $MONITOR_PASSWORD,');
});

test.each([
  ["a variable", Credentials.variable("CONVEX"), '{ user: "prod-convex", password: $CONVEX,'],
  ["an nkey", Credentials.nkey(PUBLIC_KEY), `{ nkey: "${PUBLIC_KEY}",`],
  ["a bcrypt hash", Credentials.bcrypt(HASH), `{ user: "prod-convex", password: "${HASH}",`],
])("takes %s", (_, credentials, line) => {
  expect(accounts(withApp(credentials))).toContain(line);
});

test("nodes, the Terraform user and MONITOR take credentials too", () => {
  const text = accounts((stack) => {
    new PlatformConstruct(stack, "prod", {
      ...platform(),
      nodeCredentials: { "node-1": Credentials.variable("NODE") },
      terraformCredentials: Credentials.bcrypt(HASH),
    });
    new MonitorConstruct(stack, "monitor", { credentials: Credentials.nkey(PUBLIC_KEY) });
  });
  expect(text).toContain('{ user: "prod-node-1", password: $NODE,');
  expect(text).toContain(`{ user: "prod-terraform", password: "${HASH}",`);
  expect(text).toContain(
    `{ nkey: "${PUBLIC_KEY}", allowed_connection_types: ["STANDARD", "WEBSOCKET"], permissions: {`,
  );
});

test("every user, whatever its credentials, may connect as a client only", () => {
  const text = accounts(withApp(Credentials.nkey(PUBLIC_KEY)));
  const users = [...text.matchAll(/^ +\{ (?:user|nkey): .*$/gm)].map(([line]) => line);
  expect(users.length).toBeGreaterThan(2);
  for (const line of users) expect(line).toContain('allowed_connection_types: ["STANDARD", "WEBSOCKET"]');
});

test.each([
  ["a password as a variable", Credentials.variable(PASSWORD), PASSWORD, "might be a password"],
  ["a variable with its $", Credentials.variable("$CONVEX"), "$CONVEX", "without $"],
  ["an nkey seed", Credentials.nkey(SEED), SEED, "Treat the seed as leaked"],
  ["the public key of an account", Credentials.nkey(`A${"A".repeat(55)}`), "AAAAAAAA", "begin with U"],
  ["a password as a hash", Credentials.bcrypt(PASSWORD), PASSWORD, "if this was a password, change it"],
])("refuses %s and does not repeat it", (_, credentials, secret, says) => {
  const { message, written } = refusal(withApp(credentials));
  expect(message).toContain("[stack/prod/app]");
  expect(message).toContain(says);
  expect(message).not.toContain(secret);
  expect(written).toEqual([]);
});

test.each([
  [
    "credentials for a node that does not exist",
    (stack) =>
      new PlatformConstruct(stack, "prod", {
        ...platform(),
        nodeCredentials: { "node-2": Credentials.variable("NODE") },
      }),
    'credentials are given for a node that the platform does not have: "node-2"',
  ],
  [
    "a variable that hides behind a set of permissions",
    (stack) =>
      new PlatformConstruct(stack, "prod", {
        ...platform(),
        nodeCredentials: { "node-1": Credentials.variable("PROD_NODE") },
      }),
    'environment variable is called as the server\'s file calls sets of permissions: "PROD_NODE"',
  ],
  [
    "one variable for two users",
    (stack) => {
      const prod = new PlatformConstruct(stack, "prod", platform());
      new AppConstruct(prod, "a", { credentials: Credentials.variable("SAME") });
      new AppConstruct(prod, "b", { credentials: Credentials.variable("SAME") });
    },
    'server variable of the user prod-b is already taken by the user prod-a [stack/prod/a]: "SAME"',
  ],
  [
    "one nkey for two users",
    (stack) => {
      const prod = new PlatformConstruct(stack, "prod", platform());
      new AppConstruct(prod, "a", { credentials: Credentials.nkey(PUBLIC_KEY) });
      new AppConstruct(prod, "b", { credentials: Credentials.nkey(PUBLIC_KEY) });
    },
    "nkey of the user prod-b is already taken by the user prod-a [stack/prod/a]",
  ],
  [
    "one hash for two users",
    (stack) => {
      const prod = new PlatformConstruct(stack, "prod", platform());
      new AppConstruct(prod, "a", { credentials: Credentials.bcrypt(HASH) });
      new AppConstruct(prod, "b", { credentials: Credentials.bcrypt(HASH) });
    },
    "bcrypt hash of the user prod-b is already taken by the user prod-a [stack/prod/a]",
  ],
  [
    "one variable for two users of one construct",
    (stack) => {
      const credentials = Credentials.variable("SAME");
      const prod = new PlatformConstruct(stack, "prod", platform());
      const app = new AppConstruct(prod, "a", {
        isolation: Isolation.ACCOUNT,
        credentials,
        messagingCredentials: credentials,
      });
      app.publishEvents("user.>");
    },
    /server variable of the user prod-a(-messaging)? is already taken by the user prod-a(-messaging)? /,
  ],
  [
    "the variable of the MONITOR that every program has",
    (stack) => {
      const prod = new PlatformConstruct(stack, "prod", platform());
      new AppConstruct(prod, "a", { credentials: Credentials.variable("MONITOR_PASSWORD") });
    },
    /server variable of the user monitor is already taken by the user prod-a \[stack\/prod\/a\]/,
  ],
  [
    "an nkey in which a character differs",
    withApp(Credentials.nkey(withAnotherCharacter(PUBLIC_KEY))),
    "public key of a user has a wrong checksum",
  ],
  [
    "a variable that is called as an account",
    (stack) =>
      new PlatformConstruct(stack, "prod", {
        ...platform(),
        terraformCredentials: Credentials.variable("PROD"),
      }),
    "environment variable is called as an account",
  ],
  [
    "a Terraform nkey where the provider is made with a password",
    (stack) =>
      new PlatformConstruct(stack, "prod", { ...platform(), terraformCredentials: Credentials.nkey(PUBLIC_KEY) }),
    "servers is given together with an nkey for the Terraform user",
  ],
] as [string, Program, string | RegExp][])("refuses %s", (_, program, says) => {
  expect(refusal(program).message).toMatch(says instanceof RegExp ? says : plainly(says));
});

test.each(["enabled", "jetstream", "JetStream", "users", "include", "TRUE", "off", "store_dir", "listen", "nkey"])(
  "refuses the variable %s, which the server reads as a word of its own",
  (name) => {
    expect(refusal(withApp(Credentials.variable(name))).message).toContain(
      `environment variable is called as a word of the server's configuration, which would be its value: "${name}"`,
    );
  },
);

test.each(["HOME", "PATH", "USER", "PWD", "HOSTNAME", "LANG", "LC_ALL", "TZ"])(
  "refuses the variable %s, which the server has anyway",
  (name) => {
    expect(refusal(withApp(Credentials.variable(name))).message).toMatch(
      new RegExp(`environment variable is (one that processes have anyway.*|called as a word .*): "${name}"`),
    );
  },
);

test("takes the public keys of users, however many", () => {
  const keys = Array.from({ length: 25 }, () => createUser().getPublicKey());
  expect(keys.filter((key) => Credentials.nkey(key)._fault !== undefined)).toEqual([]);
  expect(keys.filter((key) => Credentials.nkey(withAnotherCharacter(key))._fault === undefined)).toEqual([]);
});
