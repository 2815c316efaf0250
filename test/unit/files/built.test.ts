import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { AccountsFile, AppConstruct, Isolation, PlatformConstruct } from "../../../lib";
import { synthFiles } from "../../support/synth";

const ROOT = join(__dirname, "../../..");

/** The program below, by the package as it is built. */
const BUILT = `
const { App, TerraformStack } = require("cdktf");
const { AccountsFile, AppConstruct, Isolation, PlatformConstruct } = require(${JSON.stringify(ROOT)});
const app = new App({ outdir: process.argv[1] });
const stack = new TerraformStack(app, "stack");
const prod = new PlatformConstruct(stack, "prod", { servers: ["nats://nats:4222"], nodes: ["node-1"] });
const convex = new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
convex.serveApi("query");
const cache = new AppConstruct(prod, "cache", { isolation: Isolation.ACCOUNT, liveEvents: [">"] });
cache.callApi(convex, "query");
cache.publishEvents("user.>");
new AccountsFile(stack, "accounts", { helmValues: true });
app.synth();
`;

test("the built package writes what its sources write", () => {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  try {
    const { status, stderr } = spawnSync(process.execPath, ["-e", BUILT, outdir], { cwd: ROOT, encoding: "utf8" });
    expect([status, stderr.includes("Error")]).toEqual([0, false]);
    const stacks = join(outdir, "stacks");
    const entries = readdirSync(stacks, { recursive: true, encoding: "utf8", withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const built = Object.fromEntries(paths.map((path) => [relative(stacks, path), readFileSync(path, "utf8")]));
    const ofSources = synthFiles((stack) => {
      const prod = new PlatformConstruct(stack, "prod", { servers: ["nats://nats:4222"], nodes: ["node-1"] });
      const convex = new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
      convex.serveApi("query");
      const cache = new AppConstruct(prod, "cache", { isolation: Isolation.ACCOUNT, liveEvents: [">"] });
      cache.callApi(convex, "query");
      cache.publishEvents("user.>");
      new AccountsFile(stack, "accounts", { helmValues: true });
    });
    expect(Object.keys(built).sort()).toEqual(Object.keys(ofSources).sort());
    for (const [path, text] of Object.entries(ofSources)) {
      if (/accounts|catalog|topology|report/.test(path)) expect(built[path]).toBe(text);
    }
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
