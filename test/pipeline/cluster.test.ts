import { setTimeout as sleep } from "node:timers/promises";
import { connect, type NatsConnection } from "nats";
import { passwordsFor } from "../../scripts/tools/nats-server";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { ResourceChange } from "../../scripts/tools/terraform";
import { READER } from "../support/access-documents";
import { Cluster } from "../support/cluster";
import { OPERATOR, type ShopOptions, shop } from "./programs/shop";
import { DocumentsView, expectAsked, ServerView, seenBy } from "./server-view";
import { Workspace } from "./workspace";

let toolchain: Toolchain;
let cluster: Cluster;
let workspace: Workspace;
let connection: NatsConnection;
let view: ServerView;
let documents: DocumentsView;
let reader: NatsConnection;

const threefold: ShopOptions = { platform: { replicas: 3 } };

beforeAll(async () => {
  toolchain = await openToolchain();
  workspace = new Workspace(toolchain, () => cluster?.urls.join(",") ?? "nats://127.0.0.1:4222");
  workspace.synth(shop(threefold));
  const env = passwordsFor(workspace.accounts);
  const operator = { user: OPERATOR, password: env.SHOP_NODE_1_PASSWORD ?? "" };
  cluster = await Cluster.start({ accounts: workspace.accounts, env, ...operator });
  workspace.locate();
  const login = (user: string, pass: string | undefined) =>
    connect({ servers: cluster.urls, user, pass, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  connection = await login(operator.user, operator.password);
  reader = await login(READER, env.ACCESS_READER_PASSWORD);
  view = new ServerView(connection, { timeout: 1000 });
  documents = new DocumentsView(reader, "shop");
}, 60_000);

afterAll(async () => {
  await connection?.close();
  await reader?.close();
  await cluster?.stop();
  workspace?.remove();
  toolchain?.close();
}, 30_000);

const terraform = async () => {
  const found = workspace.terraform("shop", passwordsFor(workspace.accounts));
  await found.init();
  return found;
};

test("makes every resource with three replicas, each on every server", async () => {
  const apply = await terraform();
  await apply.apply();
  await expectAsked([view, documents], workspace.json("shop"));
  const { streams } = await seenBy([view, documents]);
  const replicas = Object.values(streams).map(({ num_replicas }) => num_replicas);
  expect(new Set(replicas)).toEqual(new Set([3]));
  expect((await apply.plan()).changes).toEqual([]);
  expect(cluster.log).not.toMatch(/violation/i);
}, 60_000);

/** Writes one message or value after the other until it is told to stop; returns those that were acknowledged. */
function writing(stopped: () => boolean): Promise<{ frames: number[]; keys: number[] }> {
  const repeat = async (write: (number: number) => Promise<unknown>) => {
    const acknowledged: number[] = [];
    for (let number = 1; !stopped(); number++) {
      try {
        await write(number);
        acknowledged.push(number);
        await sleep(2);
      } catch {
        await sleep(20);
      }
    }
    return acknowledged;
  };
  const js = connection.jetstream({ timeout: 1000 });
  return Promise.all([
    repeat((number) => js.publish(`shop.orders.wal.${number}`, `frame ${number}`)),
    repeat((number) => js.publish(`$KV.shop_orders.key-${number}`, `value ${number}`)),
  ]).then(([frames, keys]) => ({ frames, keys }));
}

/** The subjects that a stream should have a message of and has none. */
async function missing(stream: string, numbers: readonly number[], subject: (number: number) => string) {
  const manager = await connection.jetstreamManager();
  const { state } = await manager.streams.info(stream, { subjects_filter: ">" });
  return numbers.map(subject).filter((each) => !state.subjects?.[each]);
}

async function leaderOf(stream: string): Promise<string> {
  return (await view.api.stream(stream))?.cluster?.leader ?? "";
}

/** Waits until a condition holds, for 30 seconds at most; an error counts as not yet. */
async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 30_000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`not within 30 s: ${what}`, { cause: last });
}

test("loses nothing that was acknowledged when a server stops and starts again", async () => {
  let done = false;
  const written = writing(() => done);
  try {
    const leader = await leaderOf("shop_orders_wal");
    const server = cluster.servers.get(leader);
    if (!server) throw new Error(`no server ${leader}`);
    await sleep(300);
    await server.halt();
    await until(async () => ![leader, ""].includes(await leaderOf("shop_orders_wal")), "another leader");
    await sleep(300);
    await server.restart();
    await until(async () => {
      const replicas = (await view.api.stream("shop_orders_wal"))?.cluster?.replicas ?? [];
      return replicas.length === 2 && replicas.every(({ current }) => current);
    }, "all replicas current");
  } finally {
    done = true;
  }
  const { frames, keys } = await written;
  expect(frames.length).toBeGreaterThan(20);
  expect(keys.length).toBeGreaterThan(20);
  expect(await missing("shop_orders_wal", frames, (number) => `shop.orders.wal.${number}`)).toEqual([]);
  expect(await missing("KV_shop_orders", keys, (number) => `$KV.shop_orders.key-${number}`)).toEqual([]);
  expect((await (await terraform()).plan()).changes).toEqual([]);
}, 90_000);

test("changes the replicas of a stream, but never those of a bucket that is no stream to Terraform", async () => {
  workspace.synth(shop({ platform: { replicas: 1 } }));
  const shrink = await terraform();
  const changes: ResourceChange[] = [];
  await until(async () => {
    await shrink.apply();
    changes.push(...(await shrink.plan()).changes);
    return true;
  }, "an apply and a plan while the servers move data");
  expect(changes.map(({ address }) => address)).toEqual(["jetstream_kv_bucket.shop_orders_sessions"]);
  const { streams } = await seenBy([view, documents]);
  const replicas = Object.values(streams).map(({ name, num_replicas }) => [name, num_replicas]);
  expect(Object.fromEntries(replicas)).toEqual({
    KV_shop_access: 1,
    KV_shop_orders: 1,
    KV_shop_orders_sessions: 3,
    KV_shop_platform: 1,
    OBJ_shop_orders_snapshots: 1,
    shop_audit: 1,
    shop_events: 1,
    shop_orders_jobs: 1,
    shop_orders_wal: 1,
  });
}, 60_000);
