import { join } from "node:path";
import { AccountsFile, AppConstruct, Credentials, Findings, Isolation, PlatformConstruct } from "../../../lib";
import { ownEntry } from "../../../lib/problems/own-entry";
import { type Program, problemsIn, refusal, synth, synthFiles } from "../../support/synth";
import { command } from "../cli/cli";

const LIB = join(__dirname, "..", "..", "..", "lib");

const SERVERS = ["nats://nats:4222"];

/** Where a program names something, each by this name. */
const named =
  (name: string): Program =>
  (stack) => {
    new AccountsFile(stack, `${name}-file`, { helmValues: true });
    const platform = new PlatformConstruct(stack, "platform", {
      platformName: name,
      nodes: [name],
      nodeCredentials: { [`${name}`]: Credentials.variable(`${name.toUpperCase()}_NODE_SECRET`) },
      servers: SERVERS,
    });
    const other = new PlatformConstruct(stack, "other", { servers: SERVERS });
    const app = new AppConstruct(platform, "app", {
      appName: `${name}-app`,
      wal: { description: name, metadata: { [name]: name }, placement: { cluster: name, tags: [name] } },
      credentials: Credentials.variable(`${name}_SECRET`),
    });
    const stream = app.addStream(name, { sources: [{ name }], metadata: { [name]: name } });
    app.addConsumer(name, { stream, metadata: { [name]: name } });
    app.addKeyValueStore(`${name}-kv`);
    app.addObjectStore(`${name}-files`);
    app.usePlatformLocks(name);
    app.readPlatformConfig(name);
    app.publishEvents(name);
    app.serveApi(name);
    const isolated = new AppConstruct(platform, "apart", { isolation: Isolation.ACCOUNT, liveEvents: [name] });
    isolated.callApi(app, name);
    isolated.publishEvents(`${name}.a`);
    new AppConstruct(other, "guest", { appName: name }).consumeEvents({ subjects: [name] });
    Findings.of(platform).acknowledge("NP001", name);
  };

/** Where in the library a name is read from what all objects inherit, while something is done. */
function strays(name: string, action: () => void): string[] {
  const found = new Set<string>();
  const note = () => {
    const [, , at = ""] = (new Error().stack ?? "").split("\n").slice(1);
    if (at.includes(LIB)) found.add(at.trim());
  };
  Object.defineProperty(Object.prototype, name, {
    configurable: true,
    get: () => {
      note();
      return undefined;
    },
    set(value) {
      Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
    },
  });
  try {
    action();
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
  return [...found];
}

const CALLS = (name: string) => [
  [name],
  ["help", name],
  ["show", name],
  ["show", name, `--${name}`],
  ["diff", "old.json", "new.json", "--format", name],
  ["diff", "old.json", "new.json"],
  ["show", `${name}-${name}-app`, "--catalog", "new.json"],
  ["who-can", "publish", name, "--catalog", "new.json"],
  ["can", `${name}-${name}-app`, "publish", name, "--catalog", "new.json"],
];

test("what a program or a person names is an entry of a table, or nothing", () => {
  const catalog = (name: string) => synthFiles(named(name))["stack/catalog.json"] ?? "";
  const files = { "old.json": catalog("plain"), "new.json": catalog("strayed") };
  const looked = strays("strayed", () => {
    synth(named("strayed"));
    for (const words of CALLS("strayed")) command(words, files);
  });
  expect(looked).toEqual([]);
});

test("what looks for a name in what objects inherit is seen", () => {
  const table: { readonly [name: string]: string } = { known: "here" };
  expect(strays("strayed", () => ownEntry(table, "strayed"))).toEqual([]);
  expect(ownEntry(table, "known")).toBe("here");
  expect(ownEntry(table as never, "constructor")).toBeUndefined();
});

test("everything may be called constructor", () => {
  const name = "constructor";
  const [files, plain] = [synthFiles(named(name)), synthFiles(named("plain"))];
  const renamed = (text = "") => text.replaceAll(name, "plain").replaceAll("CONSTRUCTOR", "PLAIN");
  const settings = (text = "") => renamed(text).replace(/ *#.*/g, "").split("\n").sort();
  expect(settings(files["stack/accounts.conf"])).toEqual(settings(plain["stack/accounts.conf"]));
  const catalogs = { "old.json": plain["stack/catalog.json"] ?? "", "new.json": files["stack/catalog.json"] ?? "" };
  for (const words of CALLS(name)) expect(command(words, catalogs).err).not.toContain("This should not happen");
  expect(command(["show", `${name}-${name}-app`, "--catalog", "new.json"], catalogs).status).toBe(0);
});

test.each(["constructor", "toString", "__proto__"])("a construct with the id %s is refused", (id) => {
  const declared = (declare: Program) => () => synth(declare);
  const said = /id of \w+ is not free in any scope/;
  expect(declared((stack) => new PlatformConstruct(stack, id, { platformName: "prod", servers: SERVERS }))).toThrow(
    said,
  );
  expect(declared((stack) => new AccountsFile(stack, id))).toThrow(said);
});

test("a key that no object can have is refused", () => {
  const { message = "" } = refusal((stack) => {
    const platform = new PlatformConstruct(stack, "prod", { servers: SERVERS });
    new AppConstruct(platform, "convex").addStream("jobs", { metadata: JSON.parse('{"__proto__":"x"}') });
  });
  expect(problemsIn(message)).toEqual([expect.stringContaining("metadata has the key __proto__")]);
});
