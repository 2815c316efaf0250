import { connect, type NatsConnection } from "nats";
import { AppConstruct, Stream } from "../../lib";
import { passwordsFor, TestServer } from "../../scripts/tools/nats-server";
import { prodOf } from "../support/prod";
import { synthFiles } from "../support/synth";

let server: TestServer;
let node: NatsConnection;
let cache: NatsConnection;

beforeAll(async () => {
  const files = synthFiles((stack) => {
    const prod = prodOf(stack, { nodes: ["node-1"] });
    const app = new AppConstruct(prod, "cache");
    app.callApi(AppConstruct.fromAppName(prod, "Convex", "convex"), "query");
    app.addConsumer("worker", { stream: Stream.fromStreamName(prod, "Orders", "prod_orders") });
  });
  const accounts = files["stack/accounts.conf"] ?? "";
  const env = passwordsFor(accounts);
  server = await TestServer.start({ accounts, env });
  const as = (user: string, variable: string) => connect({ servers: server.url, user, pass: env[variable] });
  node = await as("prod-node-1", "PROD_NODE_1_PASSWORD");
  cache = await as("prod-cache", "PROD_CACHE_PASSWORD");
});

afterAll(async () => {
  await Promise.all([node, cache].map((each) => each?.close()));
  await server?.stop();
});

test("an app calls an app of another program, and nothing else of it", async () => {
  for (const name of ["query", "admin"]) {
    node.subscribe(`prod._.api.convex.${name}`, { callback: (_, message) => message.respond(name) });
  }
  await node.flush();
  const answer = await cache.request("prod._.api.convex.query", "", { timeout: 5000 });
  expect(answer.string()).toBe("query");
  await expect(cache.request("prod._.api.convex.admin", "", { timeout: 5000 })).rejects.toThrow(/permission/i);
});

test("an app fetches from its consumer on a stream of another program, and from no other", async () => {
  const manager = await node.jetstreamManager();
  await manager.streams.add({ name: "prod_orders", subjects: ["prod._.orders.>"] });
  for (const durable_name of ["cache_worker", "search_worker"]) {
    await manager.consumers.add("prod_orders", { durable_name, ack_policy: "explicit" as never });
  }
  await node.jetstream().publish("prod._.orders.new", "one");
  const jetstream = cache.jetstream({ timeout: 3000 });
  const own = await jetstream.consumers.get("prod_orders", "cache_worker");
  const message = await own.next({ expires: 3000 });
  expect(message?.string()).toBe("one");
  await expect(message?.ackAck()).resolves.toBe(true);
  await expect(jetstream.consumers.get("prod_orders", "search_worker")).rejects.toThrow();
});
