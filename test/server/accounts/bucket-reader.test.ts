import { BucketReader } from "../../../lib/cli/follow/bucket-reader";
import type { Reading } from "../../../lib/cli/follow/proposal";
import { TestServer } from "../../../scripts/tools/nats-server";
import { AccessBucket, accessAccounts } from "../../support/access-bucket";

let server: TestServer;
let bucket: AccessBucket;
let reader: BucketReader;
const { env } = process;

beforeAll(async () => {
  server = await TestServer.start({ accounts: accessAccounts(["prod", "dev"]) });
  process.env = { ...env, NATS_URL: server.url, NATS_READER_PASSWORD: "reader" };
});
beforeEach(async () => {
  bucket = await AccessBucket.at(server.url, "prod", "prod-access-terraform", "writer");
  reader = new BucketReader(["prod", "dev"]);
});
afterEach(async () => {
  await reader.close();
  await bucket.destroy();
  await bucket.close();
});
afterAll(async () => {
  process.env = env;
  await server?.stop();
});

const found = async () => {
  const [prod] = await reader.read();
  if (prod?.kind !== "read") return prod;
  return [...prod.documents]
    .sort((one, other) => one.revision - other.revision)
    .map(({ key, text, revision }) => [key, text, revision]);
};
const versionOf = ([prod]: readonly Reading[]) => (prod?.kind === "read" ? prod.version : undefined);
const many = (count: number, text: string) =>
  Array.from({ length: count }, (_, index) => ({ key: `access.users.prod-${index}`, text: `${text}-${index}` }));

test("documents are read as they change, are deleted and come again, with their revisions", async () => {
  expect(await found()).toEqual([]);
  await bucket.write({ key: "access.users.a", text: "1" }, { key: "access.stacks.shop/nats", text: "2" });
  expect(await found()).toEqual([
    ["access.users.a", "1", 1],
    ["access.stacks.shop/nats", "2", 2],
  ]);
  const before = versionOf(await reader.read());
  expect(versionOf(await reader.read())).toBe(before);
  await bucket.write({ key: "access.users.a", text: "ä" });
  await bucket.delete("access.stacks.shop/nats");
  expect(await found()).toEqual([["access.users.a", "ä", 3]]);
  await bucket.write({ key: "access.stacks.shop/nats", text: "3" });
  expect(await found()).toEqual([
    ["access.users.a", "ä", 3],
    ["access.stacks.shop/nats", "3", 5],
  ]);
});

test("what goes without a message is seen: a purge, another bucket of the same name", async () => {
  await bucket.write(...many(50, "old"));
  expect(await found()).toHaveLength(50);
  await bucket.purge();
  expect(await found()).toEqual([]);
  await bucket.write(...many(3, "x"));
  expect(await found()).toHaveLength(3);
  await bucket.destroy();
  await bucket.make();
  await bucket.write(...many(60, "new"));
  expect(await found()).toEqual(many(60, "new").map(({ key, text }, index) => [key, text, index + 1]));
});

test("what is read while others write is never a state without a key that was there all the time", async () => {
  await bucket.write(...many(300, "first"));
  const writing = (async () => {
    for (let round = 0; round < 5; round++) await bucket.write(...many(300, `round-${round}`));
  })();
  for (let reads = 0; reads < 10; reads++) {
    const fresh = new BucketReader(["prod"]);
    const [prod] = await fresh.read();
    expect(prod?.kind === "read" && prod.documents.length).toBe(300);
    await fresh.close();
    expect(await found()).toHaveLength(300);
  }
  await writing;
  expect((await found()) as unknown[]).toEqual(
    many(300, "round-4").map(({ key, text }, index) => [key, text, 1501 + index]),
  );
});

test("a bucket that cannot be read says why, and no other is held up", async () => {
  expect((await reader.read())[1]).toMatchObject({ kind: "unreadable", why: "there is no bucket dev_access yet" });
  expect((await reader.read())[0]).toMatchObject({ kind: "read" });
  const unknown = new BucketReader(["staging"]);
  expect(await unknown.read()).toEqual([
    { kind: "unreadable", platform: "staging", why: expect.stringMatching(/Permissions Violation/i) },
  ]);
  await unknown.close();
  process.env.NATS_READER_PASSWORD = "wrong";
  const refused = new BucketReader(["prod"]);
  expect((await refused.read())[0]).toMatchObject({ why: expect.stringMatching(/no connection of the reader: Auth/) });
  process.env.NATS_READER_PASSWORD = "reader";
  expect((await refused.read())[0]).toMatchObject({ kind: "read" });
  await refused.close();
});

test("a server that goes is told, and its bucket is read again when it is back", async () => {
  await bucket.write(...many(5, "x"));
  expect(await found()).toHaveLength(5);
  await bucket.close();
  await server.halt();
  expect(await found()).toMatchObject({ kind: "unreadable" });
  await server.restart();
  bucket = await AccessBucket.at(server.url, "prod", "prod-access-terraform", "writer");
  for (let tries = 0; tries < 5 && !Array.isArray(await found()); tries++);
  expect(await found()).toHaveLength(5);
}, 30_000);
