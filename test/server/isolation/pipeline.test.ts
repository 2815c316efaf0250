import { AppConstruct, type AppConstructProps, Isolation, type PlatformConstructProps } from "cdktf-nats-platform";
import { connect, type NatsConnection, headers as newHeaders } from "nats";
import type { Resources } from "../../../scripts/tools/provider/apply";
import { openToolchain, type Toolchain } from "../../../scripts/tools/provider/choice";
import { Pipeline } from "../../pipeline/pipeline";
import { OPERATOR, shop } from "../../pipeline/programs/shop";
import { expectAsked, ServerView } from "../../pipeline/server-view";
import type { Declare } from "../../pipeline/workspace";
import { type AccountContents, accountContents } from "../../support/account-contents";
import { KEEPER_PASSWORD, keeperOf, withKeepers } from "../../support/accounts-text";
import { backupStream, restoreStream } from "../../support/stream-copy";

let toolchain: Toolchain;
const connections: NatsConnection[] = [];

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
});

afterAll(() => toolchain?.close());

/** The platform `shop`: `orders` as the test says, `stock` with an account of its own, `desk` without. */
const program = (orders: Partial<AppConstructProps>, platform: Partial<PlatformConstructProps> = {}): Declare =>
  shop({
    platform,
    orders: { keyValueStore: { history: 5 }, ...orders },
    more: (ordersApp, owner) => {
      const stock = new AppConstruct(owner, "stock", { wal: {}, isolation: Isolation.ACCOUNT });
      const desk = new AppConstruct(owner, "desk");
      for (const app of [ordersApp, stock, desk]) app.publishEvents(`${app.appName}.>`);
      stock.consumeEvents({ subjects: ["orders.>"] });
      ordersApp.serveApi("get");
      stock.callApi(ordersApp, "get");
      desk.callApi(ordersApp, "get");
      ordersApp.addLitestream({ databasePath: "/data/orders.db" });
    },
  });

const ISOLATED = { isolation: Isolation.ACCOUNT };

/** The accounts, and the provider of each. */
const PROVIDERS = { SHOP: "jetstream.shop", SHOP_ORDERS: "jetstream.shop_orders", SHOP_STOCK: "jetstream.shop_stock" };

/** A connection of a user of the test's own that may do everything in an account. */
async function keeper(pipeline: Pipeline, account: string): Promise<NatsConnection> {
  const options = { user: keeperOf(account), pass: KEEPER_PASSWORD, reconnect: false };
  const connection = await connect({ servers: pipeline.nats.url, ...options });
  connections.push(connection);
  return connection;
}

const contentsOf = async (pipeline: Pipeline, account: string) => accountContents(await keeper(pipeline, account));

/** The part of a stack that is in one account. */
function partOf({ resource = {} }: Resources, provider: string): Resources {
  const own = Object.entries(resource).map(([type, blocks]) => [
    type,
    Object.fromEntries(Object.entries(blocks).filter(([, block]) => block.provider === provider)),
  ]);
  return { resource: Object.fromEntries(own) };
}

async function expectAllAsked(pipeline: Pipeline): Promise<void> {
  for (const [account, provider] of Object.entries(PROVIDERS)) {
    const view = new ServerView(await keeper(pipeline, account));
    await expectAsked(view, partOf(pipeline.workspace.json("shop"), provider));
  }
}

/** Lets the server read the accounts of the program, with a user of the test's own in each. */
const reload = (pipeline: Pipeline) => pipeline.nats.reload(withKeepers(pipeline.workspace.accounts));

test("a platform with isolated and other apps is validated, planned, applied, mended and destroyed", async () => {
  const pipeline = await Pipeline.start(toolchain, program(ISOLATED, { preventDestroy: false }));
  try {
    await reload(pipeline);
    const terraform = await pipeline.terraform("shop");
    await terraform.validate();
    await terraform.apply();
    expect((await terraform.plan()).changes).toEqual([]);
    await expectAllAsked(pipeline);

    const [orders, platform] = [await keeper(pipeline, "SHOP_ORDERS"), await keeper(pipeline, "SHOP")];
    for (const [connection, stream] of [
      [orders, "shop_orders_wal"],
      [platform, "shop_events"],
    ] as const) {
      const { api } = new ServerView(connection);
      await api.updateStream({ ...(await api.stream(stream))?.config, max_msgs: 7, republish: undefined });
    }
    await new ServerView(platform).api.deleteConsumer("shop_events", "stock");
    const { changes } = await terraform.plan();
    expect(changes.map(({ address, change }) => `${change.actions} ${address}`)).toEqual([
      "create jetstream_consumer.shop_events_stock",
      "update jetstream_stream.shop_events",
      "update jetstream_stream.shop_orders_wal",
    ]);
    await terraform.applyPlan();
    await expectAllAsked(pipeline);
    expect((await terraform.plan()).changes).toEqual([]);

    await terraform.destroy();
    expect(await terraform.state()).toEqual([]);
    for (const account of Object.keys(PROVIDERS)) expect(await contentsOf(pipeline, account)).toEqual({});
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});

/** What Terraform has in its state of an app that is moved, by the addresses of the app's own resources and users. */
const MOVED = [
  "jetstream_consumer.shop_orders_jobs_worker",
  "jetstream_kv_entry.shop_access_access_users_shop-orders",
  "jetstream_kv_entry.shop_access_access_users_shop-orders-litestream",
  "jetstream_kv_bucket.shop_orders_sessions",
  "jetstream_stream.shop_orders",
  "jetstream_stream.shop_orders_jobs",
  "jetstream_stream.shop_orders_snapshots",
  "jetstream_stream.shop_orders_wal",
];

const STREAMS = [
  "KV_shop_orders",
  "KV_shop_orders_sessions",
  "OBJ_shop_orders_snapshots",
  "shop_orders_jobs",
  "shop_orders_wal",
];

/** Data of every kind: keys with history and deleted ones, messages with headers and gaps, objects, acknowledgements. */
async function fill(app: NatsConnection, operator: NatsConnection): Promise<void> {
  const jetStream = app.jetstream();
  const bucket = await jetStream.views.kv("shop_orders", { bindOnly: true });
  for (let index = 0; index < 8; index++) await bucket.put("counter", `value ${index}`);
  await bucket.put("lock.migration", "held");
  await bucket.put("gone", "soon");
  await bucket.delete("gone");
  await app
    .jetstream()
    .views.kv("shop_orders_sessions", { bindOnly: true })
    .then((each) => each.put("s1", "user 7"));
  const headers = newHeaders();
  headers.set("Trace", "1");
  for (let index = 0; index < 150; index++) {
    await jetStream.publish(`shop.orders.wal.frame-${index % 3}`, "x".repeat(2000), { headers });
  }
  await (await operator.jetstreamManager()).streams.deleteMessage("shop_orders_wal", 20);
  for (let index = 0; index < 5; index++) await jetStream.publish("shop.orders.jobs.new", `job ${index}`);
  const worker = await jetStream.consumers.get("shop_orders_jobs", "worker");
  for await (const message of await worker.fetch({ max_messages: 2, expires: 2000 })) await message.ackAck();
  const store = await jetStream.views.os("shop_orders_snapshots");
  await store.putBlob(
    { name: "snapshot" },
    new Uint8Array(700_000).map((_, index) => index % 251),
  );
  await jetStream.publish("shop._.events.orders.created", "event");
}

const movedPart = (contents: AccountContents) => Object.fromEntries(STREAMS.map((name) => [name, contents[name]]));

/** A platform whose app `orders` shares its account and has data; the server has the passwords of both programs. */
async function sharedWithData(orders: Partial<AppConstructProps> = {}): Promise<Pipeline> {
  const pipeline = await Pipeline.start(toolchain, program({ ...ISOLATED, ...orders }));
  try {
    pipeline.workspace.synth(program(orders));
    await reload(pipeline);
    await (await pipeline.terraform("shop")).apply();
    await fill(await pipeline.connect("shop-orders"), await pipeline.connect(OPERATOR));
    return pipeline;
  } catch (error) {
    await pipeline.stop();
    throw error;
  }
}

test("a plan that would isolate an app with data is refused, before and after the accounts have changed", async () => {
  const pipeline = await sharedWithData();
  try {
    const before = await contentsOf(pipeline, "SHOP");
    pipeline.workspace.synth(program(ISOLATED));
    const terraform = await pipeline.terraform("shop");
    await expect(terraform.plan()).rejects.toThrow(/authorization violation/i);
    await reload(pipeline);
    await expect(terraform.plan()).rejects.toThrow(
      /Instance cannot be destroyed[\s\S]*jetstream_kv_entry\.shop_access_access_users_shop-orders/,
    );
    await expect(terraform.apply()).rejects.toThrow("Instance cannot be destroyed");
    expect(await contentsOf(pipeline, "SHOP")).toEqual(before);
    expect(await contentsOf(pipeline, "SHOP_ORDERS")).toEqual({});
  } finally {
    await pipeline.stop();
  }
});

test("an app is isolated without a loss: accounts, copy, state, adopt", async () => {
  const pipeline = await sharedWithData();
  try {
    const before = await contentsOf(pipeline, "SHOP");

    // 1 and 2: the writers are stopped; the program is changed, and the server reads its accounts
    pipeline.workspace.synth(program({ ...ISOLATED, adopt: true }));
    await reload(pipeline);

    // 3: a copy of each stream, with its consumers
    const [from, to] = [await keeper(pipeline, "SHOP"), await keeper(pipeline, "SHOP_ORDERS")];
    for (const stream of STREAMS) await restoreStream(to, await backupStream(from, stream));

    // 4: Terraform forgets what it knows of the app, and takes in the copy
    const terraform = await pipeline.terraform("shop");
    await terraform.forget(...MOVED);
    const { changes } = await terraform.plan();
    const actions = changes.map(({ address, change }) => `${change.importing ? "import" : change.actions} ${address}`);
    expect(actions.filter((each) => !/^update jetstream_kv_entry|^create jetstream_kv_entry/.test(each))).toEqual([
      "import jetstream_consumer.shop_orders_jobs_worker",
      "import jetstream_kv_bucket.shop_orders_sessions",
      "import jetstream_stream.shop_orders",
      "import jetstream_stream.shop_orders_jobs",
      "import jetstream_stream.shop_orders_snapshots",
      "import jetstream_stream.shop_orders_wal",
    ]);
    await terraform.applyPlan();
    pipeline.workspace.synth(program(ISOLATED));
    expect((await terraform.plan()).changes).toEqual([]);
    await expectCopied(pipeline, before);

    // The way back is refused as the way here was.
    pipeline.workspace.synth(program({}));
    await expect(terraform.plan()).rejects.toThrow("Instance cannot be destroyed");
    pipeline.workspace.synth(program(ISOLATED));

    // 5: the writers are started
    const app = await pipeline.connect("shop-orders");
    const jetStream = app.jetstream();
    const bucket = await jetStream.views.kv("shop_orders", { bindOnly: true });
    expect((await bucket.get("counter"))?.string()).toBe("value 7");
    const worker = await jetStream.consumers.get("shop_orders_jobs", "worker");
    const next: string[] = [];
    for await (const message of await worker.fetch({ max_messages: 3, expires: 2000 })) next.push(message.string());
    expect(next).toEqual(["job 2", "job 3", "job 4"]);
    expect((await jetStream.publish("shop.orders.wal.frame-0", "next")).seq).toBe(151);
    const store = await jetStream.views.os("shop_orders_snapshots");
    expect((await store.getBlob("snapshot"))?.length).toBe(700_000);

    // 6: the old streams are removed by hand
    const operator = await pipeline.view(OPERATOR);
    for (const stream of STREAMS) await operator.api.deleteStream(stream);
    for (const user of ["shop-orders", "shop-orders-litestream"]) {
      await operator.api.deleteEntry("shop_platform", `access.users.${user}`);
    }
    expect((await terraform.plan()).changes).toEqual([]);
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});

/** Expects the copy to be what was there, to the number and time of each message, and what was copied to be untouched. */
async function expectCopied(pipeline: Pipeline, before: AccountContents): Promise<void> {
  const [old, copy] = [await contentsOf(pipeline, "SHOP"), await contentsOf(pipeline, "SHOP_ORDERS")];
  expect(movedPart(copy)).toEqual(movedPart(before));
  expect(movedPart(old)).toEqual(movedPart(before));
  expect(Object.keys(copy).sort()).toEqual(STREAMS);
  expect(old.shop_events?.messages).toEqual(before.shop_events?.messages);
  expect(old.shop_events?.consumers.orders).toEqual(before.shop_events?.consumers.orders);
  expect(before.KV_shop_orders?.messages.length).toBeGreaterThan(6);
  expect(before.shop_orders_wal?.messages.length).toBe(149);
}
