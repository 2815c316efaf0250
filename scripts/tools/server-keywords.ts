import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The server's words: the texts of every `case` of its options, which are names at every depth, and values. */
export function keywordsOf(source: string): string[] {
  const cases = [...source.matchAll(/\bcase ((?:"[^"\n]*"(?:,\s*)?)+):/g)];
  const words = cases.flatMap(([, list = ""]) =>
    [...list.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word.toLowerCase()),
  );
  return [...new Set(words)].filter((word) => /^[a-z_][a-z0-9_]*$/.test(word)).sort();
}

/** The words as the library has them. */
export function keywordsText(version: string, words: readonly string[]): string {
  return [
    `/** The words of the server's configuration, made of nats-server ${version} by \`scripts/server-keywords.ts\`. */`,
    "export const SERVER_KEYWORDS: ReadonlySet<string> = new Set(",
    "  `",
    ...words,
    "`.trim().split(/\\s+/),",
    ");",
    "",
  ].join("\n");
}

/** The source of a server's options, from Go's module cache; undefined where Go has not installed that version. */
export function optionsSource(version: string): string | undefined {
  const { GOMODCACHE, GOPATH } = process.env;
  const [path = join(homedir(), "go")] = GOPATH?.split(delimiter) ?? [];
  const cache = GOMODCACHE || join(path, "pkg", "mod");
  const file = join(cache, "github.com", "nats-io", "nats-server", `v2@v${version}`, "server", "opts.go");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
