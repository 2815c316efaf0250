import { App, Aspects, TerraformStack, TerraformVariable } from "cdktf";
import { AppConstruct, type IPlatform, jetstream, PlatformConstruct, type PlatformConstructProps } from "../../../lib";
import providerSchema from "../../../scripts/bindings/provider-schema.json";
import { addresses, block, expression, refusal, storageAddresses, synth, synthStacks } from "../../support/synth";

const servers = ["nats://a:4222", "nats://b:4222"];
const prodOf = (scope: TerraformStack, props: PlatformConstructProps) =>
  new PlatformConstruct(scope, "prod", { ...props });

const PROVIDER = {
  alias: "prod",
  servers: "nats://a:4222,nats://b:4222",
  user: "prod-terraform",
  password: expression("var.prod_terraform_password"),
};
const ACCESS_PROVIDER = {
  ...PROVIDER,
  alias: "prod_access",
  user: "prod-access-terraform",
  password: expression("var.prod_access_terraform_password"),
};
const VARIABLE = { type: "string", sensitive: true, description: "Password of the NATS user prod-terraform" };

const VARIABLES = {
  prod_access_terraform_password: { ...VARIABLE, description: "Password of the NATS user prod-access-terraform" },
  prod_terraform_password: VARIABLE,
};

/** The provider of each stream and bucket but that of the access documents, without repetition. */
const used = (stack: Parameters<typeof storageAddresses>[0]) => [
  ...new Set(
    storageAddresses(stack)
      .filter((address) => address !== "jetstream_stream.prod_access")
      .map((address) => block(stack, address).provider),
  ),
];

/** The provider of each access document and of their bucket, without repetition. */
const usedForAccess = (stack: Parameters<typeof storageAddresses>[0]) => [
  ...new Set(
    addresses(stack)
      .filter((address) => /^(jetstream_stream\.prod_access$|jetstream_kv_entry\.)/.test(address))
      .map((address) => block(stack, address).provider),
  ),
];

test("servers become a provider for each of the two Terraform users and a sensitive variable for its password", () => {
  const stack = synth((scope) => prodOf(scope, { servers }));
  expect(stack.provider?.jetstream).toEqual([PROVIDER, ACCESS_PROVIDER]);
  expect(stack.variable).toEqual(VARIABLES);
  expect(used(stack)).toEqual(["jetstream.prod"]);
  expect(usedForAccess(stack)).toEqual(["jetstream.prod_access"]);
});

test("a hyphen in the platform's name becomes an underscore in the variable", () => {
  const stack = synth((scope) => new PlatformConstruct(scope, "p", { platformName: "prod-eu", servers }));
  expect(Object.keys(stack.variable ?? {})).toEqual([
    "prod_eu_access_terraform_password",
    "prod_eu_terraform_password",
  ]);
  expect(stack.provider?.jetstream?.[0]).toMatchObject({
    user: "prod-eu-terraform",
    password: expression("var.prod_eu_terraform_password"),
  });
});

test.each(["nats://h:4222", "tls://h:4222", "ws://h", "wss://h:443/", "nats://[::1]:4222", "nats://10.0.0.1:4222"])(
  "accepts the server %s",
  (server) => {
    const stack = synth((scope) => prodOf(scope, { servers: [server] }));
    expect(stack.provider?.jetstream?.[0]?.servers).toBe(server);
  },
);

test("the apps of a platform use its provider in its stack", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope, { servers });
    new AppConstruct(prod, "convex", { wal: {} });
    new AppConstruct(scope, "cache", { platform: prod });
  });
  expect(stack.provider?.jetstream).toHaveLength(2);
  expect(usedForAccess(stack)).toEqual(["jetstream.prod_access"]);
  expect(used(stack)).toEqual(["jetstream.prod"]);
});

test.each(["before", "after"])(
  "a stack's own provider without alias stands beside the platform's, made %s it",
  (when) => {
    const stack = synth((scope) => {
      const own = () => new jetstream.JetstreamProvider(scope, "own", { servers: "nats://own:4222" });
      if (when === "before") own();
      prodOf(scope, { servers });
      if (when === "after") own();
    });
    expect(stack.provider?.jetstream).toHaveLength(3);
    expect(stack.provider?.jetstream).toEqual(
      expect.arrayContaining([{ servers: "nats://own:4222" }, PROVIDER, ACCESS_PROVIDER]),
    );
    expect(used(stack)).toEqual(["jetstream.prod"]);
  },
);

test.each([
  ["alone", ["prod"]],
  ["before another one", ["prod", "staging"]],
  ["after another one", ["staging", "prod"]],
])("the provider of a platform is the same when it is declared %s", (_, platforms) => {
  const stack = synth((scope) => {
    for (const each of platforms) new PlatformConstruct(scope, each, { servers });
  });
  expect(stack.provider?.jetstream?.find(({ alias }) => alias === "prod")).toEqual(PROVIDER);
  for (const each of platforms) {
    expect(block(stack, `jetstream_stream.${each}_events`).provider).toBe(`jetstream.${each}`);
  }
});

test("apps in other stacks have one provider and variable of their own in each stack", () => {
  const { stack = {}, other = {} } = synthStacks((scope, app) => {
    const prod = prodOf(scope, { servers });
    const further = new TerraformStack(app, "other");
    new AppConstruct(further, "convex", { platform: prod, wal: {} });
    new AppConstruct(further, "cache", { platform: prod });
  });
  for (const each of [stack, other]) {
    expect(each.provider?.jetstream).toEqual([PROVIDER, ACCESS_PROVIDER]);
    expect(each.variable).toEqual(VARIABLES);
    expect(used(each)).toEqual(["jetstream.prod"]);
    expect(usedForAccess(each)).toEqual(["jetstream.prod_access"]);
  }
  expect(storageAddresses(other)).toEqual([
    "jetstream_stream.prod_cache",
    "jetstream_stream.prod_convex",
    "jetstream_stream.prod_convex_wal",
  ]);
});

test("no stack refers to another one", () => {
  const { other } = synthStacks((scope, app) => {
    const prod = prodOf(scope, { servers });
    const convex = new AppConstruct(new TerraformStack(app, "other"), "convex", { platform: prod });
    convex.addConsumer("worker", { stream: prod.events });
  });
  const text = JSON.stringify(other?.resource);
  expect(text).not.toContain("terraform_remote_state");
  const named = text.match(/jetstream_\w+\.[\w-]+/g) ?? [];
  expect(named.filter((address) => !addresses(other ?? {}).includes(address))).toEqual([]);
});

test("providers that are given are used, and none is made", () => {
  const stack = synth((scope) => {
    const given = (alias: string) => new jetstream.JetstreamProvider(scope, alias, { servers: "nats://a", alias });
    new AppConstruct(prodOf(scope, { provider: given("own"), accessProvider: given("access") }), "convex");
  });
  expect(stack.provider?.jetstream?.map(({ alias }) => alias)).toEqual(["own", "access"]);
  expect(stack.variable).toBeUndefined();
  expect(used(stack)).toEqual(["jetstream.own"]);
  expect(usedForAccess(stack)).toEqual(["jetstream.access"]);
});

test("without access documents a provider is enough, and the account with them is not made", () => {
  const stack = synth((scope) => {
    const provider = new jetstream.JetstreamProvider(scope, "own", { servers: "nats://own:4222", alias: "own" });
    new AppConstruct(prodOf(scope, { provider, accessEntries: false }), "convex");
  });
  expect(stack.provider?.jetstream).toEqual([{ servers: "nats://own:4222", alias: "own" }]);
  expect(usedForAccess(stack)).toEqual([]);
});

test.each([
  ["that relies on its stack's own", () => ({})],
  [
    "with a provider",
    (scope: TerraformStack) => ({ provider: new jetstream.JetstreamProvider(scope, "js", { servers: "a" }) }),
  ],
])("refuses a platform %s and has no way to its access documents, once", (_, options) => {
  const { message = "" } = refusal((scope) => {
    new AppConstruct(prodOf(scope, options(scope)), "convex");
  });
  expect(message.match(/access documents are in an account of their own, which the provider/g)).toHaveLength(1);
  expect(message).toContain('"PROD_ACCESS"');
  expect(message).toContain("accessEntries to false");
});

test("an app's provider goes before the platform's", () => {
  const stack = synth((scope) => {
    const provider = new jetstream.JetstreamProvider(scope, "own", { servers: "nats://own:4222", alias: "own" });
    new AppConstruct(prodOf(scope, { servers }), "convex", { provider });
  });
  expect(block(stack, "jetstream_stream.prod_convex").provider).toBe("jetstream.own");
  expect(block(stack, "jetstream_stream.prod_platform").provider).toBe("jetstream.prod");
});

test.each<[string, (scope: TerraformStack) => IPlatform]>([
  ["has servers", (scope) => prodOf(scope, { servers })],
  [
    "uses a provider",
    (scope) => {
      const given = (alias: string) => new jetstream.JetstreamProvider(scope, alias, { servers: "a", alias });
      return prodOf(scope, { provider: given("js"), accessProvider: given("access") });
    },
  ],
  [
    "uses its stack's provider",
    (scope) => {
      new jetstream.JetstreamProvider(scope, "js", { servers: "a" });
      const accessProvider = new jetstream.JetstreamProvider(scope, "access", { servers: "a", alias: "access" });
      return prodOf(scope, { accessProvider });
    },
  ],
  ["is another program's", (scope) => PlatformConstruct.fromPlatformName(scope, "prod", "prod", { owner: "x" })],
])("an app in another stack with providers of its own needs no other, where the platform %s", (_, platform) => {
  const { other = {} } = synthStacks((scope, app) => {
    const further = new TerraformStack(app, "other");
    const given = (alias: string) => new jetstream.JetstreamProvider(further, alias, { servers: "nats://a", alias });
    const [provider, accessProvider] = [given("own"), given("ownAccess")];
    const convex = new AppConstruct(further, "convex", { platform: platform(scope), provider, accessProvider });
    convex.consumeEvents();
  });
  expect(other.provider?.jetstream?.map(({ alias }) => alias)).toEqual(["own", "ownAccess"]);
  expect(other.variable).toBeUndefined();
  const providers = Object.values(other.resource ?? {}).flatMap((blocks) =>
    Object.values(blocks).map((each) => each.provider),
  );
  expect(providers.sort()).toEqual(["jetstream.own", "jetstream.own", "jetstream.ownAccess", "jetstream.ownAccess"]);
});

test.each(["before", "after"])("without servers and provider the stack's own is used, made %s the platform", (when) => {
  const stack = synth((scope) => {
    const own = () => new jetstream.JetstreamProvider(scope, "own", { servers: "nats://own:4222" });
    if (when === "before") own();
    prodOf(scope, { accessEntries: false });
    if (when === "after") own();
  });
  expect(stack.provider?.jetstream).toEqual([{ servers: "nats://own:4222" }]);
  expect(used(stack)).toEqual([undefined]);
});

test("a platform that another program owns gives its apps a provider and makes no stream or bucket", () => {
  const stack = synth((scope) => {
    const prod = PlatformConstruct.fromPlatformName(scope, "prod", "prod", {
      owner: "github.com/acme/search",
      servers,
    });
    expect(prod.platformName).toBe("prod");
    expect(prod.naming.eventsStream).toBe("prod_events");
    new AppConstruct(scope, "convex", { platform: prod });
  });
  expect(stack.provider?.jetstream).toEqual([PROVIDER, ACCESS_PROVIDER]);
  expect(storageAddresses(stack)).toEqual(["jetstream_stream.prod_convex"]);
});

test("an app can be declared inside of a reference to its platform", () => {
  const stack = synth((scope) => {
    const prod = PlatformConstruct.fromPlatformName(scope, "prod", "prod", {
      owner: "github.com/acme/search",
      servers,
    });
    new AppConstruct(prod as PlatformConstruct, "convex");
  });
  expect(storageAddresses(stack)).toEqual(["jetstream_stream.prod_convex"]);
});

test("two references to one platform in a stack share a provider and its variable", () => {
  const stack = synth((scope) => {
    for (const app of ["convex", "cache"]) {
      const platform = PlatformConstruct.fromPlatformName(scope, `prod-for-${app}`, "prod", {
        owner: "github.com/acme/search",
        servers,
      });
      new AppConstruct(scope, app, { platform });
    }
  });
  expect(stack.provider?.jetstream).toEqual([PROVIDER, ACCESS_PROVIDER]);
  expect(stack.variable).toEqual(VARIABLES);
});

test("the provider is required by its source in every stack that uses it", () => {
  const stacks = synthStacks((scope, app) => {
    const prod = prodOf(scope, { servers });
    new AppConstruct(new TerraformStack(app, "other"), "convex", { platform: prod });
  });
  for (const stack of Object.values(stacks)) {
    expect(stack).toMatchObject({ terraform: { required_providers: { jetstream: { source: "nats-io/jetstream" } } } });
  }
});

test("refuses a resource of which an Aspect takes the provider away, in a stack without its own", () => {
  const { message } = refusal((scope) => {
    const { provider } = prodOf(scope, { servers }).keyValueStore.resource;
    const raw = new jetstream.Stream(scope, "raw", { name: "raw", subjects: ["raw"], provider });
    Aspects.of(scope).add({ visit: () => Object.assign(raw, { provider: undefined }) });
  });
  expect(message).toContain('[stack/raw] resource has no provider, and stack "stack" has no JetstreamProvider');
});

test("refuses a construct outside of a stack", () => {
  expect(() => prodOf(new App() as never, { servers })).toThrow(/stack/i);
});

describe("an argument of the provider that the library makes is changed by nobody", () => {
  const { block: schema } = Object.values(providerSchema.provider_schemas)[0]?.provider ?? { block: {} };
  const names = Object.values(schema).flatMap((part) => (typeof part === "object" ? Object.keys(Object(part)) : []));
  const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const given = (name: string) => (name === "tls" ? [{ caFile: "x" }] : "secret");

  test.each(names)("%s", (name) => {
    expect(names).toContain("password");
    for (const change of [
      (provider: jetstream.JetstreamProvider) => Object.assign(provider, { [camel(name)]: given(name) }),
      (provider: jetstream.JetstreamProvider) => provider.addOverride(name, given(name)),
      ({ cdktfStack }: jetstream.JetstreamProvider) =>
        cdktfStack.addOverride("provider.jetstream", [{ [name]: "secret" }]),
    ]) {
      const { message = "" } = refusal((stack) => {
        prodOf(stack, { servers });
        change(stack.node.findChild("nats-prod").node.findChild("Provider") as jetstream.JetstreamProvider);
      });
      expect(message).toContain("the JetstreamProvider of the platform is changed by an Aspect or an override");
      expect(message).not.toContain("secret");
    }
  });
});

describe("the variable of the platform's password is as the library makes it", () => {
  const changes: [string, (variable: TerraformVariable) => unknown][] = [
    ["a default", (variable) => Object.assign(variable, { default: "secret" })],
    ["not sensitive", (variable) => Object.assign(variable, { sensitive: false })],
    ["an override", (variable) => variable.addOverride("default", "secret")],
  ];

  test.each(changes)("%s is refused, of an Aspect too", (_, change) => {
    for (const late of [false, true]) {
      const { message } = refusal((stack) => {
        const prod = new PlatformConstruct(stack, "prod", { servers });
        const all = () => stack.node.findAll().filter((each) => each instanceof TerraformVariable);
        if (late) Aspects.of(prod).add({ visit: () => all().forEach(change) });
        else all().forEach(change);
      });
      expect(message).toContain("the variable with the password of the platform's Terraform user is changed");
      expect(message).not.toContain("secret");
    }
  });
});
