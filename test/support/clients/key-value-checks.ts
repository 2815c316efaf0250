import type { PlatformNaming } from "../../../lib";
import { type Client, collect, type Entry, type Headers, type Iteration } from "./client";
import { assertEqual, assertRejects, bytes, type Checks, type Scene, unique } from "./scene";

/** The time to live of what is to expire while a check waits, and of what is not. */
const [SHORT, LONG] = ["3s", "60s"];
const LARGE = "x".repeat(100_000);
const LARGE_COUNT = 30;

/** Lets the keeper write a key, so that a check of reading needs no permission to write. */
async function written({ keeper, app }: Scene, key: string, ...values: string[]): Promise<number[]> {
  const revisions: number[] = [];
  for (const value of values) revisions.push((await keeper.store(`$KV.${app.keyValueStore}.${key}`, value)).seq);
  return revisions;
}

/** What the keeper reads of a key. */
async function readByKeeper({ keeper, app }: Scene, key: string): Promise<string | undefined> {
  const entry = await (await keeper.keyValue(app.keyValueStore)).get(key);
  return entry && isValue(entry) ? entry.string() : undefined;
}

/** Whether an entry is a value: the mark of an expired key is a `PUT` without content to some clients. */
const isValue = ({ operation, length }: Entry) => operation === "PUT" && length > 0;

const isHeld = (entry: Entry | null) => entry !== null && isValue(entry);

const open = ({ client, app }: Scene) => client.keyValue(app.keyValueStore);

/** Takes or renews a key with a time to live, as long as its last revision is the expected one; 0 is none. */
const claim = ({ client }: Scene, subject: string, value: string, revision: number, ttl = LONG) =>
  client.store(subject, value, ttlHeaders(revision, ttl));

const ttlHeaders = (revision: number, ttl = LONG): Headers => ({
  "Nats-TTL": ttl,
  "Nats-Expected-Last-Subject-Sequence": String(revision),
});

const WRONG_REVISION = "wrong last sequence";

/** Writes a large value and waits until a watcher has it, until that is more than flow control lets pass unanswered. */
async function watchLarge(updates: Iteration<Entry>, write: () => Promise<unknown>): Promise<void> {
  let writing = write();
  await collect("watch", updates, (all) => {
    const enough = all.length >= LARGE_COUNT;
    if (all.length > 0 && !enough) writing = write();
    return enough;
  });
  await writing;
}

export const KEY_VALUE_CHECKS = {
  "kv.get": {
    "kv: status": async (scene) => {
      const bucket = await open(scene);
      assertEqual("bucket", (await bucket.status()).bucket, scene.app.keyValueStore);
    },
    "kv: get": async (scene) => {
      const key = unique("get");
      await written(scene, key, "one", "two");
      assertEqual("value", (await (await open(scene)).get(key))?.string(), "two");
    },
    "kv: get of a missing key": async (scene) => {
      assertEqual("entry", await (await open(scene)).get(unique("missing")), null);
    },
    "kv: get of a revision": async (scene) => {
      const key = unique("revision");
      const [revision = 0] = await written(scene, key, "one", "two");
      assertEqual("value", (await (await open(scene)).get(key, { revision }))?.string(), "one");
    },
  },
  "kv.watch": {
    "kv: keys": async (scene) => {
      const key = unique("keys");
      await written(scene, `${key}.a`, "one", "two");
      await written(scene, `${key}.b`, "one");
      const keys = await (await open(scene)).keys(`${key}.>`);
      assertEqual("keys", (await collect("keys", keys, (all) => all.length === 2)).sort(), [`${key}.a`, `${key}.b`]);
    },
    "kv: history": async (scene) => {
      const key = unique("history");
      await written(scene, key, "one", "two", "three");
      const entries = await collect("history", await (await open(scene)).history({ key }), (all) => all.length === 3);
      assertEqual("values", entries.map((entry) => entry.string()).join(), "one,two,three");
    },
    "kv: watch": async (scene) => {
      const key = unique("watch");
      const updates = await (await open(scene)).watch({ key });
      await written(scene, key, "one", "two");
      const entries = await collect("watch", updates, (all) => all.length === 2);
      assertEqual("values", entries.map((entry) => entry.string()).join(), "one,two");
    },
    "kv: watch of several keys": async (scene) => {
      const key = unique("several");
      const updates = await (await open(scene)).watch({ key: [`${key}.a`, `${key}.b`] });
      await written(scene, `${key}.a`, "one");
      await written(scene, `${key}.b`, "two");
      const entries = await collect("watch", updates, (all) => all.length === 2);
      assertEqual("values", entries.map((entry) => entry.string()).join(), "one,two");
    },
    "kv: watch beyond 2 MB": async (scene) => {
      const key = unique("large");
      const updates = await (await open(scene)).watch({ key });
      await watchLarge(updates, () => written(scene, key, LARGE));
    },
  },
  "kv.write": {
    "kv: put": async (scene) => {
      const key = unique("put");
      await (await open(scene)).put(key, bytes("one"));
      assertEqual("value", await readByKeeper(scene, key), "one");
    },
    "kv: create, once": async (scene) => {
      const [key, bucket] = [unique("create"), await open(scene)];
      await bucket.create(key, bytes("one"));
      await assertRejects("second create", bucket.create(key, bytes("two")), WRONG_REVISION);
      assertEqual("value", await readByKeeper(scene, key), "one");
    },
    "kv: create of a deleted key": async (scene) => {
      const [key, bucket] = [unique("recreate"), await open(scene)];
      await bucket.create(key, bytes("one"));
      await bucket.delete(key);
      await bucket.create(key, bytes("two"));
      assertEqual("value", await readByKeeper(scene, key), "two");
    },
    "kv: update": async (scene) => {
      const [key, bucket] = [unique("update"), await open(scene)];
      const [revision = 0] = await written(scene, key, "one");
      await bucket.update(key, bytes("two"), revision);
      await assertRejects("update of an old revision", bucket.update(key, bytes("three"), revision), WRONG_REVISION);
      assertEqual("value", await readByKeeper(scene, key), "two");
    },
    "kv: delete": async (scene) => {
      const key = unique("delete");
      await written(scene, key, "one");
      await (await open(scene)).delete(key);
      assertEqual("value", await readByKeeper(scene, key), undefined);
    },
    "kv: purge": async (scene) => {
      const key = unique("purge");
      await written(scene, key, "one", "two");
      await (await open(scene)).purge(key);
      assertEqual("value", await readByKeeper(scene, key), undefined);
    },
    "kv: lock that expires": async (scene) => {
      const key = unique("lock.lock");
      const subject = `$KV.${scene.app.keyValueStore}.${key}`;
      const updates = await (await scene.keeper.keyValue(scene.app.keyValueStore)).watch({ key });
      await claim(scene, subject, "mine", 0, SHORT);
      await assertRejects("second lock", claim(scene, subject, "other", 0), WRONG_REVISION);
      const entries = await collect("expiry", updates, (all) => all.length === 2);
      assertEqual("values", entries.map(isValue), [true, false]);
    },
  },
  "kv.purgeDeletes": {
    "kv: purge deletes": async (scene) => {
      const [key, bucket] = [unique("purge-deletes"), await open(scene)];
      await bucket.put(key, bytes("one"));
      await bucket.delete(key);
      await bucket.purgeDeletes(-60_000);
      assertEqual("entry", await (await scene.keeper.keyValue(scene.app.keyValueStore)).get(key), null);
    },
  },
  "kv.election": {
    "kv: election, renewal and expiry": async (scene) => {
      const [key, bucket] = [unique("election.leader"), await open(scene)];
      const subject = `$KV.${scene.app.keyValueStore}.${key}`;
      const updates = await bucket.watch({ key });
      const elected = await claim(scene, subject, "first", 0, SHORT);
      assertEqual("leader", (await bucket.get(key))?.string(), "first");
      await assertRejects("second leader", bucket.create(key, bytes("second")), WRONG_REVISION);
      await claim(scene, subject, "first", elected.seq, SHORT);
      const entries = await collect("expiry", updates, (all) => all.length === 3);
      assertEqual("values", entries.map(isValue), [true, true, false]);
      await claim(scene, subject, "second", entries.at(-1)?.revision ?? 0);
      assertEqual("next leader", (await bucket.get(key))?.string(), "second");
    },
  },
} satisfies { [capability: string]: Checks };

/** Removes what is left of a lock of the platform. */
async function cleared(node: Client, platform: PlatformNaming, lockName: string): Promise<void> {
  const filter = platform.keySubject("lock", lockName);
  await node.request(`$JS.API.STREAM.PURGE.KV_${platform.keyValueStore}`, JSON.stringify({ filter }));
}

/** Keys of the platform's bucket; nats.js reads them with `allow_direct` only. */
export const SHARED_KEY_CHECKS = {
  "sharedKv.readKey": {
    "platform config: get": async ({ messaging: client, node, platform, configName, domain }) => {
      const written = await node.store(platform.keySubject("config", configName), "value");
      const bucket = await client.keyValue(platform.keyValueStore, true, domain);
      const entry = await bucket.get(platform.key("config", configName));
      assertEqual("found", entry !== null && entry.revision >= written.seq, true);
    },
    "platform config: watch beyond 2 MB": async ({ messaging: client, node, platform, configName, domain }) => {
      const subject = platform.keySubject("config", configName);
      const bucket = await client.keyValue(platform.keyValueStore, true, domain);
      const updates = await bucket.watch({ key: platform.key("config", configName) });
      await watchLarge(updates, () => node.store(subject, LARGE));
    },
  },
  "sharedKv.writeKey": {
    "platform lock: take and release": async ({ client, node, platform, lockName }) => {
      await cleared(node, platform, lockName);
      const [key, subject] = [platform.key("lock", lockName), platform.keySubject("lock", lockName)];
      const bucket = await client.keyValue(platform.keyValueStore, true);
      await client.store(subject, "mine", ttlHeaders(0));
      assertEqual("holder", (await bucket.get(key))?.string(), "mine");
      await assertRejects("second holder", bucket.create(key, bytes("other")), WRONG_REVISION);
      await bucket.delete(key);
      assertEqual("after release", isHeld(await bucket.get(key)), false);
    },
    "platform lock: watch": async ({ client, node, platform, lockName }) => {
      await cleared(node, platform, lockName);
      const [key, subject] = [platform.key("lock", lockName), platform.keySubject("lock", lockName)];
      const updates = await (await client.keyValue(platform.keyValueStore, true)).watch({ key });
      await node.store(subject, "held", ttlHeaders(0));
      await collect("watch", updates, (all) => all.some(isValue));
      await (await node.keyValue(platform.keyValueStore)).delete(key);
      await collect("release", await (await client.keyValue(platform.keyValueStore, true)).watch({ key }), (all) =>
        all.some((entry) => !isValue(entry)),
      );
    },
  },
} satisfies { [capability: string]: Checks };
