/**
 * Writes the server's keywords from its source: `npx tsx scripts/server-keywords.ts 2.15.2`. The source is in Go's module
 * cache after `go install github.com/nats-io/nats-server/v2@v2.15.2`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { keywordsOf, keywordsText, optionsSource } from "./tools/server-keywords";

const [version] = process.argv.slice(2);
if (!version) throw new Error("usage: npx tsx scripts/server-keywords.ts VERSION");
const source = optionsSource(version);
const install = `go install github.com/nats-io/nats-server/v2@v${version}`;
if (!source) throw new Error(`the source of nats-server ${version} is not in Go's module cache: ${install}`);
writeFileSync(join(__dirname, "../lib/access/server-keywords.ts"), keywordsText(version, keywordsOf(source)));
