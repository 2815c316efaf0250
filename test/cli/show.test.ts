import { Isolation } from "../../lib";
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
  const { out } = show("prod-cache", more, { isolation: Isolation.ACCOUNT });
  expect(out).toMatch(/JetStream domain +prod/);
  expect(out).toContain('jetstream.NewWithDomain(nc, "prod")');
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
  const [, own = ""] = show("prod-convex", ({ convex }) => convex.usePlatformLock("x")).out.split("Only through holes");
  expect(own).toContain("Nats-Rollup: all deletes everything else in key-value bucket prod_platform");
});
