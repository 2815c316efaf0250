import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { summaryText } from "../../../lib/files/synth-summary";

const ROOT = join(__dirname, "..", "..", "..");

const PROGRAM = `
const { App, TerraformStack } = require("cdktf");
const { AppConstruct, PlatformConstruct } = require("cdktf-nats-platform");
const app = new App({ outdir: process.argv[1] });
const prod = new PlatformConstruct(new TerraformStack(app, "nats"), "prod", { servers: ["nats://host:4222"] });
new AppConstruct(prod, "convex");
app.synth();
`;

/** What a program says when it is run by itself, with these variables more. */
function told(variables: { readonly [name: string]: string }): { readonly out: string; readonly err: string } {
  const { JEST_WORKER_ID: _, NODE_TEST_CONTEXT: __, CDKTF_OUTDIR: ___, NODE_ENV: ____, ...env } = process.env;
  const outdir = mkdtempSync(join(tmpdir(), "told-"));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", PROGRAM, outdir], {
      cwd: ROOT,
      env: { ...env, ...variables },
      encoding: "utf8",
    });
    expect(status).toBe(0);
    return { out: stdout, err: stderr.replace(outdir, "OUT").replace(/[^ ]*OUT/, "OUT") };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

test("a program that is run by itself says once what it wrote and found", () => {
  const { out, err } = told({});
  expect(out).toBe("");
  expect(err).toMatch(
    /^NATS platform: wrote accounts\.conf, catalog\.json, report\.html, topology\.mmd and 4 files in accounts to [^\n]*stacks\/nats\n {2}\d+ warnings \((NP\d{3}, )*NP\d{3}\); report\.html has them\n$/,
  );
});

test.each([
  ["CDKTF_OUTDIR", "out"],
  ["JEST_WORKER_ID", "1"],
  ["VITEST", "1"],
  ["NODE_ENV", "test"],
])("it says nothing with %s=%s, whose owner tells", (variable, value) => {
  expect(told({ [variable]: value })).toEqual({ out: "", err: "" });
});

test("nothing is said of findings where there are none to look at", () => {
  const finding = { id: "NP002", level: "warning", message: "", source: "", acknowledged: "known" } as const;
  expect(summaryText("cdktf.out", ["stacks/a/accounts.conf"], [finding])).toBe(
    "NATS platform: wrote accounts.conf to cdktf.out/stacks/a\n",
  );
});

test("nothing that a terminal obeys is in it", () => {
  expect(summaryText("/out/\u001b]0;t\u0007", ["stacks/a/accounts.conf"], [], "/out")).toBe(
    "NATS platform: wrote accounts.conf to \\u001b]0;t\\u0007/stacks/a\n",
  );
});

test("a folder elsewhere is named in full", () => {
  expect(summaryText("/tmp/out", ["stacks/a/accounts.conf"], [], "/home/me")).toContain("to /tmp/out/stacks/a\n");
});
