import type { Attack } from "./attacks";
import type { Ground } from "./ground";

/** Lets an attack begin where it has not had its effect yet. */
export async function begin(ground: Ground, attack: Attack): Promise<void> {
  await attack.before?.(ground);
  expect(await attack.works(ground)).toBe(false);
}

/** Runs an attack that has begun. */
export async function run(ground: Ground, attack: Attack): Promise<void> {
  await attack.run(ground);
  await ground.attacker.flush();
}
