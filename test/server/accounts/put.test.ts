import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "nats";
import { AppConstruct, PlatformConstruct } from "../../../lib";
import { passwordsFor, TestServer } from "../../../scripts/tools/nats-server";
import { commandAtOnce, commandIn } from "../../support/command";
import { SERVERS } from "../../support/prod";
import { type Program, synthFiles } from "../../support/synth";

const shop: Program = (stack) => {
  new AppConstruct(new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] }), "convex");
};

const search: Program = (stack) => {
  const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
    owner: "github.com/acme/search",
    servers: SERVERS,
  });
  new AppConstruct(stack, "search", { platform: prod });
};

const folder = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
let server: TestServer;
const { env } = process;

function write(name: string, program: Program): void {
  for (const [path, text] of Object.entries(synthFiles(program))) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
}

/** One accounts file of some programs, with its secrets beside it. */
function render(...programs: readonly string[]): string {
  const users = ["--system-user", "admin", "--reload-user", "deploy"];
  const stacks = programs.map((name) => `${name}/stack`);
  const { status, out } = commandAtOnce(folder, "accounts", "render", ...stacks, ...users);
  expect(status).toBe(0);
  writeFileSync(join(folder, "accounts.conf"), out);
  const lines = Object.entries({ ...passwordsFor(out), UNUSED: "x" }).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, "secrets.env"), lines.join(""));
  return out;
}

const target = () => join(server.folder, "accounts.conf");

const DEPLOY = "pw-SYS_DEPLOY_PASSWORD";

/** Brings the accounts file into force, as a user. */
function put(user = "sys-deploy", password = DEPLOY) {
  Object.assign(process.env, { NATS_URL: server.url, NATS_USER: user, NATS_PASSWORD: password });
  return commandIn(folder, "accounts", "put", "accounts.conf", "--to", target(), "--secrets", "secrets.env");
}

const connects = async (user: string) => {
  const pass = `pw-${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`;
  try {
    await (await connect({ servers: server.url, user, pass, reconnect: false })).close();
    return true;
  } catch {
    return false;
  }
};

beforeAll(async () => {
  write("shop", shop);
  write("search", search);
  const accounts = render("shop");
  server = await TestServer.start({ accounts, env: passwordsFor(accounts) });
});

afterAll(async () => {
  process.env = env;
  await server?.stop();
  rmSync(folder, { recursive: true });
});

test("an app of another program gets its user while the server runs, and loses it again", async () => {
  expect(await connects("prod-search")).toBe(false);
  render("shop", "search");
  expect(await put()).toMatchObject({ status: 0, out: expect.stringMatching(/^In force: sha256:/) });
  expect(await connects("prod-search")).toBe(true);
  await sleep(100);
  expect((await put()).status).toBe(0);
  expect(await put()).toMatchObject({ status: 0, out: expect.stringMatching(/^In force as it was: sha256:/) });
  render("shop");
  expect((await put()).status).toBe(0);
  expect([await connects("prod-search"), await connects("prod-convex")]).toEqual([false, true]);
});

test("the file has the secrets that it names and no others, for the eyes of its owner", async () => {
  render("shop");
  await put();
  const text = readFileSync(target(), "utf8");
  expect(text).toMatch(/^PROD_CONVEX_PASSWORD: "pw-PROD_CONVEX_PASSWORD"$/m);
  expect(text).not.toContain("UNUSED");
  expect(statSync(target()).mode & 0o777).toBe(0o600);
});

test("what the server refuses is taken back, and no secret is told", async () => {
  render("shop");
  await put();
  const before = readFileSync(target(), "utf8");
  const file = join(folder, "accounts.conf");
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace("imports: [", 'imports: [\n { stream: { account: "GONE", subject: "x" } }'),
  );
  const { status, out } = await put();
  expect([status, out]).toEqual([5, expect.stringContaining("Refused, and what was in force still is: ")]);
  expect(out).not.toContain("pw-");
  expect(readFileSync(target(), "utf8")).toBe(before);
  expect(await connects("prod-convex")).toBe(true);
});

test("limits that the server could not start with are refused before", async () => {
  write("large", (stack) => {
    new PlatformConstruct(stack, "prod", { servers: SERVERS, jetStreamLimits: { maxFileBytes: 10 ** 15 } });
  });
  render("large");
  const { status, out } = await put();
  expect([status, out]).toEqual([
    5,
    expect.stringMatching(/^Refused, .* the limits of accounts set aside 1000000000000000 bytes/),
  ]);
});

test("who is no user of the system account may not, and nothing is written", async () => {
  render("shop", "search");
  const before = readFileSync(target(), "utf8");
  const { status, err } = await put("prod-node-1", "pw-PROD_NODE_1_PASSWORD");
  expect([status, err]).toEqual([2, expect.stringContaining("Connect as one")]);
  expect((await put("nobody", "x")).err).toContain("the server refuses the user");
  expect(readFileSync(target(), "utf8")).toBe(before);
});

test("where no server answers, the file stays as it is, and one that is missing is written", async () => {
  render("shop");
  process.env.NATS_USER = "sys-deploy";
  process.env.NATS_URL = "nats://127.0.0.1:1";
  const to = join(folder, "first.conf");
  const asked = () => commandIn(folder, "accounts", "put", "accounts.conf", "--to", to, "--secrets", "secrets.env");
  expect(await asked()).toMatchObject({ status: 5, out: expect.stringContaining("was not there and is written") });
  const first = readFileSync(to, "utf8");
  render("shop", "search");
  expect(await asked()).toMatchObject({ status: 5, out: expect.stringMatching(/^Not in force: no connection/) });
  expect(readFileSync(to, "utf8").length).toBeGreaterThanOrEqual(first.length);
});

test("a server that takes the connection and says nothing is busy: the file stays, and the command ends", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => {
    silent.listen(0, "127.0.0.1", resolve);
  });
  try {
    render("shop", "search");
    const before = readFileSync(target(), "utf8");
    const program = join(__dirname, "../../../bin/cdktf-nats-platform.js");
    const words = ["accounts", "put", "accounts.conf", "--to", target(), "--secrets", "secrets.env"];
    const { port } = silent.address() as AddressInfo;
    const variables = { ...process.env, NATS_URL: `nats://127.0.0.1:${port}`, NATS_USER: "sys-deploy" };
    const putting = spawn(process.execPath, [program, ...words], { cwd: folder, env: variables });
    let said = "";
    putting.stdout.on("data", (data) => {
      said += data;
    });
    const status = await new Promise((resolve) => putting.once("exit", resolve));
    expect([status, said]).toEqual([5, expect.stringContaining("is left as it is")]);
    expect(readFileSync(target(), "utf8")).toBe(before);
  } finally {
    silent.close();
  }
}, 30_000);

test("the user for this may do nothing else", async () => {
  render("shop");
  await put();
  const deploy = await connect({ servers: server.url, user: "sys-deploy", pass: DEPLOY });
  const refused = (async () => {
    for await (const { data } of deploy.status()) if (/PERMISSIONS/i.test(String(data))) return true;
    return false;
  })();
  deploy.publish("$SYS.REQ.ACCOUNT.PROD.CONNZ");
  await deploy.flush();
  expect(await refused).toBe(true);
  await deploy.close();
});

test("with --watch it follows the file and the secrets, leaves all as it is where they are wrong, and ends when it is told to", async () => {
  const given = join(folder, "accounts.conf");
  render("shop");
  const program = join(__dirname, "../../../bin/cdktf-nats-platform.js");
  const words = ["accounts", "put", "accounts.conf", "--to", target(), "--secrets", "secrets.env", "--watch", "0.2"];
  const variables = { ...process.env, NATS_URL: server.url, NATS_USER: "sys-deploy", NATS_PASSWORD: DEPLOY };
  const watching = spawn(process.execPath, [program, ...words], { cwd: folder, env: variables });
  let said = "";
  watching.stdout.on("data", (data) => {
    said += data;
  });
  const until = async (isRight: () => boolean | Promise<boolean>) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await isRight()) return;
      await sleep(100);
    }
    throw new Error(`not in 10 s: ${said}`);
  };
  try {
    await until(() => said.includes("In force"));
    render("shop", "search");
    await until(() => connects("prod-search"));
    const before = readFileSync(target(), "utf8");
    rmSync(given);
    await until(() => said.includes("Left as it is: no such file: accounts.conf"));
    expect(readFileSync(target(), "utf8")).toBe(before);
    render("shop");
    await until(async () => !(await connects("prod-search")));
  } finally {
    watching.kill("SIGTERM");
  }
  expect(await new Promise((resolve) => watching.once("exit", resolve))).toBe(0);
  const lines = said.trimEnd().split("\n");
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (In force|Left as it is)/);
  expect(said).not.toContain("pw-");
});
