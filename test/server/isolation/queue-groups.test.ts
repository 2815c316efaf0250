import { PlatformNaming } from "../../../lib";
import type { User } from "../../../lib/access/accounts";
import type { Client } from "../../support/clients/client";
import { DIRECT, World } from "../world";
import { settle } from "./ground";

/** A platform whose apps share its account, and one whose apps are isolated. */
const PLATFORMS = [{ name: "shared" }, { name: "apart", isolated: ["convex", "cache"] }] as const;

/** How many events are sent. */
const EVENTS = 40;

let world: World;

beforeAll(async () => {
  world = await World.start(PLATFORMS);
}, 30_000);

afterAll(() => world?.stop(), 30_000);

const users = (): User[] =>
  world.rendered.model.flatMap((account) => account.users).filter(({ queueGroup }) => queueGroup !== undefined);

/** What a user may subscribe to that others may subscribe to as well. */
const patternsOf = ({ permissions }: User) => [
  ...new Set(permissions.subscribe.filter(({ queue }) => queue !== undefined).map(({ subject }) => subject)),
];

/** The subscriptions in a queue group that the server refuses a client. */
async function refusedIn(client: Client, patterns: readonly string[], queue: string): Promise<string[]> {
  const before = client.refusals.length;
  for (const pattern of patterns) await client.subscribe(pattern, undefined, queue);
  await client.flush();
  return client.refusals.slice(before).map(({ subject }) => subject.split(/[ "]/)[0] ?? "");
}

test("no user may join the queue group of another, wherever both may subscribe, and each may use its own", async () => {
  const groups = [...new Set(users().map(({ queueGroup = "" }) => queueGroup))];
  expect(groups.sort()).toEqual([
    "apart",
    "apart-cache",
    "apart-convex",
    "monitor",
    "shared",
    "shared-cache",
    "shared-convex",
  ]);
  let tried = 0;
  for (const user of users()) {
    const client = await world.connect(DIRECT, user.name);
    const patterns = patternsOf(user);
    expect(patterns.length).toBeGreaterThan(0);
    for (const group of groups.flatMap((each) => [each, `${each}.workers`])) {
      const own = group === user.queueGroup || group.startsWith(`${user.queueGroup}.`);
      expect([user.name, group, await refusedIn(client, patterns, group)]).toEqual([
        user.name,
        group,
        own ? [] : patterns,
      ]);
      tried += patterns.length;
    }
    expect(await refusedIn(client, patterns, "workers")).toEqual(patterns);
    await client.close();
  }
  expect(tried).toBeGreaterThan(100);
}, 30_000);

test("only inboxes and what no other user may subscribe to have no queue groups", () => {
  const model = world.rendered.model.flatMap((account) => account.users);
  for (const { name, permissions } of model) {
    const plain = permissions.subscribe.filter(({ queue }) => queue === undefined).map(({ subject }) => subject);
    const alone = /^apart-(convex|cache)/.test(name) ? /^(_INBOX|apart\.(convex|cache)\.|apart\._\.api\.)/ : /^_INBOX/;
    const grouped = new Set(
      permissions.subscribe.flatMap(({ subject, queue }) => (queue === undefined ? [] : subject)),
    );
    expect([name, plain.filter((subject) => !grouped.has(subject))]).toEqual([
      name,
      plain.filter((subject) => alone.test(subject)),
    ]);
  }
});

test.each(PLATFORMS)(
  "$name: each app gets all events, alone and in its own queue group, whatever the other tries",
  async ({ name }) => {
    const platform = PlatformNaming.of(name);
    const [convex, cache] = await Promise.all(
      ["convex", "cache"].map((app) => world.connect(DIRECT, world.speakerOf(platform.app(app)))),
    );
    const node = await world.connect(DIRECT, platform.nodeUser("node-1"));
    if (!convex || !cache) throw new Error("no app");
    const events = platform.componentSubjects("events");
    const own = await Promise.all([cache.subscribe(events, undefined, `${name}-cache`), cache.subscribe(events)]);
    const foreign = await convex.subscribe(events, undefined, `${name}-cache`);
    const others = await Promise.all([convex.subscribe(events, undefined, `${name}-convex`), convex.subscribe(events)]);
    for (let index = 0; index < EVENTS; index++) node.publish(platform.subject("events", "user.created"), `${index}`);
    await node.flush();
    await settle();
    for (const client of [convex, cache]) await client.flush();
    const counts = [...own, ...others, foreign].map(({ messages }) => messages.length);
    expect(counts).toEqual([EVENTS, EVENTS, EVENTS, EVENTS, 0]);
  },
);
