import { ALL_CHECKS, LONE_CHECKS } from "../support/clients/checks";
import { VARIANTS, type Variant } from "../support/clients/client";
import { endsAsExpected, exceptionOf } from "../support/clients/exceptions";
import { type Check, eachOf, Outcomes } from "../support/clients/outcomes";
import { type Scene, unique } from "../support/clients/scene";
import { ALL } from "../support/sample";
import { type TestPlatform, World } from "./world";

const BOTH = [false, true];

/**
 * Ways in which an app can be declared for a variant of a client; each is a platform, so an account, of its own. The lines of
 * one client and those of an inbox have nothing to do with each other, so both are tried at once; one way of a library with
 * the lines of all clients, the other with its own, unless all are asked for.
 */
const platforms = VARIANTS.flatMap((variant, index) =>
  (ALL ? BOTH : [index % 4 === 1 || index % 4 === 2]).flatMap((privateInbox) =>
    (ALL ? BOTH : [privateInbox]).map((narrowed) => ({
      variant,
      name: [variant.name, ...(privateInbox ? ["private"] : []), ...(narrowed ? ["narrowed"] : [])].join("-"),
      privateInbox,
      clients: narrowed ? [variant.client] : undefined,
    })),
  ),
) satisfies (TestPlatform & { variant: Variant })[];

/** How many platforms are tested at a time. */
const CONCURRENCY = 2;

let world: World;
const outcomes = new Outcomes();

async function runPlatform({ name, variant }: (typeof platforms)[number]): Promise<void> {
  const [app, node] = await Promise.all([world.appScene(name, variant), world.nodeScene(name, variant)]);
  const checks = new Map<string, Check>();
  for (const [check, run] of ALL_CHECKS) {
    const [ofApp, ofNode] = [`${name} app ${check}`, `${name} node ${check}`];
    if (LONE_CHECKS.has(check)) {
      await outcomes.run(new Map([[ofApp, () => run(app)]]));
      await outcomes.run(new Map([[ofNode, () => run(node)]]));
    } else {
      checks.set(ofApp, () => run(app)).set(ofNode, () => run(node));
    }
  }
  checks.set(`${name} monitor live`, () => monitorLive(app, variant));
  checks.set(`${name} monitor history`, () => monitorHistory(app, variant));
  await outcomes.run(checks);
}

beforeAll(async () => {
  world = await World.start(platforms);
  await eachOf(platforms, CONCURRENCY, runPlatform);
}, 300_000);

afterAll(() => world?.stop(), 30_000);

async function monitorLive({ app, client, platform }: Scene, variant: Variant): Promise<void> {
  const monitor = await world.connect(variant, "monitor");
  const health = await monitor.subscribe(`${platform.platform}.*.health.>`);
  const audit = await monitor.subscribe(platform.componentSubjects("audit"));
  const text = unique("text");
  client.publish(app.subject("health", "status"), text);
  client.publish(app.auditSubject("query"), text);
  await health.first((message) => message.string() === text);
  await audit.first((message) => message.string() === text);
}

async function monitorHistory({ app, client, platform }: Scene, variant: Variant): Promise<void> {
  await client.store(app.auditSubject("query"), "stored");
  const monitor = await world.connect(variant, "monitor");
  const texts = await monitor.fetch(platform.auditStream, "monitor", 1, platform.platform);
  expect(texts).toHaveLength(1);
}

describe.each(platforms.map(({ name, variant }) => [name, variant] as const))("%s", (platform, variant) => {
  describe.each(["app", "node"])("%s", (user) => {
    test.each([...ALL_CHECKS.keys()])("%s", (check) => {
      const outcome = outcomes.of(`${platform} ${user} ${check}`);
      expect([outcome, endsAsExpected(outcome, exceptionOf(check, variant.client, "shared"))]).toEqual([outcome, true]);
    });
  });

  test.each(["live", "history"])("monitor %s", (what) => {
    expect(outcomes.of(`${platform} monitor ${what}`)).toBe("works");
  });
});
