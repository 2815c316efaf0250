import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { AppConstruct } from "../../../lib";
import { commandAtOnce } from "../../support/command";
import { prodOf } from "../../support/prod";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "stale-"));
  synth("convex");
});
afterEach(() => rmSync(cwd, { recursive: true }));

const catalog = () => join(cwd, "cdktf.out", "stacks", "nats", "catalog.json");

function synth(name: string): void {
  const app = new App({ outdir: join(cwd, "cdktf.out") });
  new AppConstruct(prodOf(new TerraformStack(app, "nats")), name);
  app.synth();
}

function ask(...argv: string[]): { status: number; said: string } {
  const { status, out, err } = commandAtOnce(cwd, ...argv);
  return { status, said: out + err };
}

test("the catalog of the last synth answers", () => {
  expect(ask("show", "prod-convex").status).toBe(0);
});

test("a catalog of an earlier synth does not", () => {
  const old = readFileSync(catalog());
  synth("cache");
  writeFileSync(catalog(), old);
  const { status, said } = ask("show", "prod-convex");
  expect(status).toBe(2);
  expect(said).toContain("catalog.json is changed since the synth");
  expect(said).toContain("Run the program again");
});

test("nor one beside a synth that wrote none", () => {
  const old = readFileSync(catalog());
  rmSync(catalog());
  const app = new App({ outdir: join(cwd, "cdktf.out") });
  prodOf(new TerraformStack(app, "other"));
  app.synth();
  writeFileSync(catalog(), old);
  expect(ask("show", "prod-convex", "--catalog", catalog()).said).toContain("is of an earlier synth");
});

test("nor that of a stack that the program no longer has, though nobody has changed it", () => {
  const manifest = join(cwd, "cdktf.out", "manifest.json");
  const { stacks, ...rest } = JSON.parse(readFileSync(manifest, "utf8"));
  writeFileSync(
    manifest,
    JSON.stringify({ ...rest, stacks: { other: { ...stacks.nats, workingDirectory: "stacks/n" } } }),
  );
  expect(ask("show", "prod-convex", "--catalog", catalog()).said).toContain("is of an earlier synth");
});

test("a copy elsewhere does", () => {
  const copy = join(cwd, "main.catalog.json");
  writeFileSync(copy, readFileSync(catalog()));
  synth("cache");
  expect(ask("show", "prod-convex", "--catalog", copy).status).toBe(0);
  expect(ask("diff", copy, "cdktf.out").said).toContain("prod-cache");
});

test("a link to the folder of a stack is no way around", () => {
  symlinkSync(join(cwd, "cdktf.out", "stacks", "nats"), join(cwd, "link"));
  expect(ask("show", "prod-convex", "--catalog", "link").status).toBe(0);
  writeFileSync(catalog(), readFileSync(catalog(), "utf8").replace("prod-convex", "prod-conve"));
  expect(ask("show", "prod-convex", "--catalog", "link").said).toContain("is changed since the synth");
});

test("a catalog that stays because it was changed is of an earlier synth once there is none", () => {
  writeFileSync(catalog(), readFileSync(catalog(), "utf8").replace("prod-convex", "prod-conve"));
  const app = new App({ outdir: join(cwd, "cdktf.out") });
  prodOf(new TerraformStack(app, "nats"), { accountsFile: false });
  app.synth();
  expect(existsSync(catalog())).toBe(true);
  expect(ask("show", "prod-convex").said).toContain("is of an earlier synth");
});

test("nor one beside a synth of a program that has nothing to do with NATS any more", () => {
  const app = new App({ outdir: join(cwd, "cdktf.out") });
  new TerraformStack(app, "nats");
  app.synth();
  expect(ask("show", "prod-convex").said).toContain("is of an earlier synth");
});
