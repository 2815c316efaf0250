import { Lazy, type TerraformStack, Token } from "cdktf";
import { AppConstruct, jetstream, PlatformConstruct } from "../../../../lib";
import { at, otherStack, prodOf, type Row, row } from "./programs";

const SERVER = "nats://host:port, also with tls, ws or wss, without user, password and path";
const FOREIGN = "a provider of the same stack";
const OWN = "Give the app a provider of its own stack";
const provider = (scope: TerraformStack, { id = "nats", alias }: { id?: string; alias?: string } = {}) =>
  new jetstream.JetstreamProvider(scope, id, { servers: "nats://nats:4222", alias });
const variable = () => Lazy.stringValue({ produce: () => "nats.example.com" });

const servers = (name: string, list: string[], what: string, fix: string): Row =>
  row(`refuses ${name}`, (stack) => prodOf(stack, { servers: list }), [at.prod, what, SERVER, fix]);

const CREDENTIALS = "a server's address holds credentials (not repeated here)";
const REMOVE = "Remove them from the code; the password comes from a Terraform variable";

/** Programs whose servers hold a secret, which no message may repeat. */
export const SECRET = "hunter2";
export const credentialRows: readonly Row[] = [
  servers("credentials in a server's address", [`nats://admin:${SECRET}@nats:4222`], CREDENTIALS, REMOVE),
  servers("a token in a server's address", [`tls://${SECRET}@nats:4222`], CREDENTIALS, REMOVE),
  servers("credentials without a scheme", [`admin:${SECRET}@nats:4222`], CREDENTIALS, REMOVE),
  servers("credentials in one of several addresses", [`nats://a:4222,nats://x:${SECRET}@b:4222`], CREDENTIALS, REMOVE),
  ...[
    `nats://admin:${SECRET}`,
    `nats://admin:${SECRET}/nats:4222`,
    `nats://admin%3A${SECRET}%40nats:4222`,
    `nats://nats:4222/${SECRET}`,
    `nats://nats:4222#${SECRET}`,
    `nats://nats:4222;${SECRET}`,
    `nats://nats:4222 ${SECRET}`,
    SECRET,
  ].map((address) =>
    row(`refuses a secret in an odd place: ${address}`, (stack) => prodOf(stack, { servers: [address] }), [
      at.prod,
      "a server's address is not valid",
      SERVER,
      "Correct the address",
    ]),
  ),
  {
    ...row(
      "refuses credentials in a text in place of the list of servers",
      (stack) => prodOf(stack, { servers: `nats://admin:${SECRET}@nats:4222` as never }),
      [at.prod, "servers is not a list (not repeated here)", "a list, each of which is a text", "Give a list"],
    ),
    leadsToMore: true,
  },
  servers("a token as a query", [`nats://nats:4222?token=${SECRET}`], CREDENTIALS, REMOVE),
  row(
    "refuses credentials in Litestream's server",
    (stack) => {
      const app = new AppConstruct(prodOf(stack), "convex", { snapshots: {} });
      app.addLitestream({ databasePath: "/data/app.db", server: `nats://admin:${SECRET}@nats:4222` });
    },
    ["[stack/prod/convex/Litestream]", CREDENTIALS, SERVER, REMOVE],
  ),
  row(
    "refuses a secret in an odd place of Litestream's server",
    (stack) => {
      const app = new AppConstruct(prodOf(stack), "convex", { snapshots: {} });
      app.addLitestream({ databasePath: "/data/app.db", server: `nats://admin:${SECRET}` });
    },
    ["[stack/prod/convex/Litestream]", "a server's address is not valid", SERVER, "Correct the address"],
  ),
  row(
    "refuses credentials beside a host known only at apply",
    (stack) => prodOf(stack, { servers: [`nats://admin:${SECRET}@${variable()}:4222`] }),
    [at.prod, CREDENTIALS, SERVER, REMOVE],
  ),
];

export const connectionRows: readonly Row[] = [
  servers("an empty list of servers", [], "servers is empty: []", "Name a server, or leave servers out"),
  servers("a server without a scheme", ["nats:4222"], `not valid: "nats:4222"`, "Correct the address"),
  servers("a server with another scheme", ["http://nats:4222"], `not valid: "http://nats:4222"`, "Correct the address"),
  servers("a server with a path", ["ws://nats:4222/nats"], `not valid: "ws://nats:4222/…"`, "Correct the address"),
  servers("a port that is none", ["nats://nats:abc"], 'not valid: "nats://nats…"', "Correct the address"),
  servers("a port that is too high", ["nats://nats:99999"], 'not valid: "nats://nats:99999"', "Correct the address"),
  row(
    "refuses an address that is not there",
    (stack) => prodOf(stack, { servers: ["nats://nats:4222", undefined as never] }),
    [at.prod, "servers[1] is missing", "a text", "Give a text"],
  ),
  servers("an empty address", [""], 'not valid: ""', "Correct the address"),
  servers("white space in an address", ["nats://a b:4222"], 'not valid: "nats://a…"', "Correct the address"),
  row(
    "refuses a list known only at apply as servers",
    (stack) => prodOf(stack, { servers: Token.asList(Lazy.listValue({ produce: () => ["nats://a:4222"] })) }),
    [at.prod, "a server's address is not valid", SERVER, "Correct the address"],
  ),
  row(
    "refuses an app of a platform of another program without owner, once",
    (stack) => {
      const platform = PlatformConstruct.fromPlatformName(stack, "prod", "prod", { servers: ["nats://nats:4222"] });
      for (const name of ["convex", "cache"]) new AppConstruct(stack, name, { platform });
    },
    ["[stack/convex]", 'referred to without owner: "prod"', "as github.com/acme/search", "Give owner"],
  ),
  row(
    "refuses servers beside a provider",
    (stack) => {
      const nats = provider(stack);
      prodOf(stack, { provider: nats, servers: ["nats://nats:4222"] });
    },
    [at.prod, "both servers and provider are given", "one of the two", "Remove servers or provider"],
  ),
  row(
    "refuses a provider of another stack for a platform",
    (stack, app) => {
      const nats = provider(otherStack(app));
      prodOf(stack, { provider: nats, accessEntries: false });
    },
    [at.prod, 'the JetstreamProvider is in stack "other", what uses it is in stack "stack"', FOREIGN, OWN],
  ),
  row(
    "refuses the platform's provider for an app in another stack",
    (stack, app) => {
      const nats = provider(stack);
      const prod = prodOf(stack, { provider: nats, accessEntries: false });
      new AppConstruct(otherStack(app), "convex", { platform: prod });
    },
    ["[other/convex]", 'the JetstreamProvider is in stack "stack", what uses it is in stack "other"', FOREIGN, OWN],
  ),
  row(
    "refuses a provider of another stack for an app",
    (stack, app) => {
      const nats = provider(otherStack(app));
      new AppConstruct(prodOf(stack), "convex", { provider: nats });
    },
    [at.convex, 'the JetstreamProvider is in stack "other", what uses it is in stack "stack"', FOREIGN, OWN],
  ),
  row(
    "refuses a platform in a stack without a provider",
    (stack) => new PlatformConstruct(stack, "prod", { accessEntries: false }),
    [
      at.prod,
      'stack "stack" has no JetstreamProvider without alias',
      "one such provider, or the platform's servers or provider",
      'Give the platform servers: ["nats://host:4222"]',
    ],
  ),
  row(
    "refuses a platform that relies on a provider with an alias",
    (stack) => {
      provider(stack, { alias: "other" });
      new PlatformConstruct(stack, "prod", { accessEntries: false });
    },
    [at.prod, "has no JetstreamProvider without alias", "one such provider", "Give the platform servers"],
  ),
  row(
    "refuses an app in another stack without a provider",
    (stack, app) => {
      provider(stack);
      const prod = new PlatformConstruct(stack, "prod", { accessEntries: false });
      new AppConstruct(otherStack(app), "convex", { platform: prod });
    },
    [
      "[other/convex]",
      'stack "other" has no JetstreamProvider without alias',
      "one such provider",
      "Give the platform servers",
    ],
  ),
  row(
    "refuses two providers without alias in a stack",
    (stack) => {
      new PlatformConstruct(stack, "prod", { accessEntries: false });
      provider(stack, { id: "early" });
      provider(stack, { id: "late" });
    },
    [
      "[stack/late]",
      'stack "stack" has two JetstreamProviders without alias; the other is [stack/early]',
      "one without alias in a stack",
      "Give one of the two an alias",
    ],
  ),
  row(
    "refuses a resource of the provider without a provider",
    (stack) => {
      prodOf(stack);
      new jetstream.KvEntry(stack, "flags", { bucket: "prod_platform", key: "config.flags", value: "{}" });
    },
    [
      "[stack/flags]",
      'resource has no provider, and stack "stack" has no JetstreamProvider without alias',
      "the provider of the platform",
      "provider: platform.keyValueStore.resource.provider",
    ],
  ),
  row(
    "refuses an app without a platform",
    (stack) => new AppConstruct(stack, "convex"),
    [
      "[stack/convex]",
      "app has no platform",
      "an app declared inside of a platform, or one with the property platform",
      "Pass the PlatformConstruct as scope, or give it as platform",
    ],
    true,
  ),
  row(
    "refuses a bad name of a platform that another program owns",
    (stack) => PlatformConstruct.fromPlatformName(stack, "prod", "Prod"),
    [at.prod, 'not allowed: "Prod"', "lower-case letters", 'Did you mean "prod"?'],
  ),
];
