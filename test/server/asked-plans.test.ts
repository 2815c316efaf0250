import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DiscardPolicy, RetentionPolicy as Retention, type StreamConfig } from "@nats-io/jetstream";
import { headers, nkeys } from "@nats-io/nats-core";
import { AppConstruct, Credentials, Isolation, PlatformConstruct, RetiredData } from "../../lib";
import { ownServer } from "../support/own-server";
import { SERVERS } from "../support/prod";
import { catalogText, finished } from "../unit/cli/cli";

const server = ownServer();

interface Values {
  readonly name: string;
  readonly [attribute: string]: unknown;
}

/** A change of a plan as `terraform show -json` writes it. */
const change = (actions: readonly string[], before: Values | null, after: Values | null) => ({
  address: `jetstream_stream.${(before ?? after)?.name.replace("KV_", "")}`,
  type: "jetstream_stream",
  mode: "managed",
  change: { actions, before, after },
});

const plain = (name: string, source: readonly string[] = []): Values => ({
  name,
  max_msgs_per_subject: 1,
  retention: "limits",
  source: source.map((each) => ({ name: each })),
});

/** What the gate says of a plan when a user asks the server, with a catalog near the plan or without one. */
async function ask(changes: readonly object[], user: string, catalog?: string) {
  process.env.NATS_USER = user;
  const { status, out, err } = await finished(["check-plan", "plan.json", "--ask-server"], {
    "plan.json": JSON.stringify({ format_version: "1.2", resource_changes: changes }),
    ...(catalog !== undefined && { "catalog.json": catalog }),
  });
  return { status, text: out + err };
}

async function make(
  name: string,
  messages: number,
  retention: StreamConfig["retention"] = Retention.Limits,
): Promise<void> {
  await server.manager.streams.add({ name, subjects: [`${name}.>`], retention, max_msgs_per_subject: 1 });
  for (let each = 0; each < messages; each++) await server.connection.request(`${name}.${each}`, "message");
}

/** A platform that is retired, and the one that it has become; both with the same app. */
const shop = catalogText((stack) => {
  const declare = (name: string, props: object) => {
    const platform = new PlatformConstruct(stack, name, { servers: SERVERS, nodes: ["node-1"], ...props });
    new AppConstruct(platform, "cache", { wal: {} });
    return platform;
  };
  declare("live", { formerly: declare("prod", { retired: RetiredData.DELETE }) });
});

describe("how many messages are lost", () => {
  const destroyed = [change(["delete"], plain("prod_cache_wal"), null)];
  const COUNT = "the server has 2 messages in it";

  beforeEach(() => make("prod_cache_wal", 2));

  test("is said of the account of the user who asks", async () => {
    const { status, text } = await ask(destroyed, "prod-terraform", shop);
    expect([status, text]).toEqual([4, expect.stringContaining(COUNT)]);
  });

  test("is not said of a stream of the same name in another account", async () => {
    const { status, text } = await ask(destroyed, "live-node-1", shop);
    const not = "the server was not asked how many messages are in it, since it is in account PROD\n";
    expect([status, text]).toEqual([4, expect.stringContaining(not)]);
    expect(text).not.toContain("2 messages");
  });

  test("is said of the name only where the account is not known", async () => {
    const text = "the server has 2 messages in a stream of that name, in the account of the user who asks";
    expect((await ask(destroyed, "prod-terraform")).text).toContain(text);
    const unknown = [change(["delete"], plain("prod_cache_gone"), null)];
    await make("prod_cache_gone", 2);
    expect((await ask(unknown, "prod-terraform", shop)).text).toContain(text);
  });
});

test("what a stack lets go of is counted where it is, although the program has it in another account by now", async () => {
  const moved = catalogText((stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
    new AppConstruct(prod, "cache", { wal: {}, isolation: Isolation.ACCOUNT });
  });
  await make("prod_cache_wal", 2);
  const { status, text } = await ask([change(["forget"], plain("prod_cache_wal"), null)], "prod-node-1", moved);
  expect([status, text]).toEqual([4, expect.stringContaining("the server has 2 messages in a stream of that name")]);
  expect(text).not.toMatch(/was not asked|Not looked at/);
});

test("what stays behind is told by the account that the catalog knows", async () => {
  const made = [change(["create"], null, plain("live_cache_wal"))];
  await make("live_cache_wal", 2);
  expect(await ask(made, "live-node-1", shop)).toMatchObject({ status: 0 });
  const { status, text } = await ask(made, "prod-terraform", shop);
  const behind =
    "stream live_cache_wal is made anew, empty, in account LIVE, which is another one: unless it is there already, its 2 messages stay behind, unmanaged; to allow it: --allow leftBehind:live_cache_wal\n";
  expect([status, text]).toEqual([4, expect.stringContaining(behind)]);
  expect(text).not.toContain("was not asked");
});

describe("who asks by an nkey", () => {
  const pair = nkeys.createUser();
  const folder = mkdtempSync(join(tmpdir(), "nkey-"));
  const seed = join(folder, "user.nk");
  const moved = catalogText((stack) => {
    const nodeCredentials = { "node-1": Credentials.nkey(pair.getPublicKey()) };
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"], nodeCredentials });
    new AppConstruct(prod, "stay");
    new AppConstruct(prod, "cache", { wal: {}, isolation: Isolation.ACCOUNT });
  });
  const stay = plain("KV_prod_stay");
  const plan = [change(["no-op"], stay, stay), change(["create"], null, plain("prod_cache_wal"))];

  beforeAll(() => writeFileSync(seed, pair.getSeed()));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => make("prod_cache_wal", 2));

  test.each(["", "ci", "prod-cache-terraform"])("is known by its public key, also with the name %p", async (name) => {
    process.env.NATS_NKEY = seed;
    const { status, text } = await ask(plan, name, moved);
    expect([status, text]).toEqual([4, expect.stringContaining("in account PROD_CACHE, which is another one")]);
    expect(text).toContain("to allow it: --allow leftBehind:prod_cache_wal\n");
  });

  test("or is said to be unknown, where the program has several accounts, also if the plan changes but one", async () => {
    writeFileSync(join(folder, "other.nk"), nkeys.createUser().getSeed());
    process.env.NATS_NKEY = join(folder, "other.nk");
    const { status, text } = await ask(plan, "", moved);
    expect([status, text]).toEqual([
      0,
      expect.stringContaining("it is not sure what was looked at of prod_cache_wal.\n"),
    ]);
  });
});

test("who asks by a name that the program does not have is said to be unknown, where it has several accounts", async () => {
  const moved = catalogText((stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
    new AppConstruct(prod, "stay");
    new AppConstruct(prod, "cache", { wal: {}, isolation: Isolation.ACCOUNT });
  });
  await make("prod_cache_wal", 2);
  const stay = plain("KV_prod_stay");
  const plan = [change(["no-op"], stay, stay), change(["create"], null, plain("prod_cache_wal"))];
  expect((await ask(plan, "ci", moved)).text).toContain("it is not sure what was looked at of prod_cache_wal.\n");
  expect((await ask(plan, "prod-node-1", moved)).text).not.toContain("it is not sure");
});

test("the server is asked for each stream, consumer and key once", async () => {
  await server.manager.streams.add({ name: "KV_prod_cache", subjects: ["$KV.prod_cache.>"] });
  await server.manager.consumers.add("KV_prod_cache", { durable_name: "worker" });
  const requests: string[] = [];
  const subscription = server.connection.subscribe("$JS.API.>", {
    callback: (_, { subject }) => void requests.push(subject),
  });
  const twice = (type: string, values: object) =>
    ["one", "two"].map((name) => ({
      ...change(["create"], null, { name, ...values }),
      type,
      address: `${type}.${name}`,
    }));
  const consumer = { stream_id: "JETSTREAM_STREAM_KV_prod_cache", durable_name: "worker", filter_subjects: ["a"] };
  const store = plain("KV_prod_store", ["KV_prod_cache", "KV_prod_other"]);
  const changes = [
    change(["update"], plain("KV_prod_cache"), plain("KV_prod_cache")),
    change(["create"], null, store),
    ...twice("jetstream_consumer", consumer),
    ...twice("jetstream_kv_entry", { bucket: "prod_cache", key: "mode", value: "on" }),
  ];
  expect(await ask(changes, "prod-node-1")).toMatchObject({ status: 4 });
  await server.connection.flush();
  subscription.unsubscribe();
  expect(requests.filter((each) => !each.startsWith("$JS.API.STREAM.LIST")).sort()).toEqual([
    "$JS.API.CONSUMER.INFO.KV_prod_cache.worker",
    "$JS.API.STREAM.INFO.KV_prod_cache",
    "$JS.API.STREAM.INFO.KV_prod_other",
    "$JS.API.STREAM.INFO.KV_prod_store",
    "$JS.API.STREAM.MSG.GET.KV_prod_cache",
  ]);
});

test("what another account has of another owner refuses nothing", async () => {
  const OWNER = "cdktf-nats-platform.owner";
  await server.manager.streams.add({ name: "live_cache_wal", subjects: ["x"], metadata: { [OWNER]: "acme/other" } });
  const made = [change(["create"], null, plain("live_cache_wal"))];
  expect((await ask(made, "live-node-1", shop)).text).toContain("belongs to acme/other");
  expect((await ask(made, "prod-terraform", shop)).status).toBe(0);
});

describe("what is copied", () => {
  const made = [change(["create"], null, plain("prod_copy", ["prod_far"]))];

  test.each([
    [Retention.Limits, 0, "Nothing is lost that is not allowed."],
    [Retention.Workqueue, 4, "stream prod_far is a work queue that"],
  ])("is of a stream that the server keeps by %s", async (retention, status, text) => {
    await make("prod_far", 0, retention);
    expect(await ask(made, "prod-node-1")).toEqual({ status, text: expect.stringContaining(text) });
  });

  test("may be of a work queue where the server has no such stream", async () => {
    const text = expect.stringContaining("prod_far is now copied by prod_copy: if it is a work queue");
    expect(await ask(made, "prod-node-1")).toEqual({ status: 4, text });
  });
});

test("what nothing has copied is named only where there is something", async () => {
  const catalog = catalogText((stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
    new AppConstruct(prod, "store", { formerly: new AppConstruct(prod, "cache", { retired: RetiredData.DELETE }) });
  });
  const made = [change(["create"], null, plain("KV_prod_store"))];
  const NAMED = "is made without what KV_prod_cache has";
  expect(await ask(made, "prod-node-1", catalog)).toMatchObject({ status: 0 });
  await make("KV_prod_cache", 1);
  expect((await ask(made, "prod-node-1", catalog)).text).toContain(NAMED);
  await make("KV_prod_store", 1);
  expect((await ask(made, "prod-node-1", catalog)).text).not.toContain(NAMED);
  await server.manager.streams.purge("KV_prod_store");
  await server.manager.streams.purge("KV_prod_cache");
  expect(await ask(made, "prod-node-1", catalog)).toMatchObject({ status: 0 });
});

test("a key that is made in another account is said not to be looked at", async () => {
  const values = { name: "mode", bucket: "live_cache", key: "settings.mode", value: "on" };
  const made = { ...change(["create"], null, values), type: "jetstream_kv_entry" };
  const { status, text } = await ask([made], "prod-terraform", shop);
  const said = "is overwritten (the server was not asked for it, since it is in account LIVE)";
  expect([status, text]).toEqual([4, expect.stringContaining(said)]);
});

describe("a key that is made", () => {
  const entry = { bucket: "prod_cache", key: "settings.mode", value: "of the program" };
  const made = [{ ...change(["create"], null, { name: "mode", ...entry }), type: "jetstream_kv_entry" }];
  const SUBJECT = "$KV.prod_cache.settings.mode";
  const OVER =
    "key settings.mode of key-value bucket prod_cache is on the server with a value that the plan does not know, which is overwritten; to allow it: --allow overwritten:prod_cache/settings.mode";
  const bucket = () => server.manager.streams.add({ name: "KV_prod_cache", subjects: ["$KV.prod_cache.>"] });

  test("is written over another value of it", async () => {
    await bucket();
    await server.connection.request(SUBJECT, "of a client");
    expect(await ask(made, "prod-node-1")).toEqual({ status: 4, text: expect.stringContaining(OVER) });
  });

  test("is written over what may be in a bucket that the plan takes in, where the server does not have that", async () => {
    const bucketOf = change(["no-op"], plain("KV_prod_cache"), plain("KV_prod_cache"));
    const taken = { ...bucketOf, change: { ...bucketOf.change, importing: { id: "JETSTREAM_STREAM_KV_prod_cache" } } };
    const IN = "is written anew, since this stack takes in its bucket";
    const anew = { status: 4, text: expect.stringContaining(IN) };
    expect(await ask([taken, ...made], "prod-node-1")).toEqual(anew);
    await bucket();
    expect(await ask([taken, ...made], "prod-node-1")).toMatchObject({ status: 0 });
  });

  test.each<[string, () => Promise<unknown>]>([
    ["in a bucket that is not there", async () => {}],
    ["that is not there", bucket],
    ["that has the value", async () => [await bucket(), await server.connection.request(SUBJECT, "of the program")]],
    [
      "that was deleted",
      async () => {
        const deleted = headers();
        deleted.set("KV-Operation", "DEL");
        await bucket();
        await server.connection.request(SUBJECT, "of a client");
        await server.connection.request(SUBJECT, "", { headers: deleted, timeout: 2_000 });
      },
    ],
  ])("is written over nothing where it is one %s", async (_, prepare) => {
    await prepare();
    expect(await ask(made, "prod-node-1")).toMatchObject({ status: 0 });
  });
});

describe("what is copied takes the place of what is there", () => {
  const [before, after] = [plain("KV_prod_store"), plain("KV_prod_store", ["KV_prod_cache"])];
  const update = change(["update"], before, after);
  const anew = change(["create"], null, plain("KV_prod_cache"));
  const PLACE = /now copies KV_prod_cache, and exists already/;

  test.each<[string, number, number, object[], RegExp | undefined]>([
    ["where both have some", 1, 1, [update], PLACE],
    ["not where the origin has none", 0, 1, [update], undefined],
    ["not where the copy has none", 1, 0, [update], undefined],
    ["where the origin that the plan makes is there all the same", 1, 1, [update, anew], PLACE],
    ["not where that has none", 0, 1, [update, anew], undefined],
  ])("%s", async (_, inOrigin, inCopy, changes, text) => {
    await make("KV_prod_cache", inOrigin);
    await make("KV_prod_store", inCopy);
    const found = await ask(changes, "prod-node-1");
    expect(found).toEqual({ status: text ? 4 : 0, text: text ? expect.stringMatching(text) : expect.anything() });
    if (!text) expect(found.text).not.toMatch(PLACE);
  });

  test("also where the server does not have what the plan changes: that is in another account", async () => {
    await make("KV_prod_cache", 0);
    expect((await ask([update], "prod-node-1")).text).toMatch(PLACE);
  });
});

describe("a copy that is ended", () => {
  const ended = change(["update"], plain("prod_archive", ["prod_inter"]), plain("prod_archive"));
  const LOST = "stream prod_inter deletes what it has kept only for prod_archive";

  /** A stream by interest whose copy has room for one of its messages. */
  async function waiting(messages: number): Promise<void> {
    await make("prod_inter", 0, Retention.Interest);
    const full = { max_msgs: 1, max_msgs_per_subject: 1, discard: DiscardPolicy.New };
    await server.manager.streams.add({ name: "prod_archive", sources: [{ name: "prod_inter" }], ...full });
    const state = async (name: string) => (await server.manager.streams.info(name)).state;
    for (let tries = 0; tries < 60 && (await state("prod_inter")).consumer_count === 0; tries++) await sleep(50);
    for (let each = 0; each < messages; each++) await server.connection.request(`prod_inter.${each}`, "message");
    for (let tries = 0; messages > 0 && tries < 60 && (await state("prod_archive")).messages === 0; tries++)
      await sleep(50);
  }

  test("is a loss of its origin, also of one in another stack, with the origin's own count", async () => {
    await waiting(3);
    const { status, text } = await ask([ended], "prod-node-1");
    expect([status, text]).toEqual([4, expect.stringContaining(LOST)]);
    expect(text).toMatch(/the server has [23] messages in it/);
    expect(text).toContain("--allow emptied:prod_inter");
  });

  test("is one where the server says otherwise than the plan how the origin keeps messages", async () => {
    await waiting(3);
    const origin = change(["no-op"], plain("prod_inter"), plain("prod_inter"));
    const { status, text } = await ask([origin, ended], "prod-node-1");
    expect([status, text]).toEqual([4, expect.stringContaining(LOST)]);
  });

  test("is none where the origin has no messages", async () => {
    await waiting(0);
    expect((await ask([ended], "prod-node-1")).status).toBe(0);
  });
});

describe("what a new name has not copied while the former one goes", () => {
  const renamed = catalogText((stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
    const cache = new AppConstruct(prod, "cache", { wal: {}, retired: RetiredData.DELETE });
    new AppConstruct(prod, "store", { wal: {}, formerly: cache });
  });
  const made = change(["create"], null, plain("prod_store_wal"));
  const gone = change(["delete"], plain("prod_cache_wal"), null);
  const TEXT = "is made without what prod_cache_wal has, which is retired: nothing has copied it";

  test("is named where the server has it, and where it is another server, which does not", async () => {
    expect((await ask([made, gone], "prod-node-1", renamed)).text).toContain(TEXT);
    await make("prod_cache_wal", 2);
    expect((await ask([made, gone], "prod-node-1", renamed)).text).toContain(TEXT);
  });

  test("is nothing where it is gone, or empty", async () => {
    expect((await ask([made], "prod-node-1", renamed)).text).not.toContain(TEXT);
    await make("prod_cache_wal", 0);
    expect((await ask([made, gone], "prod-node-1", renamed)).text).not.toContain(TEXT);
  });
});
