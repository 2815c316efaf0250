import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  App,
  Aspects,
  type IAspect,
  TerraformElement,
  TerraformOutput,
  type TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
} from "cdktf";
import {
  AccountsFile,
  AppConstruct,
  BucketResource,
  Findings,
  Isolation,
  jetstream,
  PlatformConstruct,
  RetiredData,
  type Stream,
} from "../../../lib";
import type { Catalog } from "../../../lib/catalog/catalog";
import { catalogFrom } from "../../../lib/catalog/catalog-text";
import { prodOf } from "../../support/prod";
import { sample } from "../../support/sample";
import { expression, type Program, problemsIn, refusal, synthFiles } from "../../support/synth";

/** An Aspect that changes each stream of a stack. */
const eachStream = (change: (stream: jetstream.Stream) => unknown): IAspect => ({
  visit: (node) => {
    if (node instanceof jetstream.Stream) change(node);
  },
});

/** Lets an Aspect of a stack do something, once the program was checked. */
const byAspect = (stack: TerraformStack, action: () => unknown): void =>
  Aspects.of(stack).add({
    visit: (node) => {
      if (node === stack) action();
    },
  });

function catalogOf(program: Program): Catalog {
  const files = synthFiles(program);
  const [text = "{}"] = Object.entries(files).flatMap(([path, each]) => (path.endsWith("catalog.json") ? [each] : []));
  return catalogFrom(JSON.parse(text));
}

const resource = (catalog: Catalog, name: string) => catalog.resources.find((each) => each.name === name);
const ids = ({ findings }: Catalog, source: RegExp) =>
  findings.filter((each) => source.test(each.source)).map(({ id }) => id);

const waysToSet: [string, (stack: TerraformStack, stream: jetstream.Stream, apply: Change) => void][] = [
  [
    "an Aspect",
    (stack, stream, apply) => Aspects.of(stack).add(eachStream((each) => each === stream && apply.set(each))),
  ],
  ["the resource itself", (_, stream, apply) => apply.set(stream)],
  [
    "an override",
    (_, stream, { override }) => {
      for (const [attribute, value] of Object.entries(override)) stream.addOverride(attribute, value);
    },
  ],
];

interface Change {
  readonly set: (stream: jetstream.Stream) => unknown;
  readonly override: { readonly [attribute: string]: unknown };
}

describe.each(waysToSet)("what %s sets", (_, setBy) => {
  const SECRETS = "prod_a_secrets";

  /** Two apps of which one has a stream `secrets` and the other a stream `copy`, which is changed. */
  const program =
    (change: Change): Program =>
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "a").addStream("secrets");
      const copy = new AppConstruct(prod, "b").addStream("copy");
      setBy(stack, copy.resource, change);
    };

  test("is in the catalog: replicas", () => {
    const set = {
      set: (each: jetstream.Stream) => Object.assign(each, { replicas: 3 }),
      override: { replicas: 3 },
    } as const;
    const catalog = catalogOf(program(set));
    expect(resource(catalog, "prod_b_copy")?.replicas).toBe(3);
    const single = catalog.findings.filter(({ id }) => id === "NP003").map(({ message }) => message);
    expect(single).toEqual([expect.stringContaining(SECRETS)]);
    expect(single).toEqual([expect.not.stringContaining("prod_b_copy")]);
  });

  test("is in the catalog and the findings: a source", () => {
    const catalog = catalogOf(
      program({ set: (each) => each.putSource([{ name: SECRETS }]), override: { source: [{ name: SECRETS }] } }),
    );
    expect(resource(catalog, "prod_b_copy")?.copies).toEqual([SECRETS]);
    expect(ids(catalog, /Stream-copy/)).toContain("NP006");
  });

  test("is in the catalog: limits and republishing", () => {
    const age = catalogOf(program({ set: (each) => Object.assign(each, { maxAge: 600 }), override: { max_age: 600 } }));
    expect(resource(age, "prod_b_copy")).toMatchObject({ bounded: true, sized: false });
    const again = catalogOf(
      program({
        set: (each) => Object.assign(each, { republishSource: ">", republishDestination: "prod.b.again.>" }),
        override: { republish_source: ">", republish_destination: "prod.b.again.>" },
      }),
    );
    expect(resource(again, "prod_b_copy")?.republish).toEqual({ source: ">", destination: "prod.b.again.>" });
  });

  test.each([
    ["prod.a.secrets.x", ["subject is not one of the stream's owner", "subjects overlap with those of stream"]],
    ["prod.a.other", ["subject is not one of the stream's owner"]],
    ["prod.b.copy.x", ["subjects of one stream overlap"]],
  ])("is checked: the subject %s", (subject, says) => {
    const subjects = ["prod.b.copy.>", subject];
    const { message = "" } = refusal(
      program({ set: (each) => Object.assign(each, { subjects }), override: { subjects: [subject] } }),
    );
    const found = problemsIn(message).filter((each) => each.includes("[stack/prod/b/Stream-copy]"));
    expect(found.map((each) => says.find((text) => each.includes(text))).sort()).toEqual(says);
  });
});

describe("an override of a part", () => {
  /** Two apps, of which one copies the stream of the other; one of its streams is changed. */
  const program =
    (change: (copy: jetstream.Stream, secrets: jetstream.Stream, prod: PlatformConstruct) => void): Program =>
    (stack) => {
      const prod = prodOf(stack);
      const secrets = new AppConstruct(prod, "a").addStream("secrets");
      const copy = new AppConstruct(prod, "b").addStream("copy", { sources: [{ stream: secrets }] });
      change(copy.resource, secrets.resource, prod);
    };

  test("of a list of subjects is checked", () => {
    const { message } = refusal(program((copy) => copy.addOverride("subjects.0", "prod.a.other")));
    expect(message).toContain('subject is not one of the stream\'s owner: "prod.a.other"');
  });

  test("of a source keeps the rest of it", () => {
    const catalog = catalogOf(program((copy) => copy.addOverride("source.0.filter_subject", "prod.a.secrets.x")));
    expect(resource(catalog, "prod_b_copy")).toMatchObject({
      copies: ["prod_a_secrets"],
      origins: [{ stream: "prod_a_secrets", filter: "prod.a.secrets.x" }],
    });
    expect(ids(catalog, /Stream-copy/)).toContain("NP006");
  });

  test("of the stack counts", () => {
    const catalog = catalogOf((stack) => {
      program(() => undefined)(stack, stack.node.root as App);
      stack.addOverride("resource.jetstream_stream.prod_b_copy.max_age", 600);
    });
    expect(resource(catalog, "prod_b_copy")).toMatchObject({ bounded: true });
  });

  test("closes no circle unseen", () => {
    const { message } = refusal(
      program((_, secrets) => {
        secrets.putSource([{ name: "prod_x" }]);
        secrets.addOverride("source.0.name", "prod_b_copy");
      }),
    );
    expect(message).toContain("a stream gets its own messages back by mirrors and sources");
  });

  test("leaves a legal program legal", () => {
    expect(() =>
      catalogOf((stack) => {
        const prod = prodOf(stack);
        prod.events.resource.addOverride("subjects.0", "prod._.events.>");
        new AppConstruct(prod, "a").publishEvents("x");
      }),
    ).not.toThrow();
  });
});

test.each([
  ["a text", "true"],
  ["what is known only at apply", expression("var.rollup")],
])("a roll-up by %s counts as one", (_, value) => {
  const { message } = refusal((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "a", { isolation: Isolation.ACCOUNT }).publishEvents("x");
    prod.events.resource.addOverride("allow_rollup_hdrs", value);
  });
  expect(message).toContain("publishes to a stream whose messages may roll up others");
});

test.each([
  ["max_age", 0],
  ["max_bytes", -1],
  ["max_msgs", -1],
])("no limit is no limit: %s of %s", (attribute, value) => {
  const catalog = catalogOf((stack) => {
    new AppConstruct(prodOf(stack), "a").addStream("x").resource.addOverride(attribute, value);
  });
  expect(resource(catalog, "prod_a_x")).toMatchObject({ bounded: false, sized: false });
});

test.each<[string, (stream: jetstream.Stream) => void, string]>([
  [
    "another name",
    (stream) => Object.assign(stream, { name: "other" }),
    'the name of the Terraform resource is not that of the convention: "other"',
  ],
  ["a mirror", (stream) => stream.putMirror({ name: "prod_b" }), "a mirror has subjects"],
  ["itself as a source", (stream) => stream.putSource([{ name: "prod_a_x" }]), "a stream copies from itself"],
  [
    "its own subjects to publish on",
    (stream) => Object.assign(stream, { republishDestination: "prod.a.x.y" }),
    "republish destination is one of the stream's own subjects",
  ],
  [
    "the platform's subjects to publish on",
    (stream) => Object.assign(stream, { republishDestination: "prod._.audit.>" }),
    "republish destination is not one of the stream's owner",
  ],
])("on the resource is refused, as an option is: %s", (_, change, says) => {
  const { message } = refusal((stack) => change(new AppConstruct(prodOf(stack), "a").addStream("x").resource));
  expect(message).toContain(`[stack/prod/a/Stream-x] ${says}`);
});

describe("consumers go by what is set on the stream's resource", () => {
  type Declare = (app: AppConstruct, stream: Stream) => void;

  const program =
    (declare: Declare): Program =>
    (stack) => {
      const app = new AppConstruct(prodOf(stack), "a");
      declare(app, app.addStream("jobs"));
    };

  const twoWorkers: Declare = (app, stream) => {
    app.addConsumer("one", { stream });
    app.addConsumer("two", { stream });
  };

  test.each<[string, Declare, string]>([
    [
      "a work queue",
      (app, stream) => {
        stream.resource.retention = "workqueue";
        twoWorkers(app, stream);
      },
      "consumers of a work queue have messages in common",
    ],
    [
      "a limit of consumers",
      (app, stream) => {
        stream.resource.maxConsumers = 1;
        twoWorkers(app, stream);
      },
      "stream has more consumers than its maxConsumers",
    ],
    [
      "fewer replicas",
      (app) => {
        const stream = app.addStream("three", { replicas: 3 });
        stream.resource.replicas = 1;
        app.addConsumer("one", { stream, replicas: 3 });
      },
      "replicas is above that of the stream",
    ],
    [
      "other subjects",
      (app, stream) => {
        stream.resource.subjects = ["prod.a.tasks"];
        app.addConsumer("one", { stream, filterSubjects: ["prod.a.jobs.x"] });
      },
      "filter subject matches nothing in the stream",
    ],
    [
      "no acknowledgements, set on the consumer",
      (app, stream) => {
        stream.resource.retention = "workqueue";
        app.addConsumer("one", { stream }).resource.ackPolicy = "none";
      },
      "a consumer of a work queue does not acknowledge each message",
    ],
  ])("%s: refused", (_, declare, says) => {
    expect(refusal(program(declare)).message).toContain(says);
  });

  test.each<[string, Declare]>([
    [
      "more replicas",
      (app, stream) => {
        stream.resource.replicas = 3;
        app.addConsumer("one", { stream, replicas: 3 });
      },
    ],
    [
      "other subjects",
      (app, stream) => {
        stream.resource.subjects = ["prod.a.tasks"];
        app.addConsumer("one", { stream, filterSubjects: ["prod.a.tasks"] });
      },
    ],
    [
      "a source",
      (app, stream) => {
        stream.resource.putSource([{ name: "elsewhere" }]);
        app.addConsumer("one", { stream, filterSubjects: ["elsewhere.>"] });
      },
    ],
  ])("%s: accepted", (_, declare) => {
    expect(refusal(program(declare)).message).toBeUndefined();
  });
});

test.each(["before", "after"])(
  "republishing that isolated apps need is not set otherwise %s they are declared",
  (when) => {
    const { message } = refusal((stack) => {
      const prod = prodOf(stack);
      const set = () => Object.assign(prod.events.resource, { republishDestination: "prod._.again.>" });
      if (when === "before") set();
      new AppConstruct(prod, "a", { isolation: Isolation.ACCOUNT, liveEvents: [">"] });
      if (when === "after") set();
    });
    expect(message).toContain("republish is given for a stream whose platform has apps with accounts of their own");
  },
);

describe("what would be made in another account is refused", () => {
  /** Two platforms, of which an app of one has something that is made by the provider of the other. */
  const program =
    (change: (a: AppConstruct, provider: TerraformProvider) => void): Program =>
    (stack) => {
      const other = new PlatformConstruct(stack, "other", { servers: ["nats://h:4222"] });
      const prod = new PlatformConstruct(stack, "prod", { servers: ["nats://h:4222"] });
      const provider = other.keyValueStore.resource.provider as TerraformProvider;
      change(new AppConstruct(prod, "a"), provider);
    };
  const OTHER = "the Terraform resource has another provider than the library gives it";

  test.each<[string, (a: AppConstruct, provider: TerraformProvider) => void, string]>([
    ["a stream", (a, provider) => Object.assign(a.addStream("x").resource, { provider }), OTHER],
    ["a bucket", (a, provider) => Object.assign(a.keyValueStore.resource, { provider }), OTHER],
    ["a consumer", (a, provider) => Object.assign(a.consumeEvents().resource, { provider }), OTHER],
    ["a stream, by an override", (a) => a.addStream("x").resource.addOverride("provider", "jetstream.other"), OTHER],
    [
      "access documents",
      (a, provider) => {
        for (const each of a.node.findAll()) if (each instanceof jetstream.KvEntry) each.provider = provider;
      },
      "an access document is changed by an Aspect or an override",
    ],
    [
      "everything, by another user of the provider",
      (a) => Object.assign(a.keyValueStore.resource.provider as object, { user: "other-terraform" }),
      "the JetstreamProvider of the platform is changed",
    ],
    ...(
      [
        ["an nkey", { nkey: "SUA" }],
        ["an alias", { alias: "x" }],
      ] as const
    ).map(([what, set]): [string, (a: AppConstruct) => unknown, string] => [
      `everything, by ${what} of the provider`,
      (a) => Object.assign(a.keyValueStore.resource.provider as object, set),
      "the JetstreamProvider of the platform is changed",
    ]),
    [
      "everything, by servers with credentials",
      (a) => Object.assign(a.keyValueStore.resource.provider as object, { servers: "nats://u:p@h" }),
      "the JetstreamProvider of the platform is changed",
    ],
    [
      "everything, by providers that the stack gives as a list",
      (a) => TerraformStack.of(a).addOverride("provider", [{ jetstream: { alias: "prod", user: "other" } }]),
      "the JetstreamProvider of the platform is changed",
    ],
    [
      "everything, by an override of the provider",
      (a) => a.keyValueStore.resource.provider?.addOverride("user", "other-terraform"),
      "the JetstreamProvider of the platform is changed",
    ],
    [
      "everything, by an override of the stack's providers",
      (a) => TerraformStack.of(a).addOverride("provider.jetstream.0.user", "other-terraform"),
      "the JetstreamProvider of the platform is changed",
    ],
  ])("%s", (_, change, says) => {
    expect(refusal(program(change)).message).toContain(says);
    const late = program((a, provider) => byAspect(TerraformStack.of(a), () => change(a, provider)));
    expect(refusal(late).message).toContain(says);
  });
});

test("a provider that is given for two accounts is refused", () => {
  const { message } = refusal((stack) => {
    const provider = new jetstream.JetstreamProvider(stack, "own", { alias: "own", servers: "nats://h:4222" });
    const prod = new PlatformConstruct(stack, "prod", { provider });
    new AppConstruct(prod, "a", { isolation: Isolation.ACCOUNT, provider });
  });
  expect(message).toContain("the JetstreamProvider is for the account of prod, and is given for that of prod_a");
});

test("a provider that is given for two accounts by two copies of the library is refused", () => {
  let copy: typeof import("../../../lib") | undefined;
  jest.isolateModules(() => {
    copy = require("../../../lib");
  });
  const { message } = refusal((stack) => {
    const provider = new jetstream.JetstreamProvider(stack, "own", { alias: "own", servers: "nats://h:4222" });
    new PlatformConstruct(stack, "prod", { provider, accessEntries: false });
    if (copy) new copy.PlatformConstruct(stack, "dev", { provider, accessEntries: false });
  });
  expect(copy?.PlatformConstruct).not.toBe(PlatformConstruct);
  expect(message).toContain("the JetstreamProvider is for the account of prod, and is given for that of dev");
});

describe("an entry of the program", () => {
  const subjectsOf = (program: Program) =>
    catalogOf(program)
      .accounts.flatMap(({ users }) => users)
      .filter(({ role }) => role === "terraform")
      .flatMap(({ publish }) => publish.allow.map(({ subject }) => subject))
      .filter((each) => /^\$KV\.prod_[ab]\./.test(each));

  /** An app `a` with an entry of the key `k`, an isolated app `b`, and another platform; the entry is changed. */
  const program =
    (
      change: (entry: jetstream.KvEntry, b: AppConstruct, other: PlatformConstruct) => unknown,
      late: boolean,
    ): Program =>
    (stack) => {
      const prod = prodOf(stack);
      const { bucketName: bucket, resource: made } = new AppConstruct(prod, "a").keyValueStore;
      prod.addKeyValueStore("small", { maxValueBytes: 1000 });
      const b = new AppConstruct(prod, "b", { isolation: Isolation.ACCOUNT });
      const other = new PlatformConstruct(stack, "other", { servers: ["nats://h:4222"] });
      const [entry] = ["k", "l"].map(
        (key) => new jetstream.KvEntry(stack, key, { bucket, key, value: "v", provider: made.provider }),
      );
      const changeIt = () => entry && change(entry, b, other);
      if (late) byAspect(stack, changeIt);
      else changeIt();
    };

  test.each<[string, (entry: jetstream.KvEntry, b: AppConstruct) => unknown, string]>([
    ["key", (entry) => Object.assign(entry, { key: "other" }), "$KV.prod_a.other"],
    ["key, by an override", (entry) => entry.addOverride("key", "other"), "$KV.prod_a.other"],
    [
      "key, by an override of the stack",
      (entry) => TerraformStack.of(entry).addOverride("resource.jetstream_kv_entry.k.key", "other"),
      "$KV.prod_a.other",
    ],
    [
      "bucket, with its provider",
      (entry, b) => Object.assign(entry, { bucket: "prod_b", provider: b.keyValueStore.resource.provider }),
      "$KV.prod_b.k",
    ],
  ])("may have another %s, and the Terraform user writes that", (_, change, subject) => {
    for (const late of [false, true]) expect(subjectsOf(program(change, late))).toContain(subject);
    expect(subjectsOf(program(change, true))).not.toContain("$KV.prod_a.k");
  });

  test.each<[string, Parameters<typeof program>[0], string]>([
    ["the key of another one", (entry) => Object.assign(entry, { key: "l" }), "key is written by [stack/k] too"],
    ["a key that is none", (entry) => Object.assign(entry, { key: "a b" }), "[stack/k] key is not valid"],
    [
      "the key of an access document",
      (entry) => Object.assign(entry, { bucket: "prod_access", key: "access.users.prod-a" }),
      "key is written by [",
    ],
    [
      "the bucket of another account",
      (entry) => Object.assign(entry, { bucket: "prod_b" }),
      "[stack/k] entry has a provider of the account PROD, and its bucket is in another one [stack/prod/b/KeyValueStore]: " +
        '"jetstream.prod"\n      allowed: a provider of the account PROD_B',
    ],
    [
      "the provider of an isolated app",
      (entry, { keyValueStore }) => Object.assign(entry, { provider: keyValueStore.resource.provider }),
      "entry has a provider of the account PROD_B, and its bucket",
    ],
    [
      "the provider of another platform",
      (entry, _, { keyValueStore }) => Object.assign(entry, { provider: keyValueStore.resource.provider }),
      "entry has a provider of the account OTHER, and its bucket",
    ],
    [
      "the provider of another platform, by an override",
      (entry) => entry.addOverride("provider", "jetstream.other"),
      "entry has a provider of the account OTHER, and its bucket",
    ],
    [
      "a value that is too long for the bucket",
      (entry) => Object.assign(entry, { bucket: "prod_small", value: "v".repeat(2000) }),
      "maxValueBytes",
    ],
  ])("is refused with %s", (_, change, says) => {
    for (const late of [false, true]) expect(refusal(program(change, late)).message).toContain(says);
  });

  test.each<[string, boolean]>([
    ["of which nothing is known", false],
    ["that is the stack's own", true],
  ])("may have a provider %s", (_, own) => {
    const write = () =>
      synthFiles((stack) => {
        const mine = new jetstream.JetstreamProvider(stack, "p", { servers: "nats://h:4222" });
        const { keyValueStore } = own ? new PlatformConstruct(stack, "prod", { accessEntries: false }) : prodOf(stack);
        const bucket = keyValueStore.bucketName;
        new jetstream.KvEntry(stack, "e", { bucket, key: "config.e", value: "v", provider: mine });
        new jetstream.KvEntry(stack, "f", { bucket, key: "config.f", value: "v" });
      });
    expect(write).not.toThrow();
  });

  test.each(["before", "after"])("is refused with the key of an access document, declared %s it", (when) => {
    const { message } = refusal((stack) => {
      const write = () =>
        new jetstream.KvEntry(stack, "e", {
          bucket: "prod_access",
          key: "access.users.prod-a",
          value: "v",
          provider,
        });
      const provider = new jetstream.JetstreamProvider(stack, "p", { alias: "own", servers: "nats://h:4222" });
      if (when === "before") write();
      new AppConstruct(prodOf(stack), "a");
      if (when === "after") write();
    });
    expect(message).toContain("key is written by [stack/");
    expect(problemsIn(message ?? "")).toHaveLength(1);
  });

  test("may have a provider of which nothing is known where the stack's own is that of another account", () => {
    const { message } = refusal((stack) => {
      new jetstream.JetstreamProvider(stack, "own", { servers: "nats://own:4222" });
      new PlatformConstruct(stack, "prod", { accessEntries: false });
      const other = new PlatformConstruct(stack, "other", { servers: ["nats://h:4222"] });
      const provider = new jetstream.JetstreamProvider(stack, "p", { alias: "mine", servers: "nats://h:4222" });
      const bucket = other.keyValueStore.bucketName;
      new jetstream.KvEntry(stack, "e", { bucket, key: "config.e", value: "v", provider });
    });
    expect(message).toBeUndefined();
  });

  test("may have a provider of the alias that another one has in a stack inside of its own", () => {
    const { message } = refusal((stack) => {
      const { bucketName: bucket, resource } = prodOf(stack).keyValueStore;
      new jetstream.KvEntry(stack, "e", { bucket, key: "config.e", value: "v", provider: resource.provider });
      const inner = new TerraformStack(stack, "inner");
      const provider = new jetstream.JetstreamProvider(inner, "p", { alias: "prod", servers: "nats://h:4222" });
      new PlatformConstruct(inner, "dev", { provider, accessEntries: false });
    });
    expect(message).toBeUndefined();
  });
});

describe("a bucket whose keys expire", () => {
  const SECONDS = 86_400;

  test.each<[string, (stack: TerraformStack) => unknown]>([
    ["by an option", (stack) => prodOf(stack, { accessStore: { ttlSeconds: SECONDS } })],
    [
      "of the native kind",
      (stack) => prodOf(stack, { accessStore: { ttlSeconds: SECONDS, bucketResource: BucketResource.NATIVE } }),
    ],
    [
      "by an Aspect",
      (stack) => {
        const { accessStore } = prodOf(stack);
        byAspect(stack, () => Object.assign(accessStore?.resource ?? {}, { maxAge: SECONDS }));
      },
    ],
  ])("is none for access documents, set %s: that is said once", (_, program) => {
    const { message = "" } = refusal(program);
    expect(problemsIn(message)).toHaveLength(1);
    expect(message).toContain(
      `[stack/prod/AccessStore] access documents expire with the keys of their bucket: ${SECONDS}`,
    );
  });

  test("may be a platform's own, which has none", () => {
    const program = (stack: TerraformStack) => prodOf(stack, { keyValueStore: { ttlSeconds: SECONDS } });
    expect(refusal(program).message).toBeUndefined();
  });

  test("is none for an entry", () => {
    const { message = "" } = refusal((stack) => {
      const app = new AppConstruct(prodOf(stack), "a", { keyValueStore: { ttlSeconds: SECONDS } });
      const { bucketName: bucket, resource } = app.keyValueStore;
      new jetstream.KvEntry(stack, "e", { bucket, key: "k", value: "v", provider: resource.provider });
    });
    expect(message).toContain(
      `[stack/e] entry expires with the keys of its bucket [stack/prod/a/KeyValueStore]: ${SECONDS}`,
    );
  });
});

describe("what has the address of what the library makes is refused", () => {
  const program =
    (declare: (stack: TerraformStack) => unknown, when: string): Program =>
    (stack) => {
      const declareIt = () => declare(stack);
      if (when === "before") declareIt();
      const a = new AppConstruct(prodOf(stack), "a");
      a.addConsumer("w", { stream: a.addStream("jobs") });
      if (when === "after") declareIt();
      if (when === "by an Aspect") byAspect(stack, declareIt);
    };

  class Own extends TerraformResource {
    protected override synthesizeAttributes(): { [name: string]: unknown } {
      return { subjects: ["prod.evil.>"] };
    }
  }

  class Raw extends TerraformElement {
    public constructor(
      stack: TerraformStack,
      private readonly blocks: object,
    ) {
      super(stack, "raw");
    }

    public override toTerraform(): object {
      return this.blocks;
    }
  }

  const raw = (blocks: object) => (stack: TerraformStack) => new Raw(stack, blocks);
  const jobs = "jetstream_stream.prod_a_jobs";

  const cases: [string, (stack: TerraformStack) => unknown, string][] = [
    [
      "a resource that an element writes itself",
      raw({ resource: { jetstream_stream: { prod_a_jobs: { subjects: ["prod.evil.>"] } } } }),
      "[stack/raw] resource has the address of what the library makes [stack/prod/a/Stream-jobs/Resource]",
    ],
    [
      "a variable that an element writes itself",
      raw({ variable: { prod_terraform_password: { default: "x" } } }),
      "[stack/raw] variable has the address of what the library makes",
    ],
    [
      "a provider that an element writes itself",
      raw({ provider: { jetstream: [{ alias: "prod", servers: "nats://h:4222", password: "x" }] } }),
      "[stack/raw] provider has the address of what the library makes",
    ],
    ...["import", "moved", "removed"].map((name): [string, (stack: TerraformStack) => unknown, string] => [
      `something in a block ${name} that an element writes itself`,
      raw({ [name]: [{ to: jobs, from: jobs }] }),
      `[stack/raw] a block moves, imports or forgets what the library makes: "${jobs}"`,
    ]),
    ...Object.entries({ resource: null, "resource.jetstream_stream": "x", variable: [], removed: {} }).map(
      ([path, value]): [string, (stack: TerraformStack) => unknown, string] => {
        const [table = "", type] = path.split(".");
        return [
          `something in a table ${path} that an element replaces`,
          raw({ [table]: type ? { [type]: value } : value }),
          `[stack/raw] element writes something else in place of a whole table of blocks: "${path}"`,
        ];
      },
    ),
    [
      "an import of cdktf's own class",
      (stack) => jetstream.Stream.generateConfigForImport(stack, "prod_a_jobs", "prod_other"),
      `a block moves, imports or forgets what the library makes: "${jobs}"`,
    ],
    ...(["moveToId", "moveFromId"] as const).map((method): [string, (stack: TerraformStack) => unknown, string] => [
      `something by ${method}`,
      (stack) => new jetstream.Stream(stack, "legacy", { name: "OLD", subjects: ["old.>"] })[method](jobs),
      `a block moves, imports or forgets what the library makes: "${jobs}"`,
    ]),
    [
      "a stream",
      (stack) => new jetstream.Stream(stack, "prod_a_jobs", { name: "other", subjects: ["prod.evil.>"] }),
      "[stack/prod_a_jobs] resource has the address of what the library makes [stack/prod/a/Stream-jobs/Resource]: " +
        '"jetstream_stream.prod_a_jobs"',
    ],
    [
      "a resource of another class",
      (stack) => new Own(stack, "prod_a_jobs", { terraformResourceType: "jetstream_stream" }),
      "[stack/prod_a_jobs] resource has the address of what the library makes",
    ],
    [
      "a consumer",
      (stack) =>
        new jetstream.Consumer(stack, "prod_a_jobs_w", {
          streamId: "x",
          durableName: "w",
          filterSubject: "prod.evil.>",
        }),
      "[stack/prod_a_jobs_w] resource has the address of what the library makes",
    ],
    [
      "an entry",
      (stack) =>
        new jetstream.KvEntry(stack, "prod_access_access_users_prod-a", { bucket: "other", key: "k", value: "v" }),
      "[stack/prod_access_access_users_prod-a] resource has the address of what the library makes",
    ],
    [
      "a stream, by another id in the state",
      (stack) => new jetstream.Stream(stack, "x", { name: "x" }).overrideLogicalId("prod_events"),
      "[stack/x] resource has the address of what the library makes [stack/prod/Stream-events/Resource]",
    ],
    [
      "the variable of a password",
      (stack) => new TerraformVariable(stack, "prod_terraform_password", { default: "x" }),
      "[stack/prod_terraform_password] variable has the address of what the library makes",
    ],
    [
      "a provider",
      (stack) => new jetstream.JetstreamProvider(stack, "p", { alias: "prod", servers: "nats://h:4222" }),
      '[stack/p] provider has the address of what the library makes [stack/nats-prod/Provider]: "provider jetstream.prod"',
    ],
  ];

  const whens = ["before", "after", "by an Aspect"];
  const rows = cases.flatMap(([what, declare, says]) => whens.map((when) => [what, when, declare, says] as const));

  test.each(rows)("%s, declared %s", (_, when, declare, says) => {
    const { message } = refusal(
      program((stack) => {
        new jetstream.JetstreamProvider(stack, "own", { servers: "nats://h:4222" });
        declare(stack);
      }, when),
    );
    expect(message).toContain(says);
  });

  const RETIRED = "jetstream_stream.prod_a_jobs";
  const blocks: [string, object][] = [
    ["removed", { removed: [{ from: RETIRED, lifecycle: { destroy: true } }] }],
    ["moved", { moved: [{ from: RETIRED, to: "jetstream_stream.mine" }] }],
    ["moved, as one block", { moved: { from: RETIRED, to: "jetstream_stream.mine" } }],
    ["moved, with a comment", { moved: [{ from: RETIRED.replace(".", "/**/."), to: "jetstream_stream.mine" }] }],
    ["import", { import: [{ id: "x", to: `\${${RETIRED}}` }] }],
  ];

  test.each(blocks.flatMap(([name, block]) => ["element", "override"].map((by) => [name, by, block] as const)))(
    "and a block %s of an %s about what is retired",
    (_, by, block) => {
      const { message } = refusal((stack) => {
        if (by === "element") raw(block)(stack);
        else for (const [path, value] of Object.entries(block)) stack.addOverride(path, value);
        new AppConstruct(prodOf(stack), "a").addStream("jobs", { retired: RetiredData.KEEP });
      });
      expect(message).toContain(`a block moves, imports or forgets what the library makes: "${RETIRED}"`);
    },
  );

  test("and what an element writes itself under another address is found", () => {
    const files = synthFiles((stack) => {
      new AppConstruct(prodOf(stack), "a");
      raw({
        resource: { jetstream_stream: { other: { name: "OTHER" } }, terraform_data: { x: {} } },
        moved: { from: "jetstream_stream.old", to: "jetstream_stream.other" },
      })(stack);
    });
    const catalog = JSON.parse(files["stack/catalog.json"] ?? "");
    expect(catalog.otherResources).toEqual([{ address: "jetstream_stream.other", source: "stack/raw" }]);
  });

  test("and nothing else is", () => {
    const files = synthFiles((stack) => {
      new AppConstruct(prodOf(stack), "a");
      new TerraformOutput(stack, "prod_terraform_password", { value: "x" });
      const other = new TerraformStack(stack.node.root, "other");
      new jetstream.JetstreamProvider(other, "p", { alias: "prod", servers: "nats://h:4222" });
      new TerraformVariable(other, "prod_terraform_password", {});
      for (const id of ["x", "y"]) new TerraformVariable(other, `var-${id}`, {}).overrideLogicalId("x");
    });
    expect(Object.keys(files).filter((path) => path.endsWith("cdk.tf.json"))).toHaveLength(2);
  });

  test("nor is what another stack has that is in it", () => {
    const { message } = refusal((stack) => {
      new AppConstruct(prodOf(stack), "a").addStream("jobs");
      const inner = new TerraformStack(stack, "inner");
      const provider = new jetstream.JetstreamProvider(inner, "p", { alias: "prod", servers: "nats://h:4222" });
      new jetstream.Stream(inner, "prod_a_jobs", { name: "other", subjects: ["other"], provider });
      new TerraformVariable(inner, "prod_terraform_password", {});
    });
    expect(message).toBeUndefined();
  });
});

test("a resource of the provider below a stream of the library is told", () => {
  const catalog = catalogOf((stack) => {
    const jobs = new AppConstruct(prodOf(stack), "a").addStream("jobs");
    const { provider } = jobs.resource;
    new jetstream.Stream(jobs, "Raw", { name: "raw", subjects: ["raw"], provider });
  });
  expect(catalog.otherResources).toHaveLength(1);
});

test("an empty source of a rewriting is all subjects, as the server takes it", () => {
  const catalog = catalogOf((stack) => {
    const { resource: jobs } = new AppConstruct(prodOf(stack), "a").addStream("jobs");
    jobs.putSubjectTransform({ source: "", destination: "prod.a.moved.>" });
  });
  expect(resource(catalog, "prod_a_jobs")?.holds).toEqual(["prod.a.moved.prod.a.jobs.>"]);
});

test("the Terraform user may write the key that an override gives to an entry", () => {
  const catalog = catalogOf((stack) => {
    const { bucketName: bucket, resource: made } = new AppConstruct(prodOf(stack), "a").keyValueStore;
    const entry = new jetstream.KvEntry(stack, "e", { bucket, key: "k", value: "v", provider: made.provider });
    entry.addOverride("key", "other");
  });
  const user = catalog.accounts.flatMap(({ users }) => users).find(({ role }) => role === "terraform");
  const keys = user?.publish.allow.map(({ subject }) => subject).filter((each) => each.startsWith("$KV.prod_a."));
  expect(keys).toEqual(["$KV.prod_a.other"]);
});

test.each<[string, (a: AppConstruct) => unknown]>([
  [
    "options that do not go together",
    (a) => a.addStream("x", { sources: [{ stream: a.addStream("y") }], allowRollup: true, denyPurge: true }),
  ],
  [
    "options beside something else that is set",
    (a) => {
      const options = { stream: a.addStream("x"), backoffSeconds: [5, 10, 20], maxDeliver: 2 };
      a.addConsumer("w", options).resource.addOverride("max_waiting", 7);
    },
  ],
  [
    "options of which one is known only at apply",
    (a) => {
      const { numberValue } = new TerraformVariable(a, "bytes", {});
      a.addStream("x", { maxBytes: numberValue, allowRollup: true, denyPurge: true });
    },
  ],
  ["a source's options", (a) => a.addStream("x", { sources: [{ name: "other", startSequence: -1 }] })],
  ["no list of subjects", (a) => a.addStream("x").resource.addOverride("subjects", "prod.a.x.>")],
  ["a list of lists of subjects", (a) => a.addStream("x").resource.addOverride("subjects", [["prod.a.x.>"]])],
])("what is wrong is said once: %s", (_, declare) => {
  const { message = "" } = refusal((stack) => declare(new AppConstruct(prodOf(stack), "a")));
  expect(problemsIn(message)).toHaveLength(1);
});

test.each<[string, (a: AppConstruct) => unknown]>([
  ["an empty list of sources", (a) => a.addStream("x").resource.addOverride("source", [])],
  [
    "a list of one external API, and an empty list of consumers",
    (a) => {
      const source = { name: "y", external: [{ api: "$JS.hub.API" }], consumer: [] };
      a.addStream("x").resource.addOverride("source", [source]);
    },
  ],
  [
    "no republishing",
    (a) => Object.assign(a.addStream("x").resource, { republishSource: "", republishDestination: "" }),
  ],
  [
    "no subject to deliver to",
    (a) => a.addConsumer("w", { stream: a.wal as Stream }).resource.addOverride("delivery_subject", ""),
  ],
  [
    "groups that are known only at apply",
    (a) => {
      const { resource } = a.addConsumer("w", { stream: a.wal as Stream });
      resource.addOverride("priority_policy", "overflow");
      resource.addOverride("priority_groups", expression("var.groups"));
    },
  ],
  ["no limit, as the server says it", (a) => a.addStream("x", { maxMessages: 5 }).resource.addOverride("max_msgs", -1)],
  ["a number as text", (a) => a.addStream("x").resource.addOverride("max_msgs", "5")],
])("what is right is taken: %s", (_, declare) => {
  expect(refusal((stack) => declare(new AppConstruct(prodOf(stack), "a", { wal: {} }))).message).toBeUndefined();
});

test.each<[string, string, unknown, string]>([
  ["mirror", "mirror", [], "subjects of the Terraform resource are taken away"],
  ["mirror", "mirror", [{ name: "y", start_seq: -1 }], "mirror start_seq is out of range: -1"],
  ["mirror", "subjects", [], "subjects is an empty list"],
  ["stream", "source", [{ start_seq: 5 }], "source lacks name"],
  ["stream", "source", "x", "source is not a block"],
  ["stream", "source", [{ name: "y", start_time: "2026-01-31T00:00:00.000Z" }], "source start_time is not a time"],
  ["stream", "subject_transform", [{ source: ">" }], "subject_transform lacks destination"],
  ["stream", "metadata", { a: null }, "metadata is not a text"],
  ["stream", "id", "x", "id is given"],
  ["consumer", "filter_subjects", ["prod.a.jobs.x"], "filter_subjects has one subject"],
  ["consumer", "delivery_group", 0, "delivery_group is given for a consumer that clients fetch from"],
])("is refused of a %s: another %s", (kind, attribute, value, what) => {
  const { message = "" } = refusal((stack) => {
    const a = new AppConstruct(prodOf(stack), "a");
    const jobs = a.addStream("jobs");
    const made = {
      stream: () => jobs,
      mirror: () => a.addStream("copy", { mirror: { stream: jobs } }),
      consumer: () => a.addConsumer("w", { stream: jobs }),
    }[kind];
    made?.().resource.addOverride(attribute, value);
  });
  expect(problemsIn(message)).toContainEqual(expect.stringContaining(what));
});

test("an empty filter is none, and so are empty subjects of republishing", () => {
  const catalog = catalogOf((stack) => {
    const a = new AppConstruct(prodOf(stack), "a");
    const jobs = a.addStream("jobs");
    Object.assign(jobs.resource, { republishSource: "", republishDestination: "" });
    Object.assign(a.addConsumer("work", { stream: jobs }).resource, { filterSubject: "" });
    a.addStream("copy").resource.putSource([{ name: "prod_a_jobs", filterSubject: "" }]);
  });
  expect(resource(catalog, "prod_a_jobs")?.republish).toBeUndefined();
  expect(catalog.consumers.find(({ name }) => name === "work")?.filters).toEqual([]);
  expect(resource(catalog, "prod_a_copy")?.holds).toEqual(["prod.a.copy.>", "prod.a.jobs.>"]);
});

test("a bucket's resource has the bucket's name", () => {
  const { message } = refusal((stack) => {
    Object.assign(new AppConstruct(prodOf(stack), "a").keyValueStore.resource, { name: "other" });
  });
  expect(message).toContain('the name of the Terraform resource is not that of the convention: "other"');
});

test.each<[string, (a: AppConstruct) => void, string]>([
  [
    "subjects known only at apply",
    (a) => a.addStream("x").resource.addOverride("subjects.1", expression("var.subject")),
    "Stream-x] subjects is known only at apply",
  ],
  [
    "republishing to where only Terraform knows",
    (a) => a.addStream("x").resource.addOverride("republish_destination", expression("var.there")),
    "Stream-x] republish_destination is known only at apply",
  ],
  [
    "republishing of what only Terraform knows",
    (a) =>
      Object.assign(a.addStream("x").resource, {
        republishSource: expression("var.what"),
        republishDestination: "prod.a.y",
      }),
    "Stream-x] republish_source is known only at apply",
  ],
  ...["source.0.filter_subject", "subject_transform.destination", "source.0.subject_transform.0.destination"].map(
    (path): [string, (a: AppConstruct) => void, string] => [
      `${path} known only at apply`,
      (a) => {
        const transform = { source: "prod.a.y.*", destination: "prod.a.y.{{wildcard(1)}}" };
        const { resource: copy } = a.addStream("x", {
          sources: [{ stream: a.addStream("y"), subjectTransforms: [transform] }],
          subjectTransform: { source: "prod.a.x.*", destination: "prod.a.x.{{wildcard(1)}}" },
        });
        copy.addOverride(path, expression("var.what"));
      },
      `Stream-x] ${path.startsWith("source") ? "source" : "subject_transform"} is known only at apply`,
    ],
  ),
  [
    "sources of a list that only Terraform knows",
    (a) => a.addStream("x").resource.addOverride("source", expression("var.sources")),
    "Stream-x] source is known only at apply",
  ],
  [
    "sources in a dynamic block",
    (a) =>
      a.addStream("x").resource.addOverride("dynamic.source", { for_each: ["one"], content: { name: "KV_prod_b" } }),
    "Stream-x] dynamic is set on the Terraform resource",
  ],
  [
    "an age limit below the duplicate window",
    (a) => Object.assign(a.addStream("x").resource, { maxAge: 60 }),
    "Stream-x] max_age is below the duplicate window of the stream: 60",
  ],
  [
    "a consumer that may have more waiting than its stream allows",
    (a) => {
      const stream = a.addStream("x");
      stream.resource.addOverride("max_ack_pending", 100);
      a.addConsumer("few", { stream, maxAckPending: 100 });
      a.addConsumer("many", { stream });
    },
    "Consumer-prod_a_x_many] maxAckPending is above the max_ack_pending of the stream: 20000",
  ],
  [
    "another address in the state",
    (a) => a.addStream("x").resource.overrideLogicalId("other"),
    'Stream-x] the Terraform resource has another address in the state than the library gives it: "other"',
  ],
  [
    "what another stream is",
    (a) => a.addStream("x").resource.importFrom("JETSTREAM_STREAM_prod_b"),
    "Stream-x] the Terraform resource imports something by importFrom",
  ],
  [
    "a stream that is made again with something else",
    (a) => Object.assign(a.addStream("x").resource, { lifecycle: { replaceTriggeredBy: [a.keyValueStore.resource] } }),
    "Stream-x] the Terraform resource is made again when something else changes",
  ],
  [
    "a consumer that is made again with something else",
    (a) =>
      a.addConsumer("w", { stream: a.addStream("x") }).resource.addOverride("lifecycle.replace_triggered_by", ["x.y"]),
    "the Terraform resource is made again when something else changes",
  ],
  [
    "a bucket that may be left out",
    (a) => a.keyValueStore.resource.addOverride("lifecycle.enabled", false),
    "KeyValueStore] the Terraform resource may be left out",
  ],
  [
    "a mirror that does not answer, of a stream that can be read directly",
    (a) => {
      const { resource } = a.addStream("x");
      resource.resetSubjects();
      resource.putMirror({ name: a.addStream("y").streamName });
    },
    "Stream-x] mirrorDirect is false, but the other stream can be read directly",
  ],
  [
    "a stream that is made several times",
    (a) => Object.assign(a.addStream("x").resource, { count: 2 }),
    "Stream-x] count is set on the Terraform resource",
  ],
  [
    "a bucket that is not made",
    (a) => a.keyValueStore.resource.addOverride("count", 0),
    "KeyValueStore] count is set on the Terraform resource",
  ],
  [
    "changes of subjects that no plan shows",
    (a) => Object.assign(a.addStream("x").resource, { lifecycle: { ignoreChanges: ["subjects[0]"] } }),
    'Stream-x] the Terraform resource ignores changes of subjects[0]: "subjects[0]"',
  ],
  [
    "changes of anything that no plan shows",
    (a) => a.addConsumer("w", { stream: a.addStream("x") }).resource.addOverride("lifecycle.ignore_changes", "all"),
    "the Terraform resource ignores changes of all",
  ],
  [
    "changes of subjects that no plan shows, in a list of blocks",
    (a) => a.addStream("x").resource.addOverride("lifecycle", [{ ignore_changes: [" subjects "] }]),
    'Stream-x] the Terraform resource ignores changes of subjects: "subjects"',
  ],
  [
    "changes of the contents of what is published again that no plan shows",
    (a) => a.addStream("x").resource.addOverride("lifecycle.ignore_changes", ["republish_headers_only"]),
    "Stream-x] the Terraform resource ignores changes of republish_headers_only",
  ],
  [
    "a purge that no plan shows",
    (a) => a.addStream("x").resource.addOverride("lifecycle.ignore_changes", ["deny_purge"]),
    "Stream-x] the Terraform resource ignores changes of deny_purge",
  ],
  [
    "changes of subjects that no plan shows, behind a comment",
    (a) => a.addStream("x").resource.addOverride("lifecycle.ignore_changes", ["/* */subjects//"]),
    "Stream-x] the Terraform resource ignores changes of /* */subjects//",
  ],
  [
    "changes of anything that no plan shows, beside a comment",
    (a) => a.addStream("x").resource.addOverride("lifecycle.ignore_changes", ["/*x*/all # y"]),
    "Stream-x] the Terraform resource ignores changes of /*x*/all # y",
  ],
  [
    "blocks in a list in a list",
    (a) => a.addStream("x").resource.addOverride("source", [[{ name: "KV_prod_b" }]]),
    "Stream-x] source is a list in a list",
  ],
  [
    "ignored changes in a list in a list",
    (a) => a.addStream("x").resource.addOverride("lifecycle", [[{ ignore_changes: ["subjects"] }]]),
    "Stream-x] lifecycle is a list in a list",
  ],
  [
    "a body that its stack gives as a list",
    (a) => {
      a.addStream("x");
      TerraformStack.of(a).addOverride("resource.jetstream_stream.prod_a_x", [{ name: "prod_a_x", subjects: ["b"] }]);
    },
    "Stream-x] the Terraform resource is taken out of its stack",
  ],
  [
    "resources that their stack gives as a list",
    (a) => TerraformStack.of(a).addOverride("resource", [{ jetstream_stream: {} }]),
    "KeyValueStore] the Terraform resource is taken out of its stack",
  ],
  [
    "ignored changes of what makes a mirror whole",
    (a) => {
      const { resource: mirror } = a.addStream("x", { mirror: { stream: a.addStream("y") } });
      Object.assign(mirror, { lifecycle: { ignoreChanges: ["max_age"] } });
    },
    "Stream-x] the Terraform resource ignores changes of max_age",
  ],
  [
    "ignored changes of how many messages a mirror has",
    (a) => {
      const { resource: mirror } = a.addStream("x", { mirror: { stream: a.addStream("y") } });
      Object.assign(mirror, { lifecycle: { ignoreChanges: ["max_msgs"] } });
    },
    "Stream-x] the Terraform resource ignores changes of max_msgs",
  ],
  [
    "messages that come under the subjects of another app",
    (a) => {
      const far = { externalApiPrefix: "$JS.hub.API", externalDeliverPrefix: "prod.b.in" };
      a.addStream("x", { subjects: [], sources: [{ name: "elsewhere", ...far }] });
    },
    'Stream-x] externalDeliverPrefix is a subject that users of the account may subscribe to: "prod.b.in"',
  ],
  [
    "messages that come under inboxes",
    (a) =>
      a
        .addStream("x")
        .resource.putSource([{ name: "elsewhere", external: { api: "$JS.hub.API", deliver: "_INBOX.x" } }]),
    'Stream-x] externalDeliverPrefix is a subject that users of the account may subscribe to: "_INBOX.x"',
  ],
  [
    "a deliver prefix without an API",
    (a) => {
      a.addStream("x", { subjects: [], sources: [{ stream: a.addStream("y"), externalDeliverPrefix: "deliver.y" }] });
    },
    "Stream-x] externalDeliverPrefix is given without externalApiPrefix",
  ],
  [
    "a source whose name a template makes",
    (a) => a.addStream("x").resource.addOverride("source", [{ name: "%{if true}KV_prod_b%{endif}" }]),
    "Stream-x] stream copies one whose name is known only at apply",
  ],
  [
    "rewriting that a template makes",
    (a) => {
      const destination = "prod.a.%{if true}y%{endif}.>";
      a.addStream("x").resource.putSubjectTransform({ source: "prod.a.x.>", destination });
    },
    "Stream-x] subject_transform is known only at apply",
  ],
  [
    "a dynamic block in a source",
    (a) => {
      const { resource: copy } = a.addStream("x", { sources: [{ stream: a.addStream("y") }] });
      copy.addOverride("source.0.dynamic", { subject_transform: { for_each: [1], content: { source: "a" } } });
    },
    "Stream-x] source is known only at apply",
  ],
  [
    "a source that reads by a consumer of its own",
    (a) => {
      const { resource: copy } = a.addStream("x", { sources: [{ stream: a.addStream("y") }] });
      copy.addOverride("source.0.consumer", { name: "leak", deliver_subject: "prod._.events.leak" });
    },
    "Stream-x] a source reads by a consumer that is declared otherwise",
  ],
  [
    "rewriting that the server refuses",
    (a) =>
      a.addStream("x").resource.putSubjectTransform({ source: "prod.a.x.*", destination: "prod.a.{{wildcard(3)}}" }),
    "Stream-x] subject_transform destination names wildcard 3",
  ],
  [
    "a source with a filter and rewritings",
    (a) =>
      a
        .addStream("x")
        .resource.putSource([
          { name: "prod_b", filterSubject: "a b", subjectTransform: [{ source: "a", destination: "b" }] },
        ]),
    "Stream-x] source has both filter_subject and subject_transform",
  ],
  [
    "a source from the account's own API",
    (a) => a.addStream("x").resource.putSource([{ name: "prod_b", external: { api: "$JS.API" } }]),
    "Stream-x] source external.api is not the prefix of another account or domain",
  ],
  [
    "a source whose name has a character that turns text around",
    (a) => a.addStream("x").resource.putSource([{ name: "prod\u202eb" }]),
    "Stream-x] source is not the name of a stream",
  ],
  [
    "the same source by its name and by a reference",
    (a) => {
      const stream = a.addStream("y");
      a.addStream("x", { sources: [{ stream }, { name: stream.resource.getStringAttribute("name") }] });
    },
    'Stream-x] a source is given twice: "prod_a_y"',
  ],
  [
    "the attribute name of a bucket of the provider, which is not its stream's",
    (a) => {
      const bucket = a.addKeyValueStore("y", { bucketResource: BucketResource.NATIVE });
      a.addStream("x", { sources: [{ name: bucket.resource.getStringAttribute("name") }] });
    },
    "Stream-x] stream copies one whose name is known only at apply",
  ],
  [
    "a stream without its subjects",
    (a) => a.addStream("x").resource.resetSubjects(),
    "Stream-x] the subjects of the Terraform resource are taken away",
  ],
  [
    "a number among subjects",
    (a) => a.addStream("x").resource.addOverride("subjects", [5]),
    'Stream-x] subject is not one of the stream\'s owner: "5"',
  ],
  [
    "a stream that is moved away",
    (a) => a.addStream("x").resource.moveToId("jetstream_stream.other"),
    "Stream-x] the Terraform resource is taken out of its stack",
  ],
  ...[null, undefined].flatMap((none): [string, (a: AppConstruct) => void, string][] => [
    [
      `a stream that its stack overrides with ${none}`,
      (a) => {
        a.addStream("x");
        TerraformStack.of(a).addOverride("resource.jetstream_stream.prod_a_x", none);
      },
      "Stream-x] the Terraform resource is taken out of its stack",
    ],
    [
      `an access document that its stack overrides with ${none}`,
      (a) => TerraformStack.of(a).addOverride("resource.jetstream_kv_entry.prod_access_access_users_prod-a", none),
      "an access document is changed by an Aspect or an override",
    ],
  ]),
  [
    "all streams that their stack overrides with null",
    (a) => TerraformStack.of(a).addOverride("resource.jetstream_stream", null),
    "KeyValueStore] the Terraform resource is taken out of its stack",
  ],
  [
    "filters of a consumer that only Terraform knows",
    (a) =>
      Object.assign(a.addConsumer("w", { stream: a.addStream("x") }).resource, { filterSubject: expression("var.f") }),
    "Consumer-prod_a_x_w] filter_subject is known only at apply",
  ],
  [
    "republishing of a bucket to another app",
    (a) => a.keyValueStore.resource.addOverride("republish_destination", "prod.b.kv.>"),
    'KeyValueStore] republish destination is not one of the stream\'s owner: "prod.b.kv.>"',
  ],
  [
    "a bucket that copies itself",
    (a) => a.keyValueStore.resource.addOverride("source", [{ name: "KV_prod_a" }]),
    "KeyValueStore] a stream copies from itself",
  ],
  [
    "an object store's subjects",
    (a) => a.addObjectStore("o").resource.addOverride("subjects.2", "prod.b.x"),
    "ObjectStore-o] subject is not one of the stream's owner",
  ],
  [
    "another name of a consumer",
    (a) => Object.assign(a.addConsumer("w", { stream: a.addStream("x") }).resource, { durableName: "other" }),
    'Consumer-prod_a_x_w] the name of the Terraform resource is not that of the consumer: "other"',
  ],
  [
    "another stream of a consumer",
    (a) => Object.assign(a.addConsumer("w", { stream: a.addStream("x") }).resource, { streamId: "prod_audit" }),
    "Consumer-prod_a_x_w] the stream of the Terraform resource is not that of the consumer",
  ],
  [
    "a consumer that pushes",
    (a) => a.addConsumer("w", { stream: a.addStream("x") }).resource.addOverride("delivery_subject", "prod.b.x"),
    'Consumer-prod_a_x_w] a consumer delivers its messages to a subject: "prod.b.x"',
  ],
])("what permissions and answers do not know of is refused: %s", (_, change, says) => {
  const { message } = refusal((stack) => change(new AppConstruct(prodOf(stack), "a")));
  expect(message).toContain(says);
});

describe("the stream of a bucket stays one", () => {
  const changes: [string, "keyValueStore" | "objectStore", Record<string, unknown>][] = [
    ["retention", "keyValueStore", { retention: "interest" }],
    ["retention", "objectStore", { retention: "workqueue" }],
    ["subject_transform", "keyValueStore", { subject_transform: [{ source: "$KV.prod_a.>", destination: "x.>" }] }],
    ["allow_direct", "keyValueStore", { allow_direct: false }],
    ["allow_direct", "objectStore", { allow_direct: "false" }],
    ["ack", "keyValueStore", { ack: false }],
    ["allow_rollup_hdrs", "objectStore", { allow_rollup_hdrs: false }],
    ["discard", "keyValueStore", { discard: "old" }],
    ["max_msgs", "keyValueStore", { max_msgs: 2 }],
    ["max_msgs", "objectStore", { max_msgs: "2" }],
    ["max_msgs_per_subject", "keyValueStore", { max_msgs_per_subject: -1 }],
    ["max_msgs_per_subject", "keyValueStore", { max_msgs_per_subject: 65 }],
    ["max_msgs_per_subject", "objectStore", { max_msgs_per_subject: 1 }],
    ["deny_purge", "objectStore", { deny_purge: true }],
  ];

  const set = (kind: "keyValueStore" | "objectStore", attributes: Record<string, unknown>): Program => {
    return (stack) => {
      const a = new AppConstruct(prodOf(stack), "a");
      const { resource } = kind === "keyValueStore" ? a.keyValueStore : a.addObjectStore("o");
      for (const [name, value] of Object.entries(attributes)) resource.addOverride(name, value);
    };
  };

  test.each(changes)("%s of a %s is refused, set so: %j", (name, kind, attributes) => {
    const { message } = refusal(set(kind, attributes));
    expect(message).toContain(`] ${name} makes the stream of a bucket something else to its clients`);
  });

  test.each<["keyValueStore" | "objectStore", Record<string, unknown>]>([
    ["keyValueStore", { retention: "limits", allow_direct: true, max_msgs: -1, max_msgs_per_subject: 64 }],
    ["objectStore", { retention: "limits", allow_direct: "true", max_msgs: "-1", max_msgs_per_subject: -1 }],
    ["objectStore", { deny_purge: false }],
    ["objectStore", { deny_purge: "false" }],
  ])("what says the same of a %s is taken: %j", (kind, attributes) => {
    expect(refusal(set(kind, attributes)).message).toBeUndefined();
  });
});

test.each([0, 65])("a history that is out of range as an option is told once: %s", (history) => {
  const { message = "" } = refusal((stack) => new AppConstruct(prodOf(stack), "a").addKeyValueStore("m", { history }));
  expect(problemsIn(message)).toEqual([expect.stringContaining(`history is out of range: ${history}`)]);
});

describe("an access document stays as the library makes it", () => {
  const ENTRY = "jetstream_kv_entry.prod_access_access_users_prod-a";
  const entryOf = (app: AppConstruct) =>
    app.node.findAll().find((each): each is jetstream.KvEntry => each instanceof jetstream.KvEntry);
  const says = 'an access document is changed by an Aspect or an override: "access.users.prod-a"';

  test.each<[string, (stack: TerraformStack, entry: jetstream.KvEntry) => void]>([
    ["an override", (_, entry) => entry.addOverride("value", "{}")],
    ["an override of its lifecycle", (_, entry) => entry.addOverride("lifecycle.ignore_changes", "all")],
    ["an override of the stack", (stack) => stack.addOverride(`resource.${ENTRY}.count`, 0)],
    ["its lifecycle", (_, entry) => Object.assign(entry, { lifecycle: { ignoreChanges: "all" } })],
    ["its count", (_, entry) => Object.assign(entry, { count: 0 })],
    ["another key", (_, entry) => Object.assign(entry, { key: "access.users.other" })],
    ["another bucket", (_, entry) => Object.assign(entry, { bucket: "other" })],
    [
      "an Aspect",
      (stack, entry) =>
        Aspects.of(stack).add({ visit: (node) => node === entry && entry.addOverride("value", "{}") } as IAspect),
    ],
  ])("%s is refused", (_, change) => {
    const { message } = refusal((stack) => {
      const entry = entryOf(new AppConstruct(prodOf(stack), "a"));
      if (entry) change(stack, entry);
    });
    expect(message).toContain(says);
  });

  test("an Aspect that protects everything changes nothing of it", () => {
    expect(() =>
      synthFiles((stack) => {
        const entry = entryOf(new AppConstruct(prodOf(stack), "a"));
        Object.assign(entry ?? {}, { lifecycle: { preventDestroy: true } });
      }),
    ).not.toThrow();
  });
});

test("stacks in stacks have a provider each", () => {
  const files = synthFiles((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(new TerraformStack(stack, "inner"), "x", { platform: prod });
  });
  expect(Object.keys(files).filter((path) => path.endsWith("cdk.tf.json"))).toHaveLength(2);
});

describe.each(waysToSet)("a copy into the events by %s", (_, setBy) => {
  const SECRETS = "prod_a_secrets";

  /** An app has a stream that the platform's events copy under a subject, and another one consumes events. */
  const program =
    (destination: string, filter?: string): Program =>
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "a").addStream("secrets");
      const subjectTransform = [{ source: ">", destination }];
      setBy(stack, prod.events.resource, {
        set: (each) => each.putSource([{ name: SECRETS, subjectTransform }]),
        override: { source: [{ name: SECRETS, subject_transform: subjectTransform }] },
      });
      new AppConstruct(prod, "b").consumeEvents(filter === undefined ? {} : { subjects: [filter] });
      new AppConstruct(prod, "c");
    };
  const messages = (each: Program) => {
    const found = catalogOf(each).findings.filter(({ id }) => id === "NP013");
    return found.map(({ message, source }) => `${source}: ${message}`);
  };

  test("is found with those who read it, and not otherwise", () => {
    expect(messages(program("prod._.events.leak.>"))).toEqual([
      "stack/prod/Stream-events: prod_events copies prod_a_secrets, so that its messages can be read there by the app b",
    ]);
    expect(messages(program("prod._.events.leak.>", "leak.prod.>"))).toHaveLength(1);
    expect(messages(program("prod._.events.leak.>", "user.>"))).toEqual([]);
  });
});

describe("what is published again is found with those who receive it", () => {
  const NP013 = (program: Program) =>
    catalogOf(program)
      .findings.filter(({ id }) => id === "NP013")
      .map(({ message }) => message);

  test.each<[string, (stack: TerraformStack) => void, string]>([
    [
      "the platform's log to an app's own subjects",
      (stack) => new AppConstruct(prodOf(stack, { audit: { republish: { destination: "prod.b.ev.>" } } }), "b"),
      "prod_audit publishes what it stores again, so that it is received by the app b",
    ],
    [
      "a copy of it to an app's own subjects",
      (stack) => {
        const prod = prodOf(stack);
        prod.addStream("m", {
          sources: [{ stream: prod.audit }],
          subjects: [],
          republish: { destination: "prod.b.ev.>" },
        });
        new AppConstruct(prod, "b");
      },
      "prod_m publishes what it has of prod_audit again, so that it is received by the app b",
    ],
    [
      "to events, which isolated apps receive as they are published again",
      (stack) => {
        const prod = prodOf(stack);
        prod.addStream("m", {
          sources: [{ stream: prod.audit }],
          subjects: [],
          republish: { destination: "prod._.events.>" },
        });
        new AppConstruct(prod, "c", { isolation: Isolation.ACCOUNT, liveEvents: [">"] });
      },
      "prod_events publishes what it has of prod_audit again, so that it is received by the app c",
    ],
  ])("%s", (_, program, says) => {
    expect(NP013(program)).toContain(says);
  });

  test("but not what isolated apps receive of events by the convention", () => {
    const program: Program = (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "a").publishEvents("x");
      new AppConstruct(prod, "c", { isolation: Isolation.ACCOUNT, liveEvents: ["x"] });
    };
    expect(NP013(program)).toEqual([]);
  });
});

describe("a stream that has the name of another platform's", () => {
  const program =
    (copy: (staging: AppConstruct) => void): Program =>
    (stack) => {
      new AppConstruct(prodOf(stack), "a").addStream("secrets");
      const staging = new PlatformConstruct(stack, "staging", { servers: ["nats://host:4222"] });
      copy(new AppConstruct(staging, "b"));
    };

  test("is refused in an option", () => {
    const { message } = refusal(program((app) => app.addStream("copy", { sources: [{ name: "prod_a_secrets" }] })));
    expect(message).toContain("stream copies one that is in the account PROD and not in STAGING");
  });

  test("is copied as the resource says, and found", () => {
    const catalog = catalogOf(program((app) => app.addStream("copy").resource.putSource([{ name: "prod_a_secrets" }])));
    expect(resource(catalog, "staging_b_copy")?.copies).toEqual(["prod_a_secrets"]);
    expect(ids(catalog, /Stream-copy/)).toContain("NP006");
  });
});

test("what is set on the platform's events stream is found", () => {
  const { message } = refusal((stack) => {
    const prod = prodOf(stack);
    prod.events.resource.subjects = ["prod._.events.user.>"];
    new AppConstruct(prod, "a").publishEvents("order.>");
  });
  expect(message).toContain("[stack/prod/a] NP009");
});

describe("an Aspect of another stack", () => {
  /** A platform in one stack, and in a later one an app with a stream and an Aspect. */
  const program =
    (aspect: (prod: PlatformConstruct, app: AppConstruct) => IAspect): Program =>
    (stack, app) => {
      const prod = prodOf(stack);
      const later = new TerraformStack(app, "later");
      const convex = new AppConstruct(later, "convex", { platform: prod });
      convex.addStream("jobs");
      Aspects.of(later).add(aspect(prod, convex));
    };

  test("is in the files of an earlier one", () => {
    const catalog = catalogOf(program(() => eachStream((each) => Object.assign(each, { replicas: 3 }))));
    expect(resource(catalog, "prod_convex_jobs")?.replicas).toBe(3);
    expect(resource(catalog, "prod_events")?.replicas).toBe(1);
  });

  test("that changes what is written already is refused", () => {
    const { message } = refusal(
      program((prod) => ({ visit: () => Object.assign(prod.events.resource, { replicas: 3 }) })),
    );
    expect(message).toContain(
      '[stack/prod/Stream-events/Resource] resource is no longer as it was written: an Aspect of a later stack changes it, or a Lazy gives another value each time: "jetstream_stream.prod_events"',
    );
  });

  test.each<[string, (scene: { prod: PlatformConstruct; stack: TerraformStack; later: TerraformStack }) => unknown]>([
    [
      "sets an attribute and adds a construct",
      ({ prod, stack }) => {
        prod.events.resource.replicas = 3;
        new TerraformVariable(stack, "more", {});
      },
    ],
    [
      "sets an attribute and acknowledges a finding",
      ({ prod }) => {
        prod.events.resource.replicas = 3;
        Findings.of(prod).acknowledge("NP002", "It is a test.");
      },
    ],
    ["adds a stream", ({ prod }) => prod.addStream("late")],
    ["adds an app", ({ prod }) => new AppConstruct(prod, "late")],
    ["adds a platform", ({ stack }) => new PlatformConstruct(stack, "late", { servers: ["nats://late:4222"] })],
    ["overrides in the stack", ({ stack }) => stack.addOverride("resource.jetstream_stream.prod_events.replicas", 3)],
    [
      "adds a resource of the provider",
      ({ stack, prod }) =>
        new jetstream.Stream(stack, "raw", { name: "raw", subjects: ["raw"], provider: prod.events.resource.provider }),
    ],
  ])("that %s in an earlier stack is refused, also if its own has nothing else", (_, act) => {
    for (const hasApp of [true, false]) {
      const { message } = refusal((stack, app) => {
        const prod = prodOf(stack);
        const later = new TerraformStack(app, "later");
        if (hasApp) new AppConstruct(later, "convex", { platform: prod });
        let done = false;
        Aspects.of(later).add({
          visit: () => {
            if (!done) act({ prod, stack, later });
            done = true;
          },
        });
      });
      expect(message).toContain("resource is no longer as it was written");
      expect(message).toContain("these stacks were written before and must not be applied: stack");
    }
  });

  const raws: [string, (raw: jetstream.Stream, stack: TerraformStack) => unknown, string][] = [
    [
      "removes it",
      (_, stack) => stack.node.tryRemoveChild("raw"),
      "[stack/raw] resource is no longer as it was written",
    ],
    ["takes it in", (raw) => raw.importFrom("JETSTREAM_STREAM_raw"), 'each time: "import jetstream_stream.raw"'],
    [
      "lets go of another one",
      (_, stack) => stack.addOverride("removed", [{ from: "jetstream_stream.old" }]),
      'each time: "removed jetstream_stream.old"',
    ],
    [
      "changes its provider",
      ({ provider }) => provider?.addOverride("user", "x"),
      'each time: "provider jetstream.own"',
    ],
  ];

  test.each(raws)("that does something with what the library does not make is refused: it %s", (_, act, says) => {
    const { message } = refusal((stack, app) => {
      prodOf(stack);
      const provider = new jetstream.JetstreamProvider(stack, "own", { alias: "own", servers: "nats://h:4222" });
      const raw = new jetstream.Stream(stack, "raw", { name: "raw", subjects: ["raw"], provider });
      let done = false;
      byAspect(new TerraformStack(app, "later"), () => {
        if (!done) act(raw, stack);
        done = true;
      });
    });
    expect(message).toContain(says);
  });

  test("that makes the program wrong is refused, with the stacks that are written", () => {
    const { message } = refusal(program((_, convex) => ({ visit: () => convex.addStream("no name") })));
    expect(message).toMatch(
      /problems? found, these stacks were written before and must not be applied: stack\.\n(.|\n)*no name/,
    );
  });

  test("that lets an app of its own stack do more is in all files", () => {
    const files = synthFiles(program((_, convex) => ({ visit: () => convex.publishEvents("user.>") })));
    for (const file of ["stack/accounts.conf", "stack/catalog.json", "later/cdk.tf.json"]) {
      expect([file, files[file]]).toEqual([file, expect.stringContaining("prod._.events.user.>")]);
    }
  });

  test("that lets an app of an earlier stack do more is refused", () => {
    const { message } = refusal((stack, app) => {
      const convex = new AppConstruct(prodOf(stack), "convex");
      Aspects.of(new TerraformStack(app, "later")).add({ visit: () => convex.publishEvents("user.>") });
    });
    expect(message).toContain(
      'gives another value each time: "jetstream_kv_entry.prod_access_access_users_prod-convex"',
    );
  });
});

test.each(["stack", "later"])("what is refused as too late is in no file, the accounts file in %s", (where) => {
  const { message, written } = refusal((stack, app) => {
    const prod = prodOf(stack);
    const later = new TerraformStack(app, "later");
    new AppConstruct(later, "a", { platform: prod });
    new AccountsFile(where === "stack" ? stack : later, "accounts");
    let done = false;
    Aspects.of(later).add({
      visit: () => {
        if (!done) new AppConstruct(prod, "late");
        done = true;
      },
    });
  });
  expect(message).toContain("resource is no longer as it was written");
  expect(written.filter((file) => !file.endsWith("cdk.tf.json"))).toEqual([]);
});

describe("what a stack lets go of", () => {
  /** A stream that an Aspect of the later stack declares, there or in the earlier one. */
  const program =
    (at: "stack" | "later", retired?: RetiredData): Program =>
    (stack, app) => {
      const prod = prodOf(stack);
      const later = new TerraformStack(app, "later");
      const owner = new AppConstruct(at === "later" ? later : stack, "a", { platform: prod });
      let done = false;
      Aspects.of(later).add({
        visit: () => {
          if (!done) owner.addStream("late", { retired });
          done = true;
        },
      });
    };

  test.each<[string, Program]>([
    ["a stream of its own that an earlier stack may have had", program("later")],
    ["what is retired in an earlier stack", program("stack", RetiredData.KEEP)],
  ])("is not changed by an Aspect of a later stack: %s", (_, declare) => {
    const { message } = refusal(declare);
    expect(message).toContain('each time: "removed jetstream_stream.prod_a_late"');
  });
});

describe("a synth begins anew", () => {
  const twoStacks = (outdir: string) => {
    const app = new App({ outdir });
    const [one, two] = [new TerraformStack(app, "one"), new TerraformStack(app, "two")];
    new AppConstruct(two, "a", { platform: prodOf(one) });
    return { app, one, two };
  };

  test("with each stack that is synthesized by itself, and with each app.synth()", () => {
    const outdir = mkdtempSync(join(tmpdir(), "round-"));
    try {
      const { app, one, two } = twoStacks(outdir);
      for (const stack of [one, two, one]) expect(() => Testing.fullSynth(stack)).not.toThrow();
      for (const _ of [1, 2]) expect(() => app.synth()).not.toThrow();
      const last = new TerraformStack(app, "last");
      Aspects.of(last).add(eachStream(() => undefined));
      Aspects.of(last).add({
        visit: () => Object.assign(Reflect.get(one.node.findChild("prod"), "events").resource, { replicas: 3 }),
      });
      expect(() => app.synth()).toThrow("resource is no longer as it was written");
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });

  test("but not with a stack that is in another one", () => {
    const { message } = refusal((stack, app) => {
      const prod = prodOf(stack);
      new PlatformConstruct(new TerraformStack(stack, "inner"), "staging", { servers: ["nats://host:4222"] });
      Aspects.of(new TerraformStack(app, "last")).add({
        visit: () => Object.assign(prod.events.resource, { replicas: 3 }),
      });
    });
    expect(message).toContain("resource is no longer as it was written");
  });
});

test("an Aspect of the only stack may declare what an app does", () => {
  const files = synthFiles((stack) => {
    const convex = new AppConstruct(prodOf(stack), "convex");
    let done = false;
    Aspects.of(stack).add({
      visit: () => {
        if (!done) convex.publishEvents("user.>");
        done = true;
      },
    });
  });
  expect(files["stack/accounts.conf"]).toContain('"prod._.events.user.>"');
  expect(files["stack/cdk.tf.json"]).toContain("prod._.events.user.>");
});

test.each<[string, object]>([
  ["import", { to: "jetstream_stream.prod_a_jobs", id: "JETSTREAM_STREAM_other" }],
  ["moved", { from: "jetstream_stream.prod_a_old", to: "jetstream_stream.prod_a_jobs" }],
  ["removed", { from: expression(" jetstream_stream.prod_a_jobs ") }],
])("a block `%s` that an override of the stack has is refused", (name, block) => {
  for (const value of [block, [block]]) {
    const { message } = refusal((stack) => {
      new AppConstruct(prodOf(stack), "a").addStream("jobs");
      stack.addOverride(name, value);
    });
    expect(message).toContain("moves, imports or forgets the Terraform resource");
  }
  const others = { to: "aws_s3_bucket.a", from: "aws_s3_bucket.b", id: "prod_a_jobs" };
  expect(() => synthFiles((stack) => stack.addOverride(name, [others]))).not.toThrow();
});

describe("what is removed from the tree is refused", () => {
  test.each<[string, (app: AppConstruct, prod: PlatformConstruct) => unknown, string]>([
    ["an app", (_, prod) => prod.node.tryRemoveChild("a"), "[stack/prod/a] construct is removed from the tree"],
    ["a stream", (app) => app.node.tryRemoveChild("Stream-jobs"), "[stack/prod/a/Stream-jobs] construct is removed"],
    [
      "the Terraform resource of a stream",
      (app) => app.node.findChild("Stream-jobs").node.tryRemoveChild("Resource"),
      "[stack/prod/a/Stream-jobs] the Terraform resource is taken out of its stack",
    ],
  ])("%s", (_, remove, text) => {
    const { message } = refusal((stack) => {
      const prod = prodOf(stack);
      const app = new AppConstruct(prod, "a");
      app.addStream("jobs");
      expect(remove(app, prod)).toBe(true);
    });
    expect(message).toContain(text);
  });
});

test("what an Aspect removes is refused, also where it adds as much", () => {
  const { message } = refusal((stack) => {
    const prod = prodOf(stack);
    const size = () => prod.node.findAll().length;
    const before = size();
    new AppConstruct(prod, "a");
    const whole = size();
    Aspects.of(stack).add({
      visit: () => {
        if (!prod.node.tryRemoveChild("a")) return;
        for (let each = before; each < whole; each++) new TerraformVariable(stack, `more-${each}`, {});
      },
    });
  });
  expect(message).toContain("[stack/prod/a] construct is removed from the tree");
});

test("a platform may be in a stack that is declared in another one", () => {
  const files = synthFiles((stack) => prodOf(new TerraformStack(stack, "inner")));
  const accounts = Object.keys(files).filter((path) => path.endsWith("accounts.conf"));
  expect(accounts).toHaveLength(1);
  expect(accounts[0]).toContain("inner");
});

test("a program that is changed after a synth is read again", () => {
  const app = new App({ outdir: "cdktf.out" });
  const stack = new TerraformStack(app, "stack");
  const convex = new AppConstruct(prodOf(stack), "convex");
  const jobs = convex.addStream("jobs");
  const { Testing } = jest.requireActual<typeof import("cdktf")>("cdktf");
  expect(Testing.synth(stack)).toContain("prod_convex_jobs");
  jobs.resource.subjects = ["prod.cache.>"];
  expect(() => Testing.synth(stack)).toThrow("subject is not one of the stream's owner");
});

describe("a stream that is copied by a reference", () => {
  const program =
    (nameOf: (stack: TerraformStack, jobs: jetstream.Stream) => string): Program =>
    (stack) => {
      const convex = new AppConstruct(prodOf(stack), "convex");
      const jobs = convex.addStream("jobs");
      convex.addStream("copy", { sources: [{ name: nameOf(stack, jobs.resource) }] });
    };

  test("to another resource is that stream", () => {
    const catalog = catalogOf(program((_, jobs) => jobs.name));
    expect(resource(catalog, "prod_convex_copy")?.copies).toEqual(["prod_convex_jobs"]);
    expect(ids(catalog, /Stream-copy/)).not.toContain("NP006");
  });

  test("is refused where only Terraform knows it", () => {
    const { message } = refusal(
      program((stack) => new TerraformVariable(stack, "origin", { type: "string" }).stringValue),
    );
    expect(message).toContain(`stream copies one whose name is known only at apply: "${expression("var.origin")}"`);
  });
});

describe("Terraform's own arguments of another type are refused in words", () => {
  const wrong: [string, unknown][] = [
    ["dependsOn", "jetstream_stream.a"],
    ["dependsOn", 5],
    ["dependsOn", {}],
    ["dependsOn", null],
    ["dependsOn", [undefined]],
    ["lifecycle", "x"],
    ["lifecycle", 5],
    ["lifecycle", null],
    ["lifecycle", []],
    ["lifecycle", { preventDestroy: "yes" }],
    ["lifecycle", { createBeforeDestroy: 1 }],
    ["lifecycle", { ignoreChanges: 5 }],
    ["lifecycle", { replaceTriggeredBy: [null] }],
  ];
  const places = ["a stream", "a bucket", "a consumer"] as const;

  const rows = places.flatMap((place) => wrong.map(([name, value]) => [place, name, value] as const));

  test.each(sample(rows, 4))("of %s: %s = %p", (place, name, value) => {
    for (const late of [false, true]) {
      const { message } = refusal((stack) => {
        const app = new AppConstruct(prodOf(stack), "a");
        const jobs = app.addStream("jobs");
        const { resource } = {
          "a stream": jobs,
          "a bucket": app.keyValueStore,
          "a consumer": app.addConsumer("worker", { stream: jobs }),
        }[place];
        const set = () => Object.assign(resource, { [name]: value });
        if (late) Aspects.of(stack).add({ visit: set });
        else set();
      });
      expect(message).toMatch(/^NATS platform: \d problems? found/);
      expect(message).toMatch(new RegExp(`${name}\\S* of the Terraform resource is none|is made again when something`));
    }
  });

  test("and resources are no addresses", () => {
    const { message } = refusal((stack) => {
      const app = new AppConstruct(prodOf(stack), "a");
      Object.assign(app.addStream("jobs").resource, { dependsOn: [app.keyValueStore.resource] });
    });
    expect(message).toContain("dependsOn of the Terraform resource is none");
  });
});
