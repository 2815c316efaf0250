import { AppConstruct, PlatformConstruct } from "../../lib";
import { passwordsFor, TestServer } from "../../scripts/tools/nats-server";
import type { Client } from "../support/clients/client";
import { connectClient } from "../support/clients/connect";
import { renderStack } from "./render";
import { DIRECT, passwordOf } from "./world";

/** The accounts file of a program in which `cache` does what is given. */
const accountsOf = (declare: (cache: AppConstruct, convex: AppConstruct) => void) =>
  renderStack((stack) => {
    const servers = ["nats://nats:4222"];
    const prod = new PlatformConstruct(stack, "prod", { nodes: ["node-1"], servers });
    const convex = new AppConstruct(prod, "convex");
    convex.serveApi("query");
    declare(new AppConstruct(prod, "cache"), convex);
  }).accounts;

const plain = accountsOf(() => undefined);
const granted = accountsOf((cache, convex) => {
  cache.publishEvents("user.>");
  cache.serveApi("get");
  cache.callApi(convex, "query");
});

const EVENT = "prod._.events.user.created";
const CALLS = "prod._.api.cache.get";

let server: TestServer;
const clients = new Map<string, Client>();

beforeAll(async () => {
  server = await TestServer.start({ accounts: plain, env: passwordsFor(plain) });
  for (const user of ["prod-cache", "prod-convex", "prod-node-1"]) {
    clients.set(user, await connectClient(DIRECT, { url: server.url, user, password: passwordOf(user) }));
  }
});
afterAll(async () => {
  for (const client of clients.values()) await client.close();
  await server?.stop();
});

function client(user: string): Client {
  const found = clients.get(user);
  if (!found) throw new Error(`no client of ${user}`);
  return found;
}

/** Whether what `cache` publishes as an event arrives at `convex`. */
async function eventArrives(): Promise<boolean> {
  const events = await client("prod-convex").subscribe(EVENT);
  client("prod-cache").publish(EVENT);
  await client("prod-cache").flush();
  await client("prod-convex").flush();
  return events.messages.length > 0;
}

test("a permission that is granted and revoked takes effect on live connections, and disconnects no client", async () => {
  expect(await eventArrives()).toBe(false);

  await server.reload(granted);
  expect(await eventArrives()).toBe(true);
  const calls = await client("prod-cache").subscribe(CALLS);
  client("prod-node-1").publish(CALLS, "first");
  expect((await calls.first()).string()).toBe("first");

  await server.reload(plain);
  expect(await eventArrives()).toBe(false);
  client("prod-node-1").publish(CALLS, "second");
  await client("prod-node-1").flush();
  await client("prod-cache").flush();
  expect(calls.messages).toHaveLength(1);

  expect([...clients.values()].filter(({ isClosed }) => isClosed)).toEqual([]);
  expect(server.log).not.toMatch(/authorization violation|Authentication Failure/i);
  const refused = new Set(client("prod-cache").refusals.map(({ operation, subject }) => `${operation} ${subject}`));
  expect(refused).toEqual(new Set([`publish ${EVENT}`, `subscription ${CALLS}`]));
});

test("a file that is not valid changes nothing", async () => {
  await expect(server.reload(plain.replace("permissions: $PROD_NODE", "permissions: $UNKNOWN"))).rejects.toThrow(
    "Failed to reload",
  );
  expect(await eventArrives()).toBe(false);
  expect(client("prod-convex").isClosed).toBe(false);
});
