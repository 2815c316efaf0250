import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppConstruct, PlatformConstruct } from "../../../lib";
import { TestServer } from "../../../scripts/tools/nats-server";
import type { AccessBucket } from "../../support/access-bucket";
import { freePorts } from "../../support/cluster";
import { FollowedPlatform, letsIn } from "../../support/followed-platform";
import { SERVERS } from "../../support/prod";
import type { Program } from "../../support/synth";

const shop: Program = (stack) => {
  new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"], owner: "shop" });
};

const app =
  (name: string): Program =>
  (stack) => {
    const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", { servers: SERVERS, owner: name });
    new AppConstruct(stack, name, { platform: prod });
  };

let followed: FollowedPlatform;
let server: TestServer;
let bucket: AccessBucket;
let watching: ChildProcess;
let said = "";
let metricsUrl = "";

const until = async (what: string, isRight: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 200; tries++) {
    if (await isRight()) return;
    await sleep(50);
  }
  throw new Error(`${what}: not in 10 s: ${said}`);
};

/** The value of a metric. */
const metric = async (name: string) => {
  const text = await (await fetch(metricsUrl)).text();
  return Number(
    text
      .split("\n")
      .find((line) => line.startsWith(`nats_accounts_${name} `))
      ?.split(" ")[1],
  );
};

beforeAll(async () => {
  followed = new FollowedPlatform("prod");
  const documents = followed.synth("shop", shop);
  followed.secrets([...documents, ...["a", "b"].flatMap((name) => followed.synth(name, app(name)))]);
  process.env.NATS_URL = "nats://127.0.0.1:1";
  const first = join(followed.folder, "first.conf");
  await followed.sync(first, "--start", "shop/stack");
  server = await TestServer.start({ accounts: readFileSync(first, "utf8") });
  process.env.NATS_URL = server.url;
  bucket = await followed.open(server.url);
  await bucket.write(...documents);
  const [port] = await freePorts(1);
  metricsUrl = `http://127.0.0.1:${port}/metrics`;
  const program = join(__dirname, "../../../bin/cdktf-nats-platform.js");
  const options = ["--watch", "0.1", "--metrics", `127.0.0.1:${port}`];
  const words = followed.words(join(server.folder, "accounts.conf"), ...options);
  watching = spawn(process.execPath, [program, ...words], { cwd: followed.folder, env: process.env });
  for (const stream of [watching.stdout, watching.stderr]) {
    stream?.on("data", (data) => {
      said += data;
    });
  }
  await until("in force", () => said.includes("In force"));
}, 30_000);

afterAll(async () => {
  watching?.kill("SIGKILL");
  await server?.stop();
  await followed?.stop();
});

test("with --watch it follows applies, says so in metrics, catches up with a server that was down, and ends when it is told to", async () => {
  expect([await metric("in_force"), await metric("users")]).toEqual([1, 5]);
  const one = followed.synth("a", app("a"));
  await bucket.write(...one.slice(0, -1));
  await until("waits", () => /stack a\/stack of prod waits/.test(said));
  expect(await metric("in_force")).toBe(0);
  expect(await letsIn(server.url, "prod-a")).toBe(false);
  const reloads = await metric("reloads_total");
  await bucket.write(...one.slice(-1));
  await until("let in", () => letsIn(server.url, "prod-a"));
  await until("counted", async () => (await metric("in_force")) === 1);
  expect(await metric("reloads_total")).toBe(reloads + 1);

  await bucket.close();
  await server.halt();
  await until("down", () => said.includes("Not in force: no connection"));
  await server.restart();
  bucket = await followed.open(server.url);
  await bucket.write(...followed.synth("b", app("b")));
  await until("caught up", () => letsIn(server.url, "prod-b"));

  expect((await fetch(metricsUrl.replace("metrics", "healthz"))).status).toBe(200);
  const ended = new Promise((resolve) => watching.once("exit", resolve));
  watching.kill("SIGTERM");
  expect(await ended).toBe(0);
  for (const line of said.trimEnd().split("\n")) expect(line).toMatch(/^(\d{4}-\d\d-\d\dT[\d:.]+Z | {2})/);
  expect(said).not.toContain("pw-");
}, 60_000);
