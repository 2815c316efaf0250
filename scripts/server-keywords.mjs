/**
 * Writes the server's keywords from its source: `node scripts/server-keywords.mjs …/nats-server/server/opts.go`. The file of
 * a server's version is in Go's module cache after `go install github.com/nats-io/nats-server/v2@v2.15.2`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tasks.mjs";

const [file] = process.argv.slice(2);
if (!file) throw new Error("usage: node scripts/server-keywords.mjs …/nats-server/server/opts.go");

/** The texts of every `case` that has texts: names of options at every depth, and words that stand for values. */
function keywordsOf(source) {
  const cases = [...source.matchAll(/\bcase ((?:"[^"\n]*"(?:,\s*)?)+):/g)];
  const words = cases.flatMap(([, list]) => [...list.matchAll(/"([^"]*)"/g)].map(([, word]) => word.toLowerCase()));
  return [...new Set(words)].filter((word) => /^[a-z_][a-z0-9_]*$/.test(word)).sort();
}

const words = keywordsOf(readFileSync(file, "utf8"));
const text = [
  "/** The words of the server's configuration, made of nats-server 2.15.2 by `scripts/server-keywords.mjs`. */",
  "export const SERVER_KEYWORDS: ReadonlySet<string> = new Set(",
  "  `",
  ...words.map((word) => `${word}`),
  "`.trim().split(/\\s+/),",
  ");",
  "",
].join("\n");
writeFileSync(join(root, "lib/access/server-keywords.ts"), text);
