import { Aspects, type TerraformProvider, type TerraformStack } from "cdktf";
import { AppConstruct, Findings, Isolation, jetstream, PlatformConstruct } from "../../../lib";
import { catalogFrom } from "../../../lib/catalog/catalog-text";
import { prodOf } from "../../support/prod";
import { type Program, refusal, synthFiles } from "../../support/synth";

const findings = (program: Program) => {
  const catalog = catalogFrom(JSON.parse(synthFiles(program)["stack/catalog.json"] ?? "{}"));
  return catalog.findings;
};

test("a finding is a warning of its construct, once", () => {
  const manifest = JSON.parse(synthFilesWithManifest((stack) => prodOf(stack)));
  const { annotations } = manifest.stacks.stack;
  const limits = annotations.filter(({ message }: { message: string }) => message.startsWith("NP002"));
  expect(limits.map(({ constructPath, level }: Record<string, string>) => [constructPath, level])).toEqual([
    ["stack/prod/Stream-events", "@cdktf/warn"],
    ["stack/prod/Stream-audit", "@cdktf/warn"],
  ]);
});

function synthFilesWithManifest(program: Program): string {
  const { mkdtempSync, readFileSync, rmSync } = jest.requireActual("node:fs");
  const { join } = jest.requireActual("node:path");
  const { App, TerraformStack } = jest.requireActual("cdktf");
  const outdir = mkdtempSync(join(jest.requireActual("node:os").tmpdir(), "findings-"));
  try {
    const app = new App({ outdir });
    program(new TerraformStack(app, "stack"), app);
    app.synth();
    return readFileSync(join(outdir, "manifest.json"), "utf8");
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

test.each([
  ["prod", 1],
  ["prod-eu", 1],
  ["production", 1],
  ["nonprod", 0],
  ["preprod", 0],
  ["dev", 0],
])("the data of the platform %s on one server is found %i times", (name, count) => {
  const found = findings((stack) => new PlatformConstruct(stack, name, { servers: ["nats://host:4222"] }));
  expect(found.filter(({ id }) => id === "NP003")).toHaveLength(count);
});

test("what a platform copies of its apps is no copy of an app's", () => {
  const found = findings((stack) => {
    const prod = prodOf(stack);
    const convex = new AppConstruct(prod, "convex", { wal: {} });
    prod.addStream("archive", { subjects: [], sources: [{ stream: convex.wal }] });
    new AppConstruct(prod, "cache").addStream("copy", { subjects: [], sources: [{ stream: convex.wal }] });
  });
  expect(found.filter(({ id }) => id === "NP006").map(({ source }) => source)).toEqual([
    "stack/prod/cache/Stream-copy",
  ]);
});

test("an acknowledgement holds for a construct and everything in it, and lands in the catalog", () => {
  const found = findings((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "convex", { wal: {} });
    Findings.of(prod.events).acknowledge("NP002", "removed by the archiver");
  });
  const limits = found.filter(({ id }) => id === "NP002").map(({ source, acknowledged }) => [source, acknowledged]);
  expect(limits).toEqual([
    ["stack/prod/Stream-audit", undefined],
    ["stack/prod/Stream-events", "removed by the archiver"],
    ["stack/prod/convex/Stream-wal", undefined],
  ]);
  const all = findings((stack) => Findings.of(prodOf(stack)).acknowledge("NP002", "all"));
  expect(all.filter(({ id, acknowledged }) => id === "NP002" && !acknowledged)).toEqual([]);
});

test("an error that is acknowledged no longer stops the synth", () => {
  const program =
    (acknowledge: boolean): Program =>
    (stack) => {
      const prod = new PlatformConstruct(stack, "prod", {
        servers: ["nats://host:4222"],
        events: { subjects: ["prod._.events.user.>"] },
      });
      const convex = new AppConstruct(prod, "convex");
      convex.publishEvents("order.>");
      if (acknowledge) Findings.of(convex).acknowledge("NP009", "published without waiting for it");
    };
  expect(refusal(program(false)).message).toContain(
    "[stack/prod/convex] NP009: app convex publishes prod._.events.order.>",
  );
  expect(findings(program(true)).find(({ id }) => id === "NP009")?.acknowledged).toBe(
    "published without waiting for it",
  );
});

test("events of an isolated app that nothing stores are an error too", () => {
  const { message } = refusal((stack) => {
    const prod = prodOf(stack, { events: { subjects: ["prod._.events.user.>"] } });
    new AppConstruct(prod, "convex", { isolation: Isolation.ACCOUNT }).publishEvents("order.>");
  });
  expect(message).toContain("[stack/prod/convex] NP009: app convex publishes prod._.events.order.>");
});

test.each([
  ["an id that does not exist", "NP999", "because", 'finding is not known: "NP999"'],
  ["no reason", "NP002", " ", "NP002 is acknowledged without a reason"],
])("refuses %s", (_, id, reason, says) => {
  expect(refusal((stack) => Findings.of(prodOf(stack)).acknowledge(id, reason)).message).toContain(says);
});

describe("a finding about several apps", () => {
  /** Apps of one platform, of which some say that NP005 is all right for them. */
  const clients = (apps: readonly string[], acknowledged: readonly string[]) =>
    findings((stack) => {
      const prod = prodOf(stack);
      for (const name of apps) {
        const app = new AppConstruct(prod, name);
        if (acknowledged.includes(name)) Findings.of(app).acknowledge("NP005", "all are needed");
      }
    }).filter(({ id }) => id === "NP005" || id === "NP010");

  const acknowledged = (found: ReturnType<typeof clients>) => found.filter((each) => each.acknowledged !== undefined);

  test("is told apart for those that acknowledge it", () => {
    const found = clients(["a", "b", "c"], ["b"]);
    expect(found.map(({ message, acknowledged }) => [message.split(" have ")[0], acknowledged])).toEqual([
      ["the apps a, c", undefined],
      ["the apps b", "all are needed"],
    ]);
  });

  test("stays acknowledged word for word when another app comes or goes", () => {
    expect(acknowledged(clients(["a", "b", "c"], ["b"]))).toEqual(acknowledged(clients(["b"], ["b"])));
  });

  test("acknowledged at the platform is so for each app that comes", () => {
    const found = findings((stack) => {
      const prod = prodOf(stack);
      for (const name of ["a", "b"]) new AppConstruct(prod, name);
      Findings.of(prod).acknowledge("NP005", "all are needed");
    }).filter(({ id }) => id === "NP005");
    expect(found.map(({ acknowledged }) => acknowledged)).toEqual(["all are needed"]);
  });

  test.each(["NP001", "NP007"])("%s leaves no useless acknowledgement behind when the others go", (id) => {
    const found = findings((stack) => Findings.of(new AppConstruct(prodOf(stack), "a")).acknowledge(id, "known"));
    expect(found.filter((each) => each.id === "NP010" || each.id === id)).toEqual([]);
  });
});

const idsOf = (program: Program) => findings(program).map(({ id }) => id);

describe("events that the platform's stream stores under other subjects", () => {
  const program =
    (subject: string): Program =>
    (stack) => {
      const prod = prodOf(stack, {
        events: { subjectTransform: { source: "prod._.events.>", destination: "prod._.events.cooked.>" } },
      });
      new AppConstruct(prod, "a").publishEvents("raw");
      new AppConstruct(prod, "b", { isolation: Isolation.ACCOUNT }).consumeEvents({ subjects: [subject] });
    };

  test("are published, and received by who consumes them there", () => {
    expect(idsOf(program("cooked.raw"))).not.toContain("NP014");
    expect(idsOf(program("cooked.raw"))).toContain("NP017");
  });

  test("are not others", () => {
    expect(idsOf(program("cooked.other"))).toContain("NP014");
    expect(idsOf(program("cooked.other"))).not.toContain("NP017");
  });
});

test("events that the platform's stream copies from others may be published there", () => {
  const program: Program = (stack) => {
    const prod = prodOf(stack, { events: { sources: [{ name: "elsewhere", externalApiPrefix: "$JS.hub.API" }] } });
    new AppConstruct(prod, "b").consumeEvents({ subjects: ["x"] });
  };
  expect(idsOf(program)).not.toContain("NP014");
});

test.each<[string, (stack: TerraformStack) => void, boolean]>([
  ["a stream of the platform that nobody uses", (stack) => void prodOf(stack).addStream("m"), true],
  [
    "one that an app copies",
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "a").addStream("copy", { sources: [{ stream: prod.addStream("m") }] });
    },
    false,
  ],
  [
    "one that is published again",
    (stack) => void prodOf(stack).addStream("m", { republish: { destination: "prod.a.m.>" } }),
    false,
  ],
])("%s is one that no app can use: %#", (_, program, expected) => {
  expect(idsOf(program).includes("NP016")).toBe(expected);
});

test("only nodes can use what no app can, where there are nodes", () => {
  const message = (nodes: string[]) =>
    findings((stack) => void prodOf(stack, { nodes }).addStream("m")).find(({ id }) => id === "NP016")?.message;
  expect(message([])).toBe("no app may use prod_m");
  expect(message(["n"])).toBe("no app may use prod_m: only the platform's nodes can");
});

test("an app that is declared inside of an isolated one receives for itself", () => {
  const found = findings((stack) => {
    const prod = prodOf(stack);
    const outer = new AppConstruct(prod, "outer", { isolation: Isolation.ACCOUNT });
    const inner = new AppConstruct(outer, "inner", { platform: prod, isolation: Isolation.ACCOUNT });
    new AppConstruct(prod, "other").publishEvents("x");
    inner.consumeEvents({ subjects: ["x"] });
  });
  expect(found.filter(({ id }) => id === "NP017").map(({ source }) => source)).toEqual(["stack/prod/outer/inner"]);
});

describe("an acknowledgement stays where what it is about comes and goes with others", () => {
  test.each<[string, (stack: TerraformStack, withOthers: boolean) => AppConstruct]>([
    [
      "NP008",
      (stack, withOthers) => {
        const prod = prodOf(stack);
        const app = new AppConstruct(prod, "a");
        app.serveApi("x");
        if (!withOthers) new AppConstruct(prod, "b").callApi(app, "x");
        return app;
      },
    ],
    [
      "NP014",
      (stack, withOthers) => {
        const prod = prodOf(stack);
        const app = new AppConstruct(prod, "a");
        app.consumeEvents({ subjects: ["x"] });
        if (!withOthers) new AppConstruct(prod, "b").publishEvents("x");
        return app;
      },
    ],
    [
      "NP017",
      (stack, withOthers) => {
        const prod = prodOf(stack);
        const app = new AppConstruct(prod, "a", { isolation: Isolation.ACCOUNT });
        app.consumeEvents({ subjects: ["x"] });
        if (withOthers) new AppConstruct(prod, "b").publishEvents("x");
        return app;
      },
    ],
  ])("%s", (id, declare) => {
    const acknowledged = (isFound: boolean) =>
      findings((stack) => Findings.of(declare(stack, isFound)).acknowledge(id, "so it is"));
    expect(
      acknowledged(true)
        .filter((each) => each.id === id)
        .map((each) => each.acknowledged),
    ).toEqual(["so it is"]);
    expect(acknowledged(false).map((each) => each.id)).not.toContain("NP010");
  });
});

type Make = (stack: TerraformStack, provider?: TerraformProvider) => void;

const MAKES: readonly [string, Make, string, string][] = [
  [
    "a class of the provider",
    (stack, provider) => void new jetstream.Stream(stack, "leak", { name: "leak", subjects: ["x"], provider }),
    "jetstream_stream.leak",
    "stack/leak",
  ],
  [
    "a consumer of it",
    (stack, provider) =>
      void new jetstream.Consumer(stack, "w", { streamId: "prod_audit", durableName: "w", provider }),
    "jetstream_consumer.w",
    "stack/w",
  ],
  [
    "an override of the stack",
    (stack) => stack.addOverride("resource.jetstream_stream.evil", { name: "evil", subjects: ["x"] }),
    "jetstream_stream.evil",
    "stack",
  ],
];

/** The same as an Aspect of the stack, which cdktf calls while it synthesizes. */
const byAspect =
  (make: Make): Make =>
  (stack, provider) => {
    let isMade = false;
    const visit = () => {
      if (!isMade) make(stack, provider);
      isMade = true;
    };
    Aspects.of(stack).add({ visit });
  };

test.each<[string, Make, string, string]>([
  ...MAKES,
  ...MAKES.map(([by, make, address, source]): [string, Make, string, string] => [
    `${by} in an Aspect`,
    byAspect(make),
    address,
    source,
  ]),
])("what is made by %s is told", (_, make, address, source) => {
  const found = findings((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "a", { wal: {} }).consumeEvents();
    prod.events.resource.addOverride("max_age", 600);
    stack.addOverride("resource.jetstream_stream.prod_a_wal.max_age", 600);
    const { provider } = prod.events.resource;
    new jetstream.KvEntry(stack, "e", { bucket: "prod_a", key: "k", value: "v", provider });
    make(stack, provider);
  });
  const others = found.filter(({ id }) => id === "NP018");
  expect(others.map((each) => [each.message.split(" ")[0], each.source])).toEqual([[address, source]]);
});

test("an entry that an Aspect makes can be written by the Terraform user", () => {
  const files = synthFiles((stack) => {
    const { bucketName: bucket, resource } = prodOf(stack).keyValueStore;
    const { provider } = resource;
    byAspect(() => new jetstream.KvEntry(stack, "flags", { bucket, key: "config.flags", value: "{}", provider }))(
      stack,
    );
  });
  expect(files["stack/accounts.conf"]).toContain("$KV.prod_platform.config.flags");
});
