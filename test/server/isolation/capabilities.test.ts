import { ALL_CHECKS, LONE_CHECKS } from "../../support/clients/checks";
import { VARIANTS, type Variant } from "../../support/clients/client";
import { endsAsExpected, exceptionOf } from "../../support/clients/exceptions";
import { type Check, eachOf, Outcomes } from "../../support/clients/outcomes";
import { type Scene, unique } from "../../support/clients/scene";
import { ALL } from "../../support/sample";
import { DIRECT, type TestPlatform, World } from "../world";

/** Every way in which the apps `convex`, which is tested, and `cache`, which calls and is called, can be kept apart. */
const KINDS = {
  apart: ["convex", "cache"],
  mixed: ["convex"],
  guest: ["cache"],
} as const satisfies { readonly [kind: string]: TestPlatform["isolated"] };

/** Each kind with one way of each library, unless all are asked for. */
const isTried = (variant: number, kind: number) => ALL || ((variant >> 1) + variant + kind) % 2 === 0;

const platforms = VARIANTS.flatMap((variant, index) =>
  Object.entries(KINDS)
    .filter((_, kind) => isTried(index, kind))
    .map(([kind, isolated]) => ({
      variant,
      kind,
      isolated,
      name: `${variant.name}-${kind}`,
      privateInbox: kind === "mixed",
    })),
);

/** How the app under test is kept apart on a platform of a kind. */
const whereOf = (kind: string) => (kind === "guest" ? "shared" : kind === "apart" ? "apart" : "isolated");

/** How many platforms are tested at a time. */
const CONCURRENCY = 3;

let world: World;
const outcomes = new Outcomes();

async function runPlatform({ name, variant }: (typeof platforms)[number]): Promise<void> {
  const scene = await world.appScene(name, variant);
  const checks = new Map<string, Check>();
  for (const [check, run] of ALL_CHECKS) {
    const title = `${name} ${check}`;
    if (LONE_CHECKS.has(check)) await outcomes.run(new Map([[title, () => run(scene)]]));
    else checks.set(title, () => run(scene));
  }
  for (const [check, run] of Object.entries(FURTHER)) checks.set(`${name} ${check}`, () => run(scene, variant));
  await outcomes.run(checks);
}

beforeAll(async () => {
  world = await World.start(platforms);
  await eachOf(platforms, CONCURRENCY, runPlatform);
}, 300_000);

afterAll(() => world?.stop(), 30_000);

/** What MONITOR gets of the app, and what a client that cannot open a bucket of another account can do in its place. */
const FURTHER: { readonly [name: string]: (scene: Scene, variant: Variant) => Promise<void> } = {
  "monitor: health": async ({ app, messaging: client, platform }, variant) => {
    const monitor = await world.connect(variant, "monitor");
    const health = await monitor.subscribe(`${platform.platform}.*.health.>`);
    const text = unique("text");
    client.publish(app.subject("health", "status"), text);
    await health.first((message) => message.string() === text);
  },
  "monitor: audit": async ({ app, messaging: client, platform }, variant) => {
    const monitor = await world.connect(variant, "monitor");
    const audit = await monitor.subscribe(platform.componentSubjects("audit"));
    const text = unique("text");
    await client.store(app.auditSubject("query"), text);
    const message = await audit.first((each) => each.string() === text);
    expect(message.subject).toBe(app.auditSubject("query"));
  },
  "monitor: audit history": async ({ app, messaging: client, platform }, variant) => {
    await client.store(app.auditSubject("query"), "stored");
    const monitor = await world.connect(variant, "monitor");
    expect(await monitor.fetch(platform.auditStream, "monitor", 1, platform.platform)).toHaveLength(1);
  },
  "platform config: a request for the key": async ({ messaging: client, node, platform, configName, domain }) => {
    const subject = platform.keySubject("config", configName);
    await node.store(subject, "value");
    const api = domain === undefined ? "$JS.API" : `$JS.${domain}.API`;
    const answer = await client.request(`${api}.DIRECT.GET.KV_${platform.keyValueStore}.${subject}`);
    expect(answer.headers?.get("Nats-Subject")).toBe(subject);
  },
  "events: of another app, live": async ({ messaging: client, other, platform }) => {
    const target = unique("other");
    const arrivals = await client.subscribe(platform.componentSubjects("events"));
    await other.store(platform.subject("events", `user.${target}`), "one");
    await arrivals.first(({ subject }) => subject === platform.subject("events", `user.${target}`));
  },
};

const NAMES = [...ALL_CHECKS.keys(), ...Object.keys(FURTHER)];

describe.each(platforms)("$name", ({ name, kind, variant }) => {
  test.each(
    NAMES.map((check) => {
      const exception = exceptionOf(check, variant.client, whereOf(kind));
      return [exception ? `${exception.is}: ${check}` : check, check, exception] as const;
    }),
  )("%s", (_, check, exception) => {
    const outcome = outcomes.of(`${name} ${check}`);
    expect([outcome, endsAsExpected(outcome, exception)]).toEqual([outcome, true]);
  });
});

test("Litestream writes to its store in the app's account, and is refused everything else", async () => {
  const litestream = await world.connect(DIRECT, "js3d-apart-convex-litestream");
  const store = "js3d-apart_convex_snapshots";
  expect(await litestream.store(`$O.${store}.C.chunk`, "any")).toMatchObject({ stream: `OBJ_${store}` });
  const refused = [
    "$KV.js3d-apart_convex.key",
    "js3d-apart.convex.wal.frames",
    "js3d-apart._.audit.convex.query",
    "js3d-apart._.outbox.events.user.created",
    "$JS.js3d-apart.API.CONSUMER.MSG.NEXT.js3d-apart_events.convex",
    "$JS.js3d-apart.API.STREAM.INFO.KV_js3d-apart_platform",
    "$JS.ACK.js3d-apart_events.convex.1.1.1.1.0",
    `$JS.API.STREAM.DELETE.OBJ_${store}`,
    "$JS.API.STREAM.INFO.KV_js3d-apart_convex",
  ];
  for (const subject of refused) litestream.publish(subject, "{}");
  await litestream.subscribe("js3d-apart._.events.>");
  await litestream.flush();
  expect(litestream.refusals.map(({ subject }) => subject)).toEqual([...refused, "js3d-apart._.events.>"]);
});
