import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../support/clients/client";
import type { Scene } from "../support/clients/scene";
import { DIRECT, World } from "./world";

/** What another app's data and the platform's data are called, for an attacker. */
interface Attack extends Scene {
  /** The attacker: the app `convex`, with the permissions that it was given. */
  readonly client: Client;
  /** A key of the victim's bucket. */
  readonly victimKey: string;
  /** A key of the attacker's own bucket, and the subject that reads it. */
  readonly ownKey: string;
  readonly readOwnKey: string;
}

/** Something that users of one account can do to each other, although no permission says so. */
type Door = (attack: Attack) => Promise<void>;

const KEY = "x";

async function eventually<T>(what: string, look: () => Promise<T>, condition: (value: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const value = await look();
    if (condition(value)) return value;
    await sleep(15);
  }
  throw new Error(`${what} did not happen within 3 s`);
}

/** The time in which an effect would have shown. */
const settle = () => sleep(150);

const victimValue = async ({ node, otherApp }: Attack) =>
  (await (await node.keyValue(otherApp.keyValueStore)).get(KEY))?.string();

async function messagesIn({ node }: Attack, stream: string): Promise<number | undefined> {
  return JSON.parse((await node.request(`$JS.API.STREAM.INFO.${stream}`)).string()).state?.messages;
}

const becomes = (attack: Attack, condition: (value: string | undefined) => boolean) =>
  eventually("a write to the victim's key", () => victimValue(attack), condition);

/** A push consumer on the attacker's own stream, whose messages go to a subject of the victim. */
async function deliverTo({ client, app }: Attack, subject: string): Promise<void> {
  const config = { name: "attack", deliver_subject: subject, deliver_policy: "all", ack_policy: "none" };
  const body = JSON.stringify({ stream_name: app.walStream, config });
  const answer = JSON.parse((await client.request(`$JS.API.CONSUMER.CREATE.${app.walStream}.attack`, body)).string());
  expect(answer.error).toBeUndefined();
  await client.store(app.subject("wal", "frames"), "delivered");
}

/** Open with the permissions that an app needs, in the account that it shares with others. */
const OPEN: { readonly [name: string]: Door } = {
  "a read of one's own key writes chosen bytes into another app's bucket": async (attack) => {
    await attack.client.store(attack.ownKey, "chosen");
    attack.client.publish(attack.readOwnKey, "", { reply: attack.victimKey });
    await becomes(attack, (value) => value === "chosen");
  },
  "a read of one's own key makes a consumer that reads another app's bucket": async (attack) => {
    const { client, node, app, otherApp, victimKey, ownKey, readOwnKey } = attack;
    await node.store(victimKey, "secret");
    const stolen = await client.subscribe(app.subject("note", "stolen"));
    const config = { deliver_subject: app.subject("note", "stolen"), deliver_policy: "all", ack_policy: "none" };
    await client.store(ownKey, JSON.stringify({ stream_name: `KV_${otherApp.keyValueStore}`, config }));
    client.publish(readOwnKey, "", { reply: `$JS.API.CONSUMER.CREATE.KV_${otherApp.keyValueStore}` });
    await stolen.first((message) => message.string() === "secret");
  },
  "a read of a key that does not exist deletes any stream": async (attack) => {
    const { client, platform, readOwnKey } = attack;
    client.publish(readOwnKey, "", { reply: `$JS.API.STREAM.DELETE.${platform.eventsStream}` });
    await eventually(
      "deletion",
      () => messagesIn(attack, platform.eventsStream),
      (messages) => messages === undefined,
    );
  },
  "a read of one's own key empties another app's bucket": async (attack) => {
    const { client, node, otherApp, victimKey, ownKey, readOwnKey } = attack;
    const stream = `KV_${otherApp.keyValueStore}`;
    await node.store(victimKey, "value");
    await client.store(ownKey, "{}");
    client.publish(readOwnKey, "", { reply: `$JS.API.STREAM.PURGE.${stream}` });
    await eventually(
      "purge",
      () => messagesIn(attack, stream),
      (messages) => messages === 0,
    );
  },
  "a look at one's own stream overwrites another app's key": async (attack) => {
    const { client, app, victimKey } = attack;
    client.publish(`$JS.API.STREAM.INFO.${app.walStream}`, "", { reply: victimKey });
    await becomes(attack, (value) => value?.includes("stream_info_response") ?? false);
  },
  "the acknowledgement of a stored message overwrites another app's key": async (attack) => {
    const { client, app, victimKey } = attack;
    client.publish(app.subject("wal", "frames"), "any", { reply: victimKey });
    await becomes(attack, (value) => value?.includes(app.walStream) ?? false);
  },
  "a fetch from one's durable consumer speaks to another app in the platform's name": async (attack) => {
    const { client, node, other, platform, otherApp, eventsConsumer } = attack;
    await node.store(platform.subject("events", "user.created"), "spoofed");
    const arrivals = await other.subscribe(otherApp.subject("note", "any"));
    const next = `$JS.API.CONSUMER.MSG.NEXT.${platform.eventsStream}.${eventsConsumer}`;
    client.publish(next, "", { reply: otherApp.subject("note", "any") });
    await arrivals.first((message) => message.string() === "spoofed");
  },
  "a fetch from one's durable consumer stores its messages, under their subject, in another app's bucket": async (
    attack,
  ) => {
    const { client, node, platform, otherApp, eventsConsumer, victimKey } = attack;
    const event = platform.subject("events", "user.created");
    await node.store(event, "any");
    const next = `$JS.API.CONSUMER.MSG.NEXT.${platform.eventsStream}.${eventsConsumer}`;
    client.publish(next, "", { reply: victimKey });
    const stream = `KV_${otherApp.keyValueStore}`;
    await eventually(
      "delivery",
      () => messagesIn(attack, stream),
      (messages) => messages === 1,
    );
    const stored = await node.request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({ seq: 1 }));
    expect(JSON.parse(stored.string()).message.subject).toBe(event);
  },
  "a fetch from one's durable consumer stores its messages in the audit log": async (attack) => {
    const { client, node, platform, otherApp, eventsConsumer } = attack;
    await node.store(platform.subject("events", "user.created"), "any");
    const next = `$JS.API.CONSUMER.MSG.NEXT.${platform.eventsStream}.${eventsConsumer}`;
    client.publish(next, "", { reply: otherApp.auditSubject("query") });
    await eventually(
      "delivery",
      () => messagesIn(attack, platform.auditStream),
      (messages) => messages === 1,
    );
  },
  "a read of one's own key speaks to another app": async ({ client, other, otherApp, ownKey, readOwnKey }) => {
    await client.store(ownKey, "spoofed");
    const arrivals = await other.subscribe(otherApp.subject("note", "any"));
    client.publish(readOwnKey, "", { reply: otherApp.subject("note", "any") });
    await arrivals.first((message) => message.string() === "spoofed");
  },
  "an acknowledgement speaks to another app": async ({ client, other, app, otherApp }) => {
    const arrivals = await other.subscribe(otherApp.subject("note", "any"));
    client.publish(app.subject("wal", "frames"), "any", { reply: otherApp.subject("note", "any") });
    await arrivals.first((message) => message.string().includes(app.walStream));
  },
  "a consumer delivers to whoever subscribes to exactly its deliver subject": async (attack) => {
    const { other, otherApp } = attack;
    const arrivals = await other.subscribe(otherApp.subject("note", "literal"));
    await deliverTo(attack, otherApp.subject("note", "literal"));
    await arrivals.first((message) => message.string() === "delivered");
  },
  "a consumer delivers into a stream where somebody subscribes to exactly its deliver subject": async (attack) => {
    const { node, platform, otherApp } = attack;
    await node.subscribe(otherApp.auditSubject("query"));
    await deliverTo(attack, otherApp.auditSubject("query"));
    await eventually(
      "delivery",
      () => messagesIn(attack, platform.auditStream),
      (messages) => messages === 1,
    );
  },
  "a service writes its answer where the caller wants it": async (attack) => {
    const { client, other, otherApp, victimKey } = attack;
    await other.subscribe(otherApp.apiSubject("get"), (message) => message.respond("answer"));
    client.publish(otherApp.apiSubject("get"), "", { reply: victimKey });
    await becomes(attack, (value) => value === "answer");
  },
  "whoever may write one key of the platform's bucket can wipe it, by a roll-up": async (attack) => {
    const { client, platform, lockName } = attack;
    const stream = `KV_${platform.keyValueStore}`;
    expect(await messagesIn(attack, stream)).toBeGreaterThan(1);
    await client.store(platform.keySubject("lock", lockName), "any", { "Nats-Rollup": "all" });
    expect(await messagesIn(attack, stream)).toBe(1);
  },
  "whoever may read one key of the platform's bucket sees the names of all": async ({ client, platform }) => {
    const body = JSON.stringify({ subjects_filter: ">" });
    const info = await client.request(`$JS.API.STREAM.INFO.KV_${platform.keyValueStore}`, body);
    expect(info.string()).toContain(platform.key("access", `users.${platform.terraformUser}`));
  },
  "the names of all streams are shown to nats.js v2 and nats.py": async ({ client, platform }) => {
    const names = JSON.parse((await client.request("$JS.API.STREAM.NAMES")).string()).streams;
    expect(names).toContain(platform.auditStream);
  },
  "the replies to others can be read in the shared inbox": async ({ client, node, other, otherApp }) => {
    const replies = await client.subscribe("_INBOX.>");
    await other.subscribe(otherApp.apiSubject("get"), (message) => message.respond("confidential"));
    await node.request(otherApp.apiSubject("get"));
    await replies.first((message) => message.string() === "confidential");
  },
};

/** What looks like a door and is none. */
const CLOSED: { readonly [name: string]: Door } = {
  "a consumer does not deliver into another app's bucket by itself": async (attack) => {
    await deliverTo(attack, attack.victimKey);
    await settle();
    expect(await victimValue(attack)).toBeUndefined();
  },
  "a consumer does not call the API": async (attack) => {
    const { platform } = attack;
    await deliverTo(attack, `$JS.API.STREAM.DELETE.${platform.eventsStream}`);
    await settle();
    expect(await messagesIn(attack, platform.eventsStream)).toBe(0);
  },
  "a consumer of one key of the platform's bucket cannot be given another filter": async ({
    client,
    platform,
    lockName,
  }) => {
    const stream = `KV_${platform.keyValueStore}`;
    const subject = `$JS.API.CONSUMER.CREATE.${stream}.attack.${platform.keySubject("lock", lockName)}`;
    const create = async (filter: object) => {
      const config = { name: "attack", ack_policy: "none", ...filter };
      return JSON.parse((await client.request(subject, JSON.stringify({ stream_name: stream, config }))).string()).error
        ?.err_code;
    };
    expect(await create({ filter_subject: `$KV.${platform.keyValueStore}.>` })).toBe(10131);
    const several = [platform.keySubject("lock", lockName), platform.keySubject("access", "users.any")];
    expect(await create({ filter_subjects: several })).toBe(10137);
  },
  "a read of one key of the platform's bucket cannot be made to read another": async ({
    client,
    platform,
    configName,
  }) => {
    const subject = `$JS.API.DIRECT.GET.KV_${platform.keyValueStore}.${platform.keySubject("config", configName)}`;
    const answer = await client.request(subject, JSON.stringify({ seq: 1 }));
    expect(answer.headers?.code).toBe(408);
  },
};

/** Closed by servers from 2.12 on. */
const CLOSED_SINCE_2_12: { readonly [name: string]: Door } = {
  "the acknowledgement of a stored message empties another app's bucket": async (attack) => {
    const { client, node, app, otherApp, victimKey } = attack;
    const stream = `KV_${otherApp.keyValueStore}`;
    await node.store(victimKey, "value");
    client.publish(app.subject("wal", "frames"), "any", { reply: `$JS.API.STREAM.PURGE.${stream}` });
    await client.flush();
    await settle();
    expect(await messagesIn(attack, stream)).toBe(isOldServer() ? 0 : 1);
  },
  "the trace of a message is written into another app's bucket": async (attack) => {
    const { client, app, victimKey } = attack;
    client.publish(app.subject("note", "any"), "any", { headers: { "Nats-Trace-Dest": victimKey } });
    await client.flush();
    await settle();
    if (isOldServer()) expect(await victimValue(attack)).toContain("server");
    else expect(client.refusals).toEqual([{ operation: "publish", subject: victimKey }]);
  },
};

const platformOf = (index: number) => `door-${index}`;
const all = [...Object.entries(OPEN), ...Object.entries(CLOSED), ...Object.entries(CLOSED_SINCE_2_12)];
const PRIVATE = "private";

let world: World;
beforeAll(async () => {
  world = await World.start([
    ...all.map((_, index) => ({ name: platformOf(index) })),
    { name: PRIVATE, privateInbox: true },
  ]);
}, 30_000);
afterAll(() => world?.stop());

const isOldServer = () => /Version:\s+2\.11\./.test(world.server.log);

/** Tries a door in an account of its own. */
async function tryDoor(name: string): Promise<void> {
  const index = all.findIndex(([other]) => other === name);
  const scene = await world.appScene(platformOf(index), DIRECT);
  const ownKey = `$KV.${scene.app.keyValueStore}.own`;
  await all[index]?.[1]({
    ...scene,
    victimKey: `$KV.${scene.otherApp.keyValueStore}.${KEY}`,
    ownKey,
    readOwnKey: `$JS.API.DIRECT.GET.KV_${scene.app.keyValueStore}.${ownKey}`,
  });
}

describe("open between the apps of one account", () => {
  test.each(Object.keys(OPEN))("%s", tryDoor);
});

describe("closed", () => {
  test.each(Object.keys(CLOSED))("%s", tryDoor);

  test("private inboxes: an app sees its own replies, and those to others neither by its own inbox nor by `_INBOX.>`", async () => {
    const { client, node, other, app, otherApp } = await world.appScene(PRIVATE, DIRECT);
    const [own, shared] = [await client.subscribe(`${app.inboxPrefix}.>`), await client.subscribe("_INBOX.>")];
    await client.subscribe(`${otherApp.inboxPrefix}.>`);
    await other.subscribe(otherApp.apiSubject("get"), (message) => message.respond("confidential"));
    expect((await node.request(otherApp.apiSubject("get"))).string()).toBe("confidential");
    expect((await client.request(otherApp.apiSubject("get"))).string()).toBe("confidential");
    await client.flush();
    expect(own.messages).toHaveLength(1);
    expect(shared.messages).toHaveLength(0);
    expect(client.refusals.map(({ subject }) => subject)).toEqual(["_INBOX.>", `${otherApp.inboxPrefix}.>`]);
  });
});

describe("closed since nats-server 2.12", () => {
  test.each(Object.keys(CLOSED_SINCE_2_12))("%s", tryDoor);
});
