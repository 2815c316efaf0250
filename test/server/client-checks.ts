import { ALL_CHECKS } from "../support/clients/checks";
import { FURTHER_VARIANTS, VARIANTS, type Variant } from "../support/clients/client";
import { stopDrivers } from "../support/clients/drivers";
import { endsAsExpected, exceptionOf } from "../support/clients/exceptions";
import { outcomeOf } from "../support/clients/outcomes";
import { assertEqual, type Check, type Scene } from "../support/clients/scene";
import { World } from "./world";

/** After how many milliseconds a check counts as failed. */
const LIMIT = 15_000;

/** The platform on which a variant is tried by an isolated app. */
const apart = ({ name }: Variant) => `${name}-apart`;

/** Runs every check with each named client, as a node, an app and an isolated app, and says what fails. */
async function main(names: readonly string[]): Promise<void> {
  const variants = [...VARIANTS, ...FURTHER_VARIANTS].filter(({ name }) => names.includes(name));
  let [passed, failed] = [0, 0];
  for (const variant of variants) {
    const world = await World.start([{ name: variant.name }, { name: apart(variant), isolated: ["convex", "cache"] }]);
    try {
      for (const [user, scene] of await scenes(world, variant)) {
        for (const [name, check] of [...ALL_CHECKS, ...monitorChecks(world, variant)]) {
          const known = refusalsOf(scene).length;
          const outcome = await outcomeOf(name, check(scene), LIMIT);
          const exception = user === "node" ? undefined : exceptionOf(name, variant.client, user);
          const expected = endsAsExpected(outcome, exception) || outcome.startsWith("cannot: ");
          if (expected) passed++;
          else failed++;
          if (!expected) {
            const refusals = refusalsOf(scene).slice(known);
            console.log(`${variant.name} ${user} | ${name} | ${outcome} ${refusals.join(", ")}`);
          }
        }
      }
    } finally {
      await world.stop();
    }
  }
  stopDrivers();
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

const refusalsOf = ({ client, messaging }: Scene) =>
  [...new Set([client, messaging])].flatMap(({ refusals }) =>
    refusals.map((each) => `${each.operation} ${each.subject}`),
  );

/** What MONITOR gets of the audit log that is stored, with the client under test. */
const monitorChecks = (world: World, variant: Variant): [string, Check][] => [
  [
    "monitor: audit history",
    async ({ messaging, app, platform }) => {
      await messaging.store(app.auditSubject("query"), "stored");
      const monitor = await world.connect(variant, "monitor");
      const texts = await monitor.fetch(platform.auditStream, "monitor", 1, platform.platform);
      assertEqual("messages", texts.length, 1);
    },
  ],
];

async function scenes(world: World, variant: Variant): Promise<["node" | "shared" | "apart", Scene][]> {
  return [
    ["node", await world.nodeScene(variant.name, variant)],
    ["shared", await world.appScene(variant.name, variant)],
    ["apart", await world.appScene(apart(variant), variant)],
  ];
}

void main(process.argv.slice(2));
