import { AppConstruct, Isolation } from "../../../lib";
import { CATALOG, catalogOfProgram, command, program } from "./cli";

const show = (user: string, more?: Parameters<typeof program>[0], props?: object) =>
  command(["show", user], { [CATALOG]: catalogOfProgram(program(more, props)) });

test("shows what a user is and what its clients set", () => {
  const { status, out } = show("prod-cache");
  expect(status).toBe(0);
  expect(out).toMatch(/role +app\n +account +PROD \(platform prod\)\n +declared at +stack\/prod\/cache/);
  expect(out).toContain("environment variable PROD_CACHE_PASSWORD");
  expect(out).toContain("_INBOX, the default of all clients");
});

test.each([
  ["nats.js v3", 'connect({ inboxPrefix: "_INBOX_prod_cache" })'],
  ["nats.go", 'nats.CustomInboxPrefix("_INBOX_prod_cache")'],
  ["nats.py", 'nats.connect(inbox_prefix=b"_INBOX_prod_cache")'],
  ["nats CLI", "--inbox-prefix _INBOX_prod_cache"],
])("says how %s is told a private inbox", (client, setting) => {
  const { out } = show("prod-cache", () => {}, { privateInbox: true, clients: undefined });
  expect(out).toMatch(new RegExp(`${client.replaceAll(".", "\\.")} +${setting.replace(/[.()"{}]/g, "\\$&")}`));
});

test("says how clients are told a JetStream domain", () => {
  const more: Parameters<typeof program>[0] = ({ cache }) => cache.readPlatformConfig("flags");
  const { out } = show("prod-cache-messaging", more, { isolation: Isolation.ACCOUNT });
  expect(out).toMatch(/JetStream domain +prod/);
  expect(out).toContain('jetstream.NewWithDomain(nc, "prod")');
});

test("says how nats.js opens a bucket of which the user may read single keys, and asks nothing of others", () => {
  const { out } = show("prod-cache", ({ cache }) => cache.readPlatformConfig("flags"), { clients: undefined });
  const told = out.split("\n").filter((line) => line.includes("allow_direct: true, to open a bucket of single keys"));
  expect(told.map((line) => line.trim().split("  ")[0])).toEqual(["nats.js v2", "nats.js v3"]);
  const none = show("prod-plain", ({ prod }) => new AppConstruct(prod, "plain"));
  expect(none.status).toBe(0);
  expect(none.out).not.toContain("single keys");
});

test("shows the two users of an isolated app apart, the second in the queue group of the app", () => {
  const more: Parameters<typeof program>[0] = ({ cache }) => {
    cache.readPlatformConfig("flags");
    cache.serveApi("get");
    cache.publishAudit();
  };
  const props = { isolation: Isolation.ACCOUNT, liveEvents: ["user.>"] };
  const [data, messages] = ["prod-cache", "prod-cache-messaging"].map((user) => show(user, more, props).out);
  expect(messages).toMatch(
    /queue group +prod-cache, and groups that begin with prod-cache\.; no other where others subscribe too\n/,
  );
  expect(data).not.toContain("queue group");
  expect(data).toMatch(/role +app\n +account +PROD_CACHE \(app cache of platform prod: its data\)\n/);
  expect(data).toContain("read and write the key-value bucket prod_cache (PROD_CACHE, app cache of platform prod)");
  expect(data).not.toMatch(/JetStream domain|import|\(PROD, /);
  expect(messages).toMatch(
    /role +messaging\n +account +PROD_CACHE_MESSAGING \(app cache of platform prod: its messages\)\n/,
  );
  expect(messages).toContain("environment variable PROD_CACHE_MESSAGING_PASSWORD");
  expect(messages).toMatch(/JetStream domain +prod, for what belongs to another account\n/);
  for (const text of [
    "read the key config.flags of prod_platform (PROD, platform prod)",
    "write the subjects prod._.audit.cache.> of the stream prod_audit (PROD, platform prod)",
    "receive new messages of the stream prod_events (PROD, platform prod)",
    "It can suppress messages of others to the stream prod_audit:\n    the server drops a message of prod-convex to stream prod_audit whose Nats-Msg-Id it has used before",
    "It can learn the last sequence of each subject of the stream prod_audit:",
    "It can fill the storage of account PROD:",
  ]) {
    expect(messages).toContain(text);
  }
  expect(messages).not.toContain("PROD_CACHE, ");
  expect(messages).not.toMatch(/It can (read|write|manage|look|leave|learn the names)/);
});

test("says once what may be subscribed to alone and in queue groups", () => {
  const { out } = show("prod-cache");
  const [, subscribes = ""] = out.split("It may also subscribe to\n");
  const [lines = ""] = subscribes.split("\n\n");
  expect(lines.split("\n").map((line) => line.trim().split(" ")[0])).toEqual(["prod.cache.>", "_INBOX.>"]);
  expect(out.match(/subscribes to prod\._\.events\.>/g)).toHaveLength(1);
});

test("shows access to parts of streams and buckets with its reasons", () => {
  const { out } = show("prod-cache", ({ cache }) => {
    cache.readPlatformConfig("flags");
    cache.consumeEvents();
  });
  for (const text of [
    "  read and write the key-value bucket prod_cache (PROD, app cache of platform prod)",
    "  read the key config.flags of prod_platform (PROD, platform prod)",
    "  write the subjects prod._.audit.cache.> of the stream prod_audit",
    "  read the consumer cache of the stream prod_events; receive new messages of the stream prod_events",
    "publishes $KV.prod_cache.>",
    "writes a key (kv.write, kv.purgeDeletes, kv.election, stack/prod/cache)",
  ]) {
    expect(out).toContain(text);
  }
});

test("says once what many buckets are reached by", () => {
  const { out } = show("prod-terraform");
  expect(out.match(/STREAM\.DELETE/g)).toHaveLength(2);
  expect(out).toContain("Only through holes that permissions cannot close\n  nothing");
});

test("what only holes reach is in a section of its own", () => {
  const [, holes = ""] = show("prod-cache").out.split("Only through holes that permissions cannot close\n");
  expect(holes).toContain("It can read, write or delete");
  expect(holes).toContain("names the subject of the answer, which the server does not check");
  expect(holes).toContain("prod-convex answers its calls under any subject that prod-convex may publish");
  expect(holes).toContain("it receives its answers under the same subjects as prod-node-1");
  const [, own = ""] = show("prod-convex", ({ convex }) => convex.usePlatformLocks("x")).out.split(
    "Only through holes",
  );
  expect(own).toContain("Nats-Rollup: all deletes everything else in key-value bucket prod_platform");
});

test.each<[string, NonNullable<Parameters<typeof program>[0]>, string]>([
  ["all of three", () => {}, "prod.cache.>, prod._.audit.cache.> and $KV.prod_cache.>"],
  [
    "three of four",
    ({ cache }) => cache.addKeyValueStore("sessions"),
    "prod.cache.>, prod._.audit.cache.>, $KV.prod_cache.> and 1 more line",
  ],
  [
    "three of six",
    ({ cache }) => {
      cache.addKeyValueStore("sessions");
      cache.addObjectStore("uploads");
    },
    "prod.cache.>, prod._.audit.cache.>, $KV.prod_cache.> and 3 more lines",
  ],
])("names %s lines that open a hole", (_, more, lines) => {
  const { out } = show("prod-cache", (parts) => {
    parts.cache.addStream("jobs");
    more(parts);
  });
  const [, hole = ""] = out.split("It can fill the storage of account PROD:\n");
  expect(
    hole
      .split("\n")
      .find((line) => line.includes("opened by"))
      ?.trim(),
  ).toBe(`opened by ${lines}`);
});
