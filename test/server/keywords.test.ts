import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Credentials } from "../../lib";
import { SERVER_KEYWORDS } from "../../lib/access/server-keywords";
import { serverProgram, TestServer } from "../../scripts/tools/nats-server";
import { keywordsOf, optionsSource } from "../../scripts/tools/server-keywords";
import { connectClient } from "../support/clients/connect";
import { DIRECT } from "./world";

const [, version = ""] =
  /v(\d+\.\d+\.\d+)/.exec(spawnSync(serverProgram(), ["--version"], { encoding: "utf8" }).stdout) ?? [];

const source = optionsSource(version);

/** Where words stand around the password of a user, so that a variable of such a name would be that word's value. */
const LEVELS: { readonly [level: string]: (words: readonly string[]) => string } = {
  file: (words) => words.map((word) => `${word}: {}`).join("\n"),
  account: (words) => `accounts { A {\n${words.map((word) => `${word}: {}`).join("\n")}\n} }`,
  user: (words) => `accounts {\n${words.map((word, index) => `A${index} { users: [{ ${word}: {} }] }`).join("\n")}\n}`,
};

/** Which of some words this server takes as options where they stand: the others it calls unknown. */
function optionsAmong(words: readonly string[], level: (words: readonly string[]) => string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "nats-keywords-"));
  try {
    const file = join(folder, "nats.conf");
    writeFileSync(file, level(words));
    const { stderr, stdout } = spawnSync(serverProgram(), ["-t", "-c", file], {
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    const unknown = new Set([...(stderr + stdout).matchAll(/unknown field "([^"]*)"/g)].map(([, word]) => word));
    expect(unknown.size).toBeGreaterThan(words.length / 2);
    return words.filter((word) => !unknown.has(word));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Words that may be options of this server: what its program holds in the form of an option, which are seven in ten of all,
 * and what its source has, which are all.
 */
function candidates(): string[] {
  const program = readFileSync(serverProgram()).toString("latin1");
  const fields = [...program.matchAll(/json:"([a-z][a-z0-9_]*)/g)].map(([, word = ""]) => word);
  const members = [...program.matchAll(/([A-Z][A-Za-z0-9]{2,40})[\s\S]{1,2}json:"/g)].map(([, name = ""]) =>
    name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "_").toLowerCase(),
  );
  const joined = program.match(/\b[a-z][a-z0-9]+(?:_[a-z0-9]+)+\b/g) ?? [];
  const own = source === undefined ? [] : keywordsOf(source);
  return [...new Set([...fields, ...members, ...joined, ...own, ...SERVER_KEYWORDS])].filter(
    (word) => word.length < 40 && word !== "include",
  );
}

const words = candidates();
const options = new Map(Object.entries(LEVELS).map(([name, level]) => [name, optionsAmong(words, level)]));

test.each([
  ["file", ["accounts", "jetstream", "listen", "no_sys_acc", "server_tags"], 80],
  ["account", ["exports", "jetstream", "mappings", "users"], 8],
  ["user", ["allowed_connection_types", "nkey", "password", "user"], 8],
] as const)("every option of this server at the level of the %s is in the list", (level, some, least) => {
  const found = options.get(level) ?? [];
  expect(found).toEqual(expect.arrayContaining([...some]));
  expect(found.length).toBeGreaterThanOrEqual(least);
  expect(found.filter((word) => !SERVER_KEYWORDS.has(word))).toEqual([]);
});

test("so is every word of the server's source, where Go has it", () => {
  const all = source === undefined ? [] : keywordsOf(source);
  expect(all.filter((word) => !SERVER_KEYWORDS.has(word))).toEqual([]);
});

const isTaken = (name: string) => Credentials.variable(name)._fault === undefined;

test("no variable may be called as one of them, in small letters or capitals", () => {
  const all = [...SERVER_KEYWORDS, "include", ...[...options.values()].flat()];
  expect(all.filter((word) => isTaken(word) || isTaken(word.toUpperCase()))).toEqual([]);
});

describe("on a server", () => {
  /** Accounts with a user for each variable. */
  const accounts = (variables: readonly string[]) =>
    `accounts { A { jetstream: enabled, users: [
${variables.map((name, index) => `{ user: "u${index}", password: $${name}, allowed_connection_types: ["STANDARD"] }`).join("\n")}
] } }`;

  async function letIn(url: string, user: string, password: string): Promise<boolean> {
    try {
      const client = await connectClient(DIRECT, { url, user, password });
      await client.close();
      return true;
    } catch (error) {
      expect(String(error)).toMatch(/authorization violation/i);
      return false;
    }
  }

  test("what is taken as the name of a variable is that variable", async () => {
    const odd = ["K", "g", "E5", "NULL", "NaN", "INF", "Z", "includes", "TRUE_", "constructor", "__proto__"];
    const proposed = [...(options.get("account") ?? []), ...(options.get("user") ?? [])];
    const names = [...new Set([...odd, ...proposed.map((word) => `${word.toUpperCase()}_PASSWORD`)])];
    expect(names.filter((name) => !isTaken(name))).toEqual([]);
    const env = Object.fromEntries(names.map((name) => [name, `pw-${name}`]));
    const server = await TestServer.start({ accounts: accounts(names), env });
    try {
      const all = await Promise.all(names.map((name, index) => letIn(server.url, `u${index}`, `pw-${name}`)));
      expect(names.filter((_, index) => !all[index])).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  test("a word that stands around the password in the same file would be its own value", async () => {
    const words = { user: "u0", listen: "127.0.0.1:-1", jetstream: "enabled" };
    const names = Object.keys(words);
    const env = Object.fromEntries(names.map((name) => [name, `pw-${name}`]));
    const server = await TestServer.start({ config: accounts(names), env });
    try {
      expect(await letIn(server.url, "u0", words.user)).toBe(true);
      expect(await letIn(server.url, "u1", words.listen)).toBe(true);
      expect(await letIn(server.url, "u2", words.jetstream)).toBe(true);
      for (const [index, name] of names.entries()) {
        expect(await letIn(server.url, `u${index}`, `pw-${name}`)).toBe(false);
      }
    } finally {
      await server.stop();
    }
  });
});
