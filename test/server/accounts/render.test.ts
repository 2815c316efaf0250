import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, type NatsConnection } from "nats";
import { AppConstruct, Isolation, PlatformConstruct } from "../../../lib";
import { checkAccounts, passwordsFor, TestServer } from "../../../scripts/tools/nats-server";
import { commandAtOnce } from "../../support/command";
import { SERVERS } from "../../support/prod";
import { type Program, synthFiles } from "../../support/synth";

const shop: Program = (stack) => {
  const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
  const convex = new AppConstruct(prod, "convex");
  convex.serveApi("query");
  const cache = new AppConstruct(prod, "cache", { isolation: Isolation.ACCOUNT, liveEvents: [">"] });
  cache.callApi(convex, "query");
};

const search: Program = (stack) => {
  const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
    owner: "github.com/acme/search",
    servers: SERVERS,
  });
  const app = new AppConstruct(stack, "search", { platform: prod, privateInbox: true });
  app.callApi(AppConstruct.fromAppName(stack, "c", "convex", prod), "query");
  app.publishEvents("found.>");
};

const other: Program = (stack) => {
  new PlatformConstruct(stack, "dev", { servers: SERVERS, nodes: ["node-1"] });
};

const folder = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
const programs = { shop, search, other };
let server: TestServer;
let env: { readonly [variable: string]: string };
const connections: NatsConnection[] = [];

async function as(user: string): Promise<NatsConnection> {
  const pass = env[`${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`];
  const inboxPrefix = user === "prod-search" ? "_INBOX_prod_search" : "_INBOX";
  const connection = await connect({ servers: server.url, user, pass, inboxPrefix });
  connections.push(connection);
  return connection;
}

beforeAll(async () => {
  for (const [name, program] of Object.entries(programs)) {
    for (const [path, text] of Object.entries(synthFiles(program))) {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true });
      writeFileSync(join(folder, name, path), text);
    }
  }
  const stacks = Object.keys(programs).map((name) => `${name}/stack`);
  const { status, out } = commandAtOnce(folder, "accounts", "render", ...stacks);
  expect(status).toBe(0);
  env = passwordsFor(out);
  expect(checkAccounts(out, env as Record<string, string>)).toMatchObject({ ok: true });
  server = await TestServer.start({ accounts: out, env: env as Record<string, string> });
});

afterAll(async () => {
  await Promise.all(connections.map((each) => each.close()));
  await server?.stop();
  rmSync(folder, { recursive: true });
});

test("an app of another program is a user, calls what an app of the first one serves, and nothing else", async () => {
  const [convex, app] = [await as("prod-convex"), await as("prod-search")];
  convex.subscribe("prod._.api.convex.query", { callback: (_, message) => void message.respond("answer") });
  await convex.flush();
  expect((await app.request("prod._.api.convex.query", "", { timeout: 5000 })).string()).toBe("answer");
  await expect(app.request("prod._.api.convex.other", "", { timeout: 5000 })).rejects.toThrow(/permission/i);
});

test("its events reach the other apps, those with an account of their own too", async () => {
  const node = await as("prod-node-1");
  const manager = await node.jetstreamManager();
  await manager.streams.add({
    name: "prod_events",
    subjects: ["prod._.events.>"],
    republish: { src: "prod._.events.>", dest: "prod._.live.events.>" },
  });
  const [convex, cache, app] = [await as("prod-convex"), await as("prod-cache-messaging"), await as("prod-search")];
  const received = [convex, cache].map(
    (connection) =>
      new Promise((resolve) => {
        connection.subscribe("prod._.events.>", { max: 1, callback: (_, { subject }) => resolve(subject) });
      }),
  );
  await Promise.all([convex.flush(), cache.flush()]);
  app.publish("prod._.events.found.1");
  expect(await Promise.all(received)).toEqual(["prod._.events.found.1", "prod._.events.found.1"]);
});

test("MONITOR gets what all platforms give it", async () => {
  const monitor = await as("monitor");
  const found: string[] = [];
  const done = new Promise<void>((resolve) => {
    for (const subjects of ["prod.*.health.>", "dev.*.health.>"]) {
      monitor.subscribe(subjects, { callback: (_, { subject }) => void (found.push(subject) === 2 && resolve()) });
    }
  });
  await monitor.flush();
  (await as("prod-search")).publish("prod.search.health.up");
  (await as("dev-node-1")).publish("dev.x.health.up");
  await done;
  expect(found.sort()).toEqual(["dev.x.health.up", "prod.search.health.up"]);
});
