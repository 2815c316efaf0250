import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { passwordsFor, TestServer } from "../tools/nats-server";
import { openToolchain, type Toolchain } from "../tools/provider/choice";
import { Terraform } from "../tools/terraform";
import { Follower, firstAccounts } from "./follower";
import { loginTo, show } from "./show";
import { resourceRows, table } from "./table";

const OUTDIR = "cdktf.out";
const STACK = join(OUTDIR, "stacks", "quickstart");

/** Tells Terraform where the demo's server is and where its state lies; the generated files stay as they are. */
const OVERRIDE = "demo_override.tf.json";

const step = (number: number, text: string) => console.log(`\n${number}. ${text}\n`);

/** Runs the program of an example. */
function synthesize(example: string, outdir: string): void {
  const { status } = spawnSync(process.execPath, ["--import", "tsx", `examples/${example}/main.ts`], {
    stdio: "inherit",
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  if (status !== 0) throw new Error(`examples/${example}/main.ts failed`);
}

/** The aliases of the providers, by the users that Terraform is as. */
const TERRAFORM_USERS = { prod: "PROD_TERRAFORM_PASSWORD", prod_access: "PROD_ACCESS_TERRAFORM_PASSWORD" };

const passwordVariable = (user: string) => `${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`;

/** Terraform in the folder of a stack, with the demo's server. */
async function terraformIn(stage: Running, folder: string, state: string): Promise<Terraform> {
  const override = {
    terraform: { backend: { local: { path: join(stage.folder, state) } } },
    provider: { jetstream: Object.keys(TERRAFORM_USERS).map((alias) => ({ alias, servers: stage.url })) },
  };
  writeFileSync(join(folder, OVERRIDE), JSON.stringify(override));
  const variables = Object.values(TERRAFORM_USERS).map((name) => [name.toLowerCase(), stage.passwords[name] ?? ""]);
  const terraform = new Terraform(stage.toolchain, folder, Object.fromEntries(variables));
  await terraform.init();
  return terraform;
}

const resultOf = (output: string) => /(Apply|Destroy) complete!.*/.exec(output)?.[0] ?? output;

async function apply(stage: Running): Promise<void> {
  const terraform = await terraformIn(stage, STACK, "quickstart.tfstate");
  console.log(`  ${resultOf(await terraform.apply())}`);
  const { changes } = await terraform.plan();
  if (changes.length > 0)
    throw new Error(`a second plan would change ${changes.map(({ address }) => address).join(", ")}`);
  console.log("  A second plan: no changes.");
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Waits until a user can connect, or until it cannot. */
async function untilLogin(stage: Running, user: string, works: boolean): Promise<void> {
  const login = loginTo(stage.url, (name) => stage.passwords[passwordVariable(name)] ?? "");
  for (let attempt = 0; attempt < 200; attempt++) {
    const isIn = await login(user).then(
      (connection) => connection.close().then(() => true),
      () => false,
    );
    if (isIn === works) return;
    await sleep(50);
  }
  throw new Error(`${user} ${works ? "cannot" : "can still"} connect`);
}

/** Another program adds an app by its apply alone, and takes it away. */
async function showSecondProgram(stage: Running): Promise<void> {
  const outdir = join(stage.folder, "search.out");
  synthesize("another-repository", outdir);
  const terraform = await terraformIn(stage, join(outdir, "stacks", "search"), "search.tfstate");
  await untilLogin(stage, "prod-search", false);
  console.log("  search   cannot connect: the servers do not know it");
  console.log(`  ${resultOf(await terraform.apply())}`);
  let since = Date.now();
  await untilLogin(stage, "prod-search", true);
  console.log(`  search   connects ${seconds(since)} after the apply`);
  console.log(`  ${stage.follower.status()}`);
  console.log(`  ${resultOf(await terraform.destroy())}`);
  since = Date.now();
  await untilLogin(stage, "prod-search", false);
  console.log(`  search   is refused ${seconds(since)} after the destroy`);
  console.log(`  ${stage.follower.status()}`);
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

async function stay({ url, passwords }: Running): Promise<void> {
  console.log(`\nThe server runs at ${url}. For example:\n`);
  const password = passwords.PROD_CONVEX_PASSWORD;
  console.log(`  nats --server ${url} --user prod-convex --password ${password} kv get prod_convex users/123`);
  console.log("\nCtrl-C stops it and removes its data.");
  await interruption;
}

/** What runs while the demo does its steps. */
interface Running {
  readonly folder: string;
  readonly url: string;
  readonly passwords: Readonly<Record<string, string>>;
  readonly toolchain: Toolchain;
  readonly follower: Follower;
}

/** What the demo starts, and how it is ended whatever happens. */
class Stage {
  public readonly folder = mkdtempSync(join(tmpdir(), "nats-demo-"));
  public toolchain: Toolchain | undefined;
  public server: TestServer | undefined;
  public follower: Follower | undefined;

  public async clear(): Promise<void> {
    await this.follower?.stop();
    await this.server?.stop();
    this.toolchain?.close();
    const left = [OVERRIDE, ".terraform", ".terraform.lock.hcl", "test.tfplan"];
    for (const path of [this.folder, ...left.map((name) => join(STACK, name))])
      rmSync(path, { recursive: true, force: true });
  }
}

/** Starts the server with the first accounts file, and what follows the access documents from then on. */
async function start(stage: Stage): Promise<Omit<Running, "toolchain">> {
  const accounts = firstAccounts(OUTDIR);
  const passwords = { ...passwordsFor(accounts), PROD_SEARCH_PASSWORD: "pw-PROD_SEARCH_PASSWORD" };
  const server = await TestServer.start({ accounts, env: passwords });
  stage.server = server;
  const { folder } = stage;
  const secrets = join(folder, "secrets.env");
  const lines = Object.entries(passwords).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(secrets, lines.join(""), { mode: 0o600 });
  const follower = new Follower({
    url: server.url,
    accounts: join(server.folder, "accounts.conf"),
    secrets,
    passwords,
    outdir: OUTDIR,
  });
  stage.follower = follower;
  await follower.until(/In force/);
  return { folder, url: server.url, passwords, follower };
}

async function perform(stage: Stage, keep: boolean): Promise<void> {
  const started = Date.now();
  step(1, "Synthesize examples/quickstart/main.ts");
  synthesize("quickstart", OUTDIR);
  const rows = resourceRows(JSON.parse(readFileSync(join(STACK, "cdk.tf.json"), "utf8")));
  console.log(table(["What", "Name", "Subjects"], rows));

  step(2, "Start a nats-server with the generated accounts file, and `accounts sync` beside it");
  const begun = await start(stage);
  console.log(`  ${Object.keys(begun.passwords).length - 1} users, at ${begun.url}`);

  step(3, "Apply, as the generated users prod-terraform and prod-access-terraform");
  process.stdout.write("  ");
  stage.toolchain = await openToolchain();
  const running = { ...begun, toolchain: stage.toolchain };
  await apply(running);
  console.log(`  ${running.follower.status()}`);

  step(4, "Let the apps do their job");
  const acts = await show(loginTo(running.url, (user) => running.passwords[passwordVariable(user)] ?? ""));
  for (const { who, did } of acts) console.log(`  ${who.padEnd(8)} ${did}`);

  step(5, "Let a second program, examples/another-repository/main.ts, add an app by its apply alone, and take it away");
  await showSecondProgram(running);

  console.log(`\nDone in ${seconds(started)}. What was made:`);
  console.log(`  ${STACK}/cdk.tf.json    for Terraform`);
  console.log(`  ${STACK}/accounts.conf  for the server's first start`);
  if (keep) await stay(running);
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
