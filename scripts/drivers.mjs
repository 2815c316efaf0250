import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tasks.mjs";

/** The drivers by their names; each is built by the file of its language, which says what it needs. */
const BUILDERS = {
  go: "go",
  "go-legacy": "go",
  python: "python",
  cli: "cli",
  java: "java",
  rust: "rust",
};

/** The names of all drivers. */
export const DRIVERS = Object.keys(BUILDERS);

/**
 * Builds drivers into `node_modules/.cache/drivers`.
 *
 * @returns the command of each driver that could be built, and for each other one what is missing and how to install it
 */
export async function buildDrivers(names = DRIVERS) {
  const commands = {};
  const missing = {};
  for (const name of names) {
    if (!(name in BUILDERS)) throw new Error(`no driver ${name}; there are ${DRIVERS.join(", ")}`);
    const language = BUILDERS[name];
    const { build } = await import(`./drivers/${language}.mjs`);
    const folder = join(root, "node_modules", ".cache", "drivers", language);
    mkdirSync(folder, { recursive: true });
    const sources = join(root, "test", "support", "clients", "drivers", language);
    try {
      commands[name] = build({ name, sources, folder });
    } catch (error) {
      missing[name] = error.message;
    }
  }
  return { commands, missing };
}
