import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AckPolicy, jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { headers } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { TestServer } from "../../scripts/tools/nats-server";
import { commandIn } from "../support/command";
import { ownServer } from "../support/own-server";

type Values = { readonly [attribute: string]: unknown };

const folder = mkdtempSync(join(tmpdir(), "check-plan-"));
const server = ownServer();

afterAll(() => rmSync(folder, { recursive: true }));

/** What the server has, with some messages in it. */
async function has(name: string, config: Partial<StreamConfig>, ...subjects: readonly string[]): Promise<void> {
  await server.manager.streams.add({ name, subjects: [`${name}.>`], ...config } as StreamConfig & { name: string });
  for (const subject of subjects) await server.connection.request(subject, "old");
}

const changed = (type: string, name: string, before: Values | null, after: Values | null) => ({
  address: `${type}.${name}`,
  mode: "managed",
  type,
  change: { actions: [before ? (after ? "update" : "delete") : "create"], before, after, after_unknown: {} },
});

const stream = (name: string, before: Values | null, after: Values) =>
  changed("jetstream_stream", name, before && { name, ...before }, { name, ...after });

async function asked(changes: readonly object[], ...given: readonly (string | object)[]) {
  const options = given.filter((each) => typeof each === "string");
  const more = Object.assign({}, ...given.filter((each) => typeof each !== "string"));
  const plan = { format_version: "1.2", planned_values: {}, resource_changes: changes, ...more };
  writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
  return commandIn(folder, "check-plan", "plan.json", ...options);
}

/** Expects losses that only the server knows, and that nothing less than their entries allows them. */
async function expectsLosses(changes: readonly object[], entries: readonly string[], ...texts: string[]) {
  expect((await asked(changes)).status).toBe(0);
  const { status, out } = await asked(changes, "--ask-server");
  for (const text of texts) expect(out).toContain(text);
  for (const entry of entries) {
    expect(out).toContain(`; to allow it: --allow ${entry}\n`);
    const others = entries.filter((each) => each !== entry).flatMap((each) => ["--allow", each]);
    expect((await asked(changes, "--ask-server", ...others)).status).toBe(4);
  }
  expect(out).not.toContain("was taken for new");
  expect(status).toBe(4);
  const allowed = entries.flatMap((each) => ["--allow", each]);
  expect((await asked(changes, "--ask-server", ...allowed)).status).toBe(0);
}

const expectsLoss = (changes: readonly object[], entry: string, ...texts: string[]) =>
  expectsLosses(changes, [entry], ...texts);

async function expectsNone(changes: readonly object[]): Promise<void> {
  expect(await asked(changes, "--ask-server")).toMatchObject({ status: 0, err: "" });
}

describe("what the plan makes, and the server has already, counts as existing", () => {
  const source = [{ name: "old", filter_subject: "" }];
  const limits = { max_msgs_per_subject: 1, discard: "old" };
  const copy = stream("copy", limits, { ...limits, source });

  test("as what takes the place of newer messages", async () => {
    await has("copy", { max_msgs_per_subject: 1 }, "copy.a");
    await has("old", {});
    const plan = [stream("old", null, {}), copy];
    await expectsNone(plan);
    await server.connection.request("old.a");
    await expectsLoss(
      plan,
      "emptied:copy",
      "stream copy now copies old, and exists already: what it copies takes the place of what it has",
    );
  });

  test("as a work queue of which messages are taken", async () => {
    await has("copy", { max_msgs_per_subject: 1 });
    await has("old", { retention: "workqueue" as StreamConfig["retention"] }, "old.a");
    const plan = [stream("old", null, { retention: "workqueue" }), copy];
    await expectsLoss(
      plan,
      "emptied:old",
      "stream old is a work queue that copy now copies: what that has copied is deleted",
    );
  });

  test("as a copy that has copied before", async () => {
    await has("old", {}, "old.a");
    await has("copy", { subjects: [], sources: [{ name: "old" }], max_msgs_per_subject: 1 });
    await expectsNone([stream("copy", null, { ...limits, source }), stream("old", { max_age: 5 }, { max_age: 0 })]);
  });
});

describe("keys", () => {
  const key = { bucket: "b", key: "config.flags" };
  const entry = (before: string | null, after: string) =>
    changed("jetstream_kv_entry", "flags", before === null ? null : { ...key, value: before }, {
      ...key,
      value: after,
    });
  const bucket = stream("b", null, { name: "KV_b" });
  const hasKey = (...values: string[]) =>
    has(
      "KV_b",
      { subjects: ["$KV.b.>"], allow_direct: true, allow_rollup_hdrs: true },
      ...values.map(() => "$KV.b.config.flags"),
    );
  const OVER = "key config.flags of key-value bucket b is on the server with a value that the plan does not know";

  test("that are made over another value are overwritten, also where their bucket moves with them", async () => {
    await hasKey("old");
    await expectsLoss([bucket, entry(null, "new")], "overwritten:b/config.flags", OVER);
    const { status, out } = await asked([entry(null, "new")], "--ask-server");
    expect([status, out]).toEqual([4, expect.stringContaining(OVER)]);
  });

  test("that are changed are overwritten where the value is not the one that the plan knows", async () => {
    await hasKey("old");
    await expectsLoss([entry("known", "new")], "overwritten:b/config.flags", OVER);
    await expectsNone([entry("old", "new")]);
    await expectsNone([entry("known", "old")]);
  });

  test("are not where the value is the same, gone, or was never there", async () => {
    await expectsNone([bucket, entry(null, "new")]);
    await hasKey();
    await expectsNone([bucket, entry(null, "new")]);
    await expectsNone([entry(null, "new")]);
    await server.connection.request("$KV.b.config.flags", "old");
    await expectsNone([entry(null, "old")]);
    const deletion = headers();
    deletion.set("KV-Operation", "DEL");
    await server.connection.request("$KV.b.config.flags", "", { headers: deletion, timeout: 1000 });
    await expectsNone([entry(null, "new")]);
  });

  test("are read where the bucket allows no direct reading", async () => {
    await has("KV_b", { subjects: ["$KV.b.>"], allow_direct: false });
    await expectsNone([entry(null, "new")]);
    await server.connection.request("$KV.b.config.flags", "old");
    await expectsLoss([bucket, entry(null, "new")], "overwritten:b/config.flags", OVER);
  });
});

describe("consumers that the plan makes", () => {
  const consumer = (filters: readonly string[], unknown: Values = {}) => {
    const after = { stream_id: "JETSTREAM_STREAM_s", durable_name: "worker", filter_subjects: filters };
    const made = changed("jetstream_consumer", "worker", null, after);
    return { ...made, change: { ...made.change, after_unknown: unknown } };
  };
  const hasConsumer = async (...filters: readonly string[]) =>
    server.manager.consumers.add("s", {
      durable_name: "worker",
      ack_policy: AckPolicy.Explicit,
      ...(filters.length > 1 ? { filter_subjects: [...filters] } : { filter_subject: filters[0] }),
    });
  const interest = {
    retention: "interest" as StreamConfig["retention"],
    metadata: { "cdktf-nats-platform.owner": "acme/shop" },
  };

  test("are named with the owner of the stream, and with what they no longer want", async () => {
    await has("s", interest);
    await expectsNone([consumer(["s.a"])]);
    await hasConsumer("s.b");
    await expectsLosses(
      [consumer(["s.a"])],
      ["overwritten:s/worker", "emptied:s/worker"],
      "consumer worker of stream s is on the server already, in a stream of acme/shop: this stack takes it over, with how far it has come, and it gets s.a; before, s.b; to allow it",
      '\n  ~ consumer worker of stream s is on the server already: filter_subjects is ["s.a"]; before, ["s.b"]: a stream that keeps messages only for its consumers deletes those that no consumer wants; to allow it',
    );
    const { out } = await asked([consumer(["s.a"])], "--ask-server");
    expect(out).toContain("The plan loses something that is not allowed: 1 emptied and 1 overwritten.");
  });

  test("are named also with the same subjects, but not where they come with their stream", async () => {
    await has("s", {});
    await hasConsumer("s.a", "s.b");
    await expectsLoss(
      [consumer(["s.a", "s.b"])],
      "overwritten:s/worker",
      "is on the server already: this stack takes it over, with how far it has come; to allow it",
    );
    await expectsNone([stream("s", null, {}), consumer(["s.a", "s.b"])]);
    await expectsLoss(
      [stream("s", null, {}), consumer([])],
      "overwritten:s/worker",
      "it gets all subjects; before, s.a and s.b",
    );
    await expectsLoss(
      [stream("s", null, {}), consumer([], { filter_subjects: true })],
      "overwritten:s/worker",
      "it gets subjects that are known only at apply; before, s.a and s.b",
    );
  });

  test("are not with the same subjects where their stream is the plan's own: an apply that was killed is run again", async () => {
    await has("s", {});
    await hasConsumer("s.a", "s.b");
    const own = { name: "s" };
    const idle = {
      ...changed("jetstream_stream", "s", own, own),
      change: { actions: ["no-op"], before: own, after: own },
    };
    await expectsNone([idle, consumer(["s.a", "s.b"])]);
  });

  test("are named where they are deleted soon after, also with their stream", async () => {
    await has("s", interest);
    await hasConsumer("s.a", "s.b");
    const made = consumer(["s.a", "s.b"]);
    const after = { ...made.change.after, inactive_threshold: 1 };
    await expectsLoss(
      [stream("s", null, interest), { ...made, change: { ...made.change, after } }],
      "emptied:s/worker",
      "inactive_threshold is 1",
    );
  });

  test("are not where there is neither a consumer nor a stream", async () => {
    await expectsNone([consumer(["s.a"])]);
    await expectsNone([stream("s", null, {}), changed("jetstream_consumer", "x.y", null, { stream_id: "a" })]);
  });
});

describe("what an update loses is that of the server's configuration", () => {
  test("not of that which the plan has from before", async () => {
    await has("s", { max_msgs: 100 }, "s.a", "s.b");
    const limited = { max_msgs: 3, discard: "old" };
    await expectsLoss(
      [stream("s", { ...limited, description: "a" }, { ...limited, description: "b" })],
      "emptied:s",
      "stream s: max_msgs is 3 messages; before, 100 messages: the oldest messages above that are deleted",
    );
    await expectsNone([stream("s", { max_msgs: 200, discard: "old" }, { max_msgs: 100, discard: "old" })]);
  });

  test.each<[string, Partial<StreamConfig>, Values, string]>([
    ["an age", { max_age: 0 }, { max_age: 60 }, "max_age is 60 seconds; before, none"],
    ["a retention", {}, { retention: "interest" }, 'retention is "interest"; before, "limits"'],
    ["a size", { max_bytes: -1 }, { max_bytes: 5 }, "max_bytes is 5 bytes; before, none"],
  ])("%s", async (_, config, values, text) => {
    await has("s", config);
    const known = { discard: "old", retention: "limits", ...values };
    await expectsLoss([stream("s", known, { ...known, description: "b" })], "emptied:s", text);
  });

  test("a history of a native bucket, and an age", async () => {
    await has("KV_b", { subjects: ["$KV.b.>"], max_msgs_per_subject: 9 });
    await has("OBJ_b", { subjects: ["$O.b.>"] });
    const bucket = (type: string, values: Values) =>
      changed(type, "b", { name: "b", ...values }, { name: "b", ...values, description: "b" });
    await expectsLoss(
      [bucket("jetstream_kv_bucket", { history: 5 })],
      "emptied:b",
      "history is 5 revisions; before, 9 revisions",
    );
    await expectsLoss([bucket("jetstream_obj_bucket", { ttl: 5 })], "emptied:b", "ttl is 5 seconds; before, none");
  });

  test("a copy that somebody ended on the server", async () => {
    await has("old", { retention: "workqueue" as StreamConfig["retention"] }, "old.a");
    await has("copy", {});
    const source = [{ name: "old", filter_subject: "" }];
    const values = { source, max_msgs: -1 };
    await expectsLoss(
      [
        stream("copy", values, { ...values, description: "b" }),
        stream("old", { retention: "workqueue" }, { retention: "workqueue", description: "b" }),
      ],
      "emptied:old",
      "old is a work queue that copy now copies",
    );
  });
});

test("what the user may not look at is no nothing", async () => {
  const accounts = `accounts { A { jetstream: enabled, users: [
    { user: "all", password: "x" },
    { user: "few", password: "x", permissions: { publish: ["$JS.API.STREAM.INFO.*"], subscribe: ["_INBOX.>"] } }
  ] } }`;
  const own = await TestServer.start({ accounts });
  try {
    const all = await connect({ servers: own.url, user: "all", pass: "x" });
    const bucket = { name: "KV_b", subjects: ["$KV.b.>"], allow_direct: true };
    await (await jetstreamManager(all)).streams.add(bucket);
    await all.close();
    Object.assign(process.env, { NATS_URL: own.url, NATS_USER: "few", NATS_PASSWORD: "x" });
    const made = changed("jetstream_kv_entry", "x", null, { bucket: "b", key: "k", value: "1" });
    const { status, out, err } = await asked([made], "--ask-server");
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain("the server does not say what it has of b/k: Permissions Violation for Publish");
    expect(err).toContain("Connect as a user who may look at it, as a node can.");
  } finally {
    await own.stop();
  }
});

test("a native bucket of another program is refused", async () => {
  await has("KV_b", { subjects: ["$KV.b.>"], metadata: { "cdktf-nats-platform.owner": "acme/shop" } });
  const { status, out } = await asked([changed("jetstream_kv_bucket", "b", null, { name: "b" })], "--ask-server");
  expect([status, out]).toEqual([
    4,
    expect.stringContaining("key-value bucket b is on the server already, and belongs to acme/shop\n"),
  ]);
});

describe("what the plan makes in another account than that of the user who asks", () => {
  /** Asks as a user about a stream and a consumer in it that another one makes. */
  const askedAs = (user: string, maker: string) => {
    process.env.NATS_USER = user;
    const consumer = { stream_id: "JETSTREAM_STREAM_shop_orders", durable_name: "worker", filter_subjects: [] };
    const changes = [
      stream("shop_orders", null, {}),
      stream("shop_events", null, {}),
      changed("jetstream_consumer", "worker", null, consumer),
    ];
    const resources = changes.map(({ address }) => {
      const isOwn = address !== "jetstream_stream.shop_events";
      return { address, provider_config_key: isOwn ? "jetstream.maker" : "jetstream.shop" };
    });
    const provider = (name: string) => ({ expressions: { user: { constant_value: name } } });
    const providers = { "jetstream.maker": provider(maker), "jetstream.shop": provider("shop-terraform") };
    const configuration = { provider_config: providers, root_module: { resources } };
    return asked(changes, { configuration }, "--ask-server");
  };
  const BEHIND =
    "stream shop_orders is made anew, empty, in the account of shop-orders-terraform, which is another one: unless it is there already, its 1 message stays behind, unmanaged; to allow it: --allow leftBehind:shop_orders\n";
  const NOTE = "What the plan makes in accounts of other users than the one who asks was taken for new";

  test.each(["shop-node-1", "shop-terraform"])("stays behind where %s has messages of that name", async (user) => {
    await has("shop_orders", {}, "shop_orders.a");
    await server.manager.consumers.add("shop_orders", { durable_name: "worker", ack_policy: AckPolicy.Explicit });
    const { status, out } = await askedAs(user, "shop-orders-terraform");
    expect([status, out]).toEqual([4, expect.stringContaining(BEHIND)]);
    expect(out).toContain(NOTE);
  });

  test.each([
    ["shop-orders", "shop-orders-terraform"],
    ["shop-node-1", "shop-terraform"],
  ])("does not where %s asks about what %s makes", async (user, maker) => {
    await has("shop_orders", {}, "shop_orders.a");
    const { status, out } = await askedAs(user, maker);
    expect([status, out]).toEqual([0, "Nothing is lost that is not allowed.\n"]);
  });

  test("is not told by the name of a user that the program does not have, which is said", async () => {
    await has("shop_orders", {}, "shop_orders.a");
    const { status, out } = await askedAs("operator", "shop-orders-terraform");
    expect([status, out]).toEqual([0, expect.stringContaining("So it is not sure what was looked at of shop_orders")]);
  });

  const updated = (users: readonly string[]) => {
    const changes = [
      stream("shop_orders", { max_age: 0 }, { max_age: 0, description: "x" }),
      stream("shop_events", null, {}),
    ];
    const resources = changes.map(({ address }, index) => ({ address, provider_config_key: `jetstream.${index}` }));
    const provider = (name: string) => ({ expressions: { user: { constant_value: name } } });
    const providers = Object.fromEntries(users.map((user, index) => [`jetstream.${index}`, provider(user)]));
    return asked(
      changes,
      { configuration: { provider_config: providers, root_module: { resources } } },
      "--ask-server",
    );
  };

  test("is not looked at where it is changed, which is said", async () => {
    process.env.NATS_USER = "shop-node-1";
    const { status, out } = await updated(["shop-orders-terraform", "shop-terraform"]);
    const text =
      "Not looked at, since it is not in the account of the user who asks: shop_orders. Ask as a user of its account";
    expect([status, out]).toEqual([0, expect.stringContaining(text)]);
    await has("shop_orders", {});
    expect((await updated(["shop-terraform", "shop-terraform"])).out).toBe("Nothing is lost that is not allowed.\n");
  });

  test("is said to be unsure where the user has no name", async () => {
    delete process.env.NATS_USER;
    await has("shop_orders", {});
    const { out } = await updated(["shop-orders-terraform", "shop-terraform"]);
    expect(out).toContain(
      "it is not known in which the user who asks is: NATS_USER names one that the program does not have",
    );
    expect(out).toContain("looked at of shop_orders and shop_events.");
    expect((await updated(["shop-terraform", "shop-terraform"])).out).toBe("Nothing is lost that is not allowed.\n");
  });

  test("is said to be taken for new", async () => {
    const { status, out } = await askedAs("shop-node-1", "shop-orders-terraform");
    expect([status, out]).toEqual([0, expect.stringContaining(NOTE)]);
  });
});
