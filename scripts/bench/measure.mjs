import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs one program of `programs/` once and prints what it cost and wrote as JSON: `node measure.mjs <program> <apps>
 * <outdir>`.
 *
 * The clock runs while the tree is constructed and synthesized, not while modules are loaded.
 */
const [program, apps, outdir] = process.argv.slice(2);
const platform = {
  platform: "prod",
  nodes: ["node-1", "node-2", "node-3"],
  servers: ["nats://127.0.0.1:4222"],
  apps: Array.from({ length: Number(apps) }, (_, index) => `app-${index + 1}`),
};

const start = performance.now();
const { App, TerraformStack } = await import("cdktf");
const { declare } = await import(`./programs/${program}.mjs`);
const loaded = performance.now();
const app = new App({ outdir });
declare(new TerraformStack(app, "bench"), platform);
app.synth();
const done = performance.now();

const peakMb = process.resourceUsage().maxRSS / 1024;
const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
console.log(JSON.stringify({ loadMs: loaded - start, ms: done - loaded, peakMb, writtenMb: bytes / 1e6 }));
