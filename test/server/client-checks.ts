import { ALL_CHECKS } from "../support/clients/checks";
import { FURTHER_VARIANTS, Unsupported, VARIANTS, type Variant, within } from "../support/clients/client";
import { stopDrivers } from "../support/clients/drivers";
import type { Scene } from "../support/clients/scene";
import { World } from "./world";

/** After how many milliseconds a check counts as failed. */
const LIMIT = 15_000;

/** Runs every check with each named client, as the app and as a node, and says what fails. */
async function main(names: readonly string[]): Promise<void> {
  const variants = [...VARIANTS, ...FURTHER_VARIANTS].filter(({ name }) => names.includes(name));
  let [passed, failed] = [0, 0];
  for (const variant of variants) {
    const world = await World.start([{ name: variant.name }]);
    try {
      for (const [user, scene] of await scenes(world, variant)) {
        for (const [name, check] of ALL_CHECKS) {
          const outcome = await within(name, check(scene), LIMIT).then(
            () => "works",
            (error) => (error instanceof Unsupported ? `cannot: ${error.message}` : String(error)),
          );
          if (outcome === "works") passed++;
          else if (!outcome.startsWith("cannot")) failed++;
          if (outcome !== "works") {
            const refusals = scene.client.refusals.splice(0).map(({ operation, subject }) => `${operation} ${subject}`);
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

async function scenes(world: World, variant: Variant): Promise<[string, Scene][]> {
  return [
    ["node", await world.nodeScene(variant.name, variant)],
    ["app", await world.appScene(variant.name, variant)],
  ];
}

void main(process.argv.slice(2));
