import { Lexer, type Token } from "marked";
import { parse as parseHtml } from "parse5";
import { parse as parseYaml } from "yaml";
import {
  AccountsFile,
  AppConstruct,
  Credentials,
  Findings,
  Isolation,
  type Litestream,
  MonitorConstruct,
  PlatformConstruct,
} from "../../lib";
import { catalogFrom } from "../../lib/catalog/catalog-text";
import { type SignatureType, signatures } from "../../lib/problems/signatures";
import { checkAccounts, passwordsFor, TestServer } from "../../scripts/tools/nats-server";
import { connectClient } from "../support/clients/connect";
import { chartConfig } from "../support/helm-chart";
import { HOSTILE, HOSTILE_TOKENS } from "../support/hostile";
import { sample } from "../support/sample";
import { type Program, problemsIn, refusal, synthFiles } from "../support/synth";
import { command } from "../unit/cli/cli";
import { accountsOfCatalog, reportedAccounts } from "./reported-accounts";
import { DIRECT } from "./world";

const SERVERS = ["nats://nats:4222"];

const PASSWORD = "correct horse battery staple";
/** The hash of the password, of the lowest cost. */
const HASH = "$2a$04$aX83QvnrrHTXmA71natF4OyrXPMithp1yOTbsUsi7jDqAk4J/nZR.";

const passwordVariable = (user: string) => `${user.toUpperCase().replaceAll("-", "_")}_PASSWORD`;

/** A configuration that is one object, without the braces around it, so that others may stand beside it. */
const inner = (config: string) => config.replace(/^\{\n([\s\S]*)\}$/, "$1");

/** What a place takes: any text, or only names of some kind. */
type Place = "free" | "subject" | "name" | "known";

/**
 * Every place of the public API that takes a text. `known` are texts that other tests try: those of a list, times, addresses
 * of servers, credentials, names of what is there.
 */
const PLACES: readonly (readonly [RegExp, Place])[] = [
  [/\.(description|metadata|owner)$/, "free"],
  [/\((id|reason)\)$/, "free"],
  [/\.(databasePath|replicaPath)$/, "free"],
  [/^Placement\./, "free"],
  [/^(Stream|Consumer|EventsConsumer|AddConsumer)Options\.(subjects|filterSubjects)$/, "subject"],
  [/\.liveEvents$|\((apiNames|subjects)\)$|\.filterSubject$/, "subject"],
  [/^(Republish|SubjectTransform)\./, "subject"],
  [/\.(appName|platformName|delegatedApp|name|nodes|nodeCredentials|resources)$/, "name"],
  [/^SystemAccountOptions\./, "name"],
  [/\((lockNames|keyNames)\)$/, "name"],
  [/\.(addStream|addConsumer|addKeyValueStore|addObjectStore)\(name\)$/, "name"],
  [/^(AppNaming|PlatformNaming|SubjectName)\./, "known"],
  [
    /^Credentials\.|\((platformName|appName|streamName)\)$|\.(startTime|servers|server)$|\.external(Api|Deliver)Prefix$/,
    "known",
  ],
];

const holdsText = (type: SignatureType): boolean => {
  if (typeof type === "string") return type === "string" || type === "any";
  if ("map" in type) return true;
  return "list" in type && holdsText(type.list);
};

test("every place that takes a text is known to this test", () => {
  const { structs, calls } = signatures();
  const options = Object.entries(structs).flatMap(([struct, all]) =>
    Object.entries(all).flatMap(([option, { type }]) => (holdsText(type) ? [`${struct}.${option}`] : [])),
  );
  const parameters = Object.entries(calls).flatMap(([call, all]) =>
    all.flatMap(({ name, type }) => (holdsText(type) ? [`${call}(${name})`] : [])),
  );
  const places = [...options, ...parameters];
  expect(places.length).toBeGreaterThan(80);
  expect(places.filter((place) => !PLACES.some(([pattern]) => pattern.test(place)))).toEqual([]);
});

/** A text as the name of an owner; one that may not be the name of one is left out. */
const ownerOf = (text: string) => (/^\P{C}{1,200}$/u.test(text) ? text : "plain");

/** A program that has a text in every place that takes any. */
const withText =
  (text: string, litestreams: Litestream[] = []): Program =>
  (stack) => {
    const id = (kind: string) => `${kind} ${text.replaceAll("/", "")}`;
    const placed = { description: text, placement: { cluster: text.replace(/\s/g, "") || "c" } };
    const prod = new PlatformConstruct(stack, id("platform"), {
      platformName: "prod",
      nodes: ["node-1"],
      servers: SERVERS,
      owner: ownerOf(text),
    });
    new MonitorConstruct(stack, id("monitor"));
    new AccountsFile(stack, id("accounts"), { helmValues: true });
    const app = new AppConstruct(prod, id("app"), {
      appName: "convex",
      wal: { ...placed, metadata: { [text]: text } },
      snapshots: { description: text },
      keyValueStore: { description: text },
    });
    app.addConsumer("worker", { stream: app.wal as never, description: text, metadata: { [text]: text } });
    app.consumeEvents({ description: text, metadata: { [text]: text } });
    const isolated = new AppConstruct(prod, id("isolated"), { appName: "apart", isolation: Isolation.ACCOUNT });
    isolated.publishEvents("user.>");
    isolated.serveApi("query");
    app.callApi(isolated as never, "query");
    for (const finding of ["NP001", "NP002", "NP003"]) Findings.of(prod).acknowledge(finding, `${text}.`);
    const path = /[$\p{Cc}\p{Cs}]|%\{/u.test(text) ? "plain" : text;
    litestreams.push(app.addLitestream({ databasePath: path, replicaPath: path }));
  };

const filesOf = (text: string, litestreams?: Litestream[]) => synthFiles(withText(text, litestreams));
const harmless = filesOf("harmless");
const programs = sample(HOSTILE, 3).map((text) => {
  const litestreams: Litestream[] = [];
  return { text, files: filesOf(text, litestreams), litestreams };
});

const withoutComments = (conf = "") => conf.replace(/\s+# .*/g, "").replace(/^# .*\n/gm, "");
const fileOf = (files: { readonly [path: string]: string }, name: string) => files[`stack/${name}`] ?? "";

describe("in files", () => {
  test("accounts.conf and the Helm values differ in comments only", () => {
    for (const { files } of programs) {
      for (const name of Object.keys(harmless).filter((each) => each.endsWith(".conf"))) {
        expect(withoutComments(files[name])).toBe(withoutComments(harmless[name]));
      }
      expect(fileOf(files, "accounts.helm.yaml")).toBe(fileOf(harmless, "accounts.helm.yaml"));
    }
  });

  test("Terraform's JSON has no expression but those of cdktf", () => {
    for (const { text, files } of programs) {
      const json = JSON.parse(fileOf(files, "cdk.tf.json"));
      const stream = json.resource.jetstream_stream.prod_convex_wal;
      const read = (value: string) => value.replaceAll("$${", "${").replaceAll("%%{", "%{");
      const seen = Buffer.from(text).toString();
      expect(Buffer.from(read(stream.description)).toString()).toBe(seen);
      const metadata = Object.entries(stream.metadata as object).map((entry) =>
        entry.map((each) => Buffer.from(read(each)).toString()),
      );
      expect(Object.fromEntries(metadata)).toEqual({
        [seen]: seen,
        "cdktf-nats-platform.owner": Buffer.from(ownerOf(text)).toString(),
      });
      const evaluated = JSON.stringify(json, (key, value) => (key === "//" ? undefined : value));
      const expressions = evaluated.match(/(?<!\$)\$\{(?!jetstream_|var\.prod_)|(?<!%)%\{/g) ?? [];
      expect({ text, expressions }).toEqual({ text, expressions: [] });
    }
  });

  test("litestream.yml holds the paths", () => {
    for (const { text, litestreams } of programs) {
      const path = /[$\p{Cc}\p{Cs}]|%\{/u.test(text) ? "plain" : text;
      const [database] = parseYaml(litestreams[0]?.config ?? "").dbs;
      expect({ path: database.path, replica: database.replica.path }).toEqual({ path, replica: path });
    }
  });

  test("report.html has the elements that it has with harmless texts", () => {
    const expected = elementsOf(fileOf(harmless, "report.html"));
    for (const { text, files } of programs) {
      expect({ text, elements: elementsOf(fileOf(files, "report.html")) }).toEqual({ text, elements: expected });
    }
  });

  test("topology.mmd has the lines that it has with harmless texts", () => {
    for (const { files } of programs) expect(fileOf(files, "topology.mmd")).toBe(fileOf(harmless, "topology.mmd"));
  });
});

/** The names of all elements of a page in their order; how long a text is may add a title to it. */
function elementsOf(page: string): string {
  const names: string[] = [];
  const walk = (node: { readonly nodeName: string; readonly childNodes?: readonly unknown[] }): void => {
    if (!node.nodeName.startsWith("#") && node.nodeName !== "title") names.push(node.nodeName);
    for (const child of node.childNodes ?? []) walk(child as typeof node);
  };
  walk(parseHtml(page) as never);
  return names.join(" ");
}

describe("in what the command prints", () => {
  const nothing = synthFiles((stack) => {
    new PlatformConstruct(stack, "other", { servers: SERVERS });
  });
  const before = fileOf(nothing, "catalog.json");
  const output = (files: { readonly [path: string]: string }, ...words: string[]) => {
    const { out, err } = command(words, { "old.json": before, "new.json": fileOf(files, "catalog.json") });
    return out + err;
  };
  const asMarkdown = (files: { readonly [path: string]: string }) =>
    output(files, "diff", "old.json", "new.json", "--format", "markdown");

  test("Markdown has the structure that it has with harmless texts, and mentions nobody", () => {
    const expected = structureOf(asMarkdown(harmless));
    for (const { text, files } of programs) {
      const written = asMarkdown(files);
      expect({ text, structure: structureOf(written) }).toEqual({ text, structure: expected });
      expect(textOf(written)).not.toMatch(/(^|\W)@\w/);
    }
  });

  test.each([
    [["diff", "old.json", "new.json"]],
    [["diff", "old.json", "new.json", "--format", "json"]],
    [["diff", "old.json", "new.json", "--format", "markdown"]],
    [["show", "prod-convex", "--catalog", "new.json"]],
    [["who-can", "publish", "prod.>", "--catalog", "new.json"]],
    [["can", "prod-convex", "publish", "prod.convex.x", "--catalog", "new.json"]],
  ])("%j has no control character but the ends of its lines, as many as with harmless texts", (words) => {
    const lines = output(harmless, ...words).split("\n").length;
    for (const { text, files } of programs) {
      const written = output(files, ...words);
      expect(written).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
      expect({ text, lines: written.split("\n").length }).toEqual({ text, lines });
    }
  });

  test("nor has what is said of a wrong call or a wrong program", () => {
    for (const text of HOSTILE) {
      for (const words of [[text], ["show", text, "--catalog", "new.json"], ["diff", text, "new.json"]]) {
        expect(output(harmless, ...words)).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
      }
      const { message = "" } = refusal((stack) => {
        new PlatformConstruct(stack, text.replaceAll("/", ""), { platformName: text, servers: SERVERS });
      });
      expect(message === "" ? "" : message).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
    }
  });
});

/** The kinds of all blocks and of what is in them, but for text and code, which are what is said. */
function structureOf(markdown: string): string {
  const kinds: string[] = [];
  const walk = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      if (!["text", "escape", "codespan"].includes(token.type)) kinds.push(token.type);
      if ("tokens" in token && token.tokens) walk(token.tokens);
      if ("items" in token) walk(token.items as Token[]);
    }
  };
  walk(new Lexer({ gfm: true }).lex(markdown));
  return kinds.join(" ");
}

/** What stands outside of code. */
function textOf(markdown: string): string {
  const texts: string[] = [];
  const walk = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      const children = "tokens" in token ? token.tokens : undefined;
      if (children) walk(children);
      else if ("items" in token) walk(token.items as Token[]);
      else if (token.type === "text") texts.push(token.raw);
    }
  };
  walk(new Lexer({ gfm: true }).lex(markdown));
  return texts.join("");
}

/** A construct id with all texts, which stands in comments. */
const ALL_TEXTS = HOSTILE.filter((text) => text.length < 100)
  .join(" ")
  .replaceAll("/", "");

/** Names of platforms that a reader of YAML or the server itself may take for something else. */
const WORDS = ["no", "on", "y", "n", "yes", "off", "true", "null", "nan", "include", "constructor"];

describe("on a server", () => {
  test("of the texts, those may be in subjects that are known to other tests", () => {
    const taken = HOSTILE.filter((text) => {
      const { message } = refusal(events([text]));
      if (message !== undefined) expect(problemsIn(message)).not.toEqual([]);
      return message === undefined;
    });
    expect(HOSTILE_TOKENS).toEqual(expect.arrayContaining(taken.filter((text) => text.length < 100)));
    expect(taken.length).toBeGreaterThan(5);
  });

  /** A program with texts in all subjects that accounts export, import and map, and words as the names of platforms. */
  function events(texts: readonly string[], words: readonly string[] = []): Program {
    return (stack) => {
      const prod = new PlatformConstruct(stack, "prod", { nodes: ["node-1"], servers: SERVERS });
      new MonitorConstruct(stack, "monitor");
      const liveEvents = texts.map((text) => `live.${text}`);
      const isolated = new AppConstruct(prod, ALL_TEXTS, {
        appName: "convex",
        isolation: Isolation.ACCOUNT,
        liveEvents,
      });
      const shared = new AppConstruct(prod, "cache", { credentials: Credentials.bcrypt(HASH) });
      const other = new AppConstruct(prod, "other", { isolation: Isolation.ACCOUNT });
      for (const text of texts) {
        isolated.publishEvents(`x.${text}`);
        shared.serveApi(text);
        isolated.callApi(shared, text);
        isolated.serveApi(`y.${text}`);
        other.callApi(isolated, `y.${text}`);
      }
      for (const word of words) {
        const platform = new PlatformConstruct(stack, `platform-${word}`, { platformName: word, servers: SERVERS });
        new AppConstruct(platform, "convex", { isolation: Isolation.ACCOUNT }).publishEvents("a");
      }
      new AccountsFile(stack, "accounts", { helmValues: true });
    };
  }

  const files = synthFiles(events(HOSTILE_TOKENS, WORDS));
  const catalog = catalogFrom(JSON.parse(fileOf(files, "catalog.json")));

  test.each([
    ["accounts.conf", (text: string) => text],
    ["accounts.helm.yaml", chartConfig],
  ] as const)("what it says of its accounts with %s is what the catalog says", async (name, configOf) => {
    const accounts = configOf(fileOf(files, name));
    const env = { ...passwordsFor(fileOf(files, "accounts.conf")), SERVER_NAME: "nats-0" };
    const server = await TestServer.start({ config: `http: "127.0.0.1:-1"\n${inner(accounts)}`, env });
    try {
      const users = catalog.accounts.flatMap((account) => account.users.map((user) => user.name));
      const passwords = users.map((user) => [user, user === "prod-cache" ? PASSWORD : `pw-${passwordVariable(user)}`]);
      const expected = accountsOfCatalog(catalog);
      expect(expected.PROD?.exports.length).toBeGreaterThan(HOSTILE_TOKENS.length);
      expect(expected.PROD_CONVEX_MESSAGING?.mappings.length).toBe(HOSTILE_TOKENS.length);
      expect(await reportedAccounts(server, Object.fromEntries(passwords))).toEqual(expected);
      expect(accounts.match(/allowed_connection_types/g)).toHaveLength(users.length);
    } finally {
      await server.stop();
    }
  });

  test("a platform called include has its account", async () => {
    const accounts = fileOf(
      synthFiles((stack) => {
        new PlatformConstruct(stack, "include", { nodes: ["a"], servers: SERVERS });
      }),
      "accounts.conf",
    );
    expect(await letsIn(accounts, "include-a", "pw-INCLUDE_A_PASSWORD")).toBe(true);
    const bare = accounts.replace('"INCLUDE" {', "INCLUDE {");
    expect(bare).not.toBe(accounts);
    expect(checkAccounts(bare, passwordsFor(bare)).ok).toBe(false);
  });

  test("a variable that is called as a setting would be that setting, which is why such names are refused", async () => {
    const accounts = (variable: string) =>
      `accounts { A { jetstream: enabled, users: [{ user: "u", password: $${variable} }] } }`;
    expect(await letsIn(accounts("jetstream"), "u", "enabled", { jetstream: "secret" })).toBe(true);
    expect(await letsIn(accounts("jetstream"), "u", "secret", { jetstream: "secret" })).toBe(false);
    expect(await letsIn(accounts("U_PASSWORD"), "u", "secret", { U_PASSWORD: "secret" })).toBe(true);
  });
});

async function letsIn(
  accounts: string,
  user: string,
  password: string,
  env: Readonly<Record<string, string>> = passwordsFor(accounts),
): Promise<boolean> {
  const server = await TestServer.start({ accounts, env });
  try {
    const client = await connectClient(DIRECT, { url: server.url, user, password });
    await client.close();
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/authorization violation/i);
    return false;
  } finally {
    await server.stop();
  }
}
