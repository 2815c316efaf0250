import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { AccountsFile, AppConstruct, Isolation } from "../../../lib";
import { prodOf } from "../../support/prod";
import type { Program } from "../../support/synth";

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "synth-"));
});
afterEach(() => rmSync(outdir, { recursive: true }));

function synth(program: Program): void {
  const app = new App({ outdir });
  program(new TerraformStack(app, "stack"), app);
  app.synth();
}

/** The files that a synth wrote beside those of cdktf. */
const written = (stack = "stack") => {
  const folder = join(outdir, "stacks", stack);
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return entries.filter((path) => !["cdk.tf.json", "accounts"].includes(path)).sort();
};

const REPORTS = ["catalog.json", "report.html", "topology.mmd"];
const BOTH = ["accounts.conf", ...["ACCESS", "MONITOR", "PROD", "PROD_ACCESS"].map((name) => `accounts/${name}.conf`)];

test.each<[string, Program, string[]]>([
  [
    "reports are switched off",
    (stack) => {
      prodOf(stack);
      new AccountsFile(stack, "accounts", { reports: false });
    },
    BOTH,
  ],
  ["Helm values are switched off", (stack) => prodOf(stack), [...BOTH, ...REPORTS]],
  ["the platform is out of the file", (stack) => prodOf(stack, { accountsFile: false }), []],
])("nothing stale is left where %s", (_, program, left) => {
  synth((stack) => {
    new AppConstruct(prodOf(stack), "alone", { isolation: Isolation.ACCOUNT });
    new AccountsFile(stack, "accounts", { helmValues: true });
  });
  expect(written()).toEqual([...BOTH, ...REPORTS, "accounts.helm.yaml", "accounts/PROD_ALONE.conf"].sort());
  synth(program);
  expect(written()).toEqual([...left].sort());
});

test("nothing stale is left where the accounts file moves to another stack", () => {
  const program =
    (to: string): Program =>
    (stack, app) => {
      prodOf(stack);
      const other = new TerraformStack(app, "other");
      new AccountsFile(to === "other" ? other : stack, "accounts");
    };
  synth(program("stack"));
  synth(program("other"));
  expect(written("stack")).toEqual([]);
  expect(written("other")).toEqual([...BOTH, ...REPORTS].sort());
});

test("a program that is refused leaves the files of the last synth", () => {
  synth((stack) => prodOf(stack));
  const before = readFileSync(join(outdir, "stacks", "stack", "accounts.conf"), "utf8");
  expect(() => synth((stack) => new AppConstruct(prodOf(stack), "BAD"))).toThrow(/1 problem found/);
  expect(written()).toEqual([...BOTH, ...REPORTS].sort());
  expect(readFileSync(join(outdir, "stacks", "stack", "accounts.conf"), "utf8")).toBe(before);
});

test("a file of somebody else in the folder of accounts stays", () => {
  synth((stack) => prodOf(stack));
  writeFileSync(join(outdir, "stacks", "stack", "accounts", "own.conf"), "");
  synth((stack) => prodOf(stack, { accountsFile: false }));
  expect(written()).toEqual(["accounts/own.conf"]);
});

test("a folder where a file belongs stops the synth, and the other files are as before", () => {
  synth((stack) => prodOf(stack));
  const report = join(outdir, "stacks", "stack", "report.html");
  rmSync(report);
  mkdirSync(report);
  const before = readFileSync(join(outdir, "stacks", "stack", "accounts.conf"), "utf8");
  expect(() => synth((stack) => new AppConstruct(prodOf(stack), "more"))).toThrow(/report\.html is a folder/);
  expect(readFileSync(join(outdir, "stacks", "stack", "accounts.conf"), "utf8")).toBe(before);
});
