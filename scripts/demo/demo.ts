import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passwordsFor, TestServer } from "../tools/nats-server";
import { openToolchain, type Toolchain } from "../tools/provider/choice";
import { Terraform } from "../tools/terraform";
import { loginTo, show } from "./show";
import { resourceRows, table } from "./table";

const STACK = join("cdktf.out", "stacks", "quickstart");

/** Tells Terraform where the demo's server is and where its state lies; the generated files stay as they are. */
const OVERRIDE = join(STACK, "demo_override.tf.json");

const step = (number: number, text: string) => console.log(`\n${number}. ${text}\n`);

function synthesize(): void {
  const { status } = spawnSync(process.execPath, ["--import", "tsx", "examples/quickstart/main.ts"], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("examples/quickstart/main.ts failed");
}

/** The aliases of the providers, by the users that Terraform is as. */
const TERRAFORM_USERS = { prod: "PROD_TERRAFORM_PASSWORD", prod_access: "PROD_ACCESS_TERRAFORM_PASSWORD" };

async function apply(
  toolchain: Toolchain,
  url: string,
  state: string,
  passwords: Readonly<Record<string, string>>,
): Promise<void> {
  const override = {
    terraform: { backend: { local: { path: state } } },
    provider: { jetstream: Object.keys(TERRAFORM_USERS).map((alias) => ({ alias, servers: url })) },
  };
  writeFileSync(OVERRIDE, JSON.stringify(override));
  const variables = Object.values(TERRAFORM_USERS).map((name) => [name.toLowerCase(), passwords[name] ?? ""]);
  const terraform = new Terraform(toolchain, STACK, Object.fromEntries(variables));
  await terraform.init();
  const output = await terraform.apply();
  console.log(`  ${/Apply complete!.*/.exec(output)?.[0] ?? output}`);
  const { changes } = await terraform.plan();
  if (changes.length > 0)
    throw new Error(`a second plan would change ${changes.map(({ address }) => address).join(", ")}`);
  console.log("  A second plan: no changes.");
}

let interrupted = false;

/** Resolves when somebody presses Ctrl-C or stops the demo otherwise; the step at work is ended first. */
const interruption = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      interrupted = true;
      resolve();
    });
  }
});

async function stay(server: TestServer, passwords: Readonly<Record<string, string>>): Promise<void> {
  console.log(`\nThe server runs at ${server.url}. For example:\n`);
  const password = passwords.PROD_CONVEX_PASSWORD;
  console.log(`  nats --server ${server.url} --user prod-convex --password ${password} kv get prod_convex users/123`);
  console.log("\nCtrl-C stops it and removes its data.");
  await interruption;
}

/** What the demo starts, and how it is ended whatever happens. */
class Stage {
  public readonly folder = mkdtempSync(join(tmpdir(), "nats-demo-"));
  public toolchain: Toolchain | undefined;
  public server: TestServer | undefined;

  public async clear(): Promise<void> {
    await this.server?.stop();
    this.toolchain?.close();
    const left = ["demo_override.tf.json", ".terraform", ".terraform.lock.hcl", "test.tfplan"];
    for (const path of [this.folder, ...left.map((name) => join(STACK, name))])
      rmSync(path, { recursive: true, force: true });
  }
}

async function perform(stage: Stage, keep: boolean): Promise<void> {
  const started = Date.now();
  step(1, "Synthesize examples/quickstart/main.ts");
  synthesize();
  const rows = resourceRows(JSON.parse(readFileSync(join(STACK, "cdk.tf.json"), "utf8")));
  console.log(table(["What", "Name", "Subjects"], rows));

  step(2, "Start a nats-server with the generated accounts file");
  const accounts = readFileSync(join(STACK, "accounts.conf"), "utf8");
  const passwords = passwordsFor(accounts);
  const server = await TestServer.start({ accounts, env: passwords });
  stage.server = server;
  console.log(`  ${Object.keys(passwords).length} users, at ${server.url}`);

  step(3, "Apply, as the generated users prod-terraform and prod-access-terraform");
  process.stdout.write("  ");
  stage.toolchain = await openToolchain();
  await apply(stage.toolchain, server.url, join(stage.folder, "terraform.tfstate"), passwords);

  step(4, "Let the apps do their job");
  const variable = (user: string) => `${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`;
  const acts = await show(loginTo(server.url, (user) => passwords[variable(user)] ?? ""));
  for (const { who, did } of acts) console.log(`  ${who.padEnd(8)} ${did}`);

  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`\nDone in ${seconds} s. What was made:`);
  console.log(`  ${STACK}/cdk.tf.json    for Terraform`);
  console.log(`  ${STACK}/accounts.conf  for the server`);
  if (keep) await stay(server, passwords);
}

const stage = new Stage();

perform(stage, process.argv.includes("--keep"))
  .catch((error: Error) => {
    console.error(`\n${interrupted ? "Interrupted." : error.message}`);
    process.exitCode = 1;
  })
  .finally(() => stage.clear())
  .then(() => {
    console.log("\nThe server is stopped, its data and Terraform's state are gone.");
    process.exit();
  });
