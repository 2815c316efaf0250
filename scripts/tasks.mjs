import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const root = fileURLToPath(new URL("..", import.meta.url));

const MIN_NODE = 20;

/** Runs a command in the project's folder and shows what it prints; throws when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} ended with status ${status}`);
}

/** Installs the packages of a folder as its lock file has them, unless they are there already. */
export function ensureInstalled(folder = root) {
  const installed = join(folder, "node_modules", ".package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(`Installing packages in ${folder} …`);
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
}

/** Generates the sources that are not in the repository: the bindings and the script of the page. */
export function generate() {
  run(process.execPath, ["scripts/bindings/generate.mjs"]);
  run(process.execPath, ["scripts/page.mjs"]);
}

/** Compiles the library to `build/`, and writes its signatures. */
export function compile() {
  run(process.execPath, ["node_modules/jsii/bin/jsii", "--silence-warnings=reserved-word"], {
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "20" },
  });
  run(process.execPath, ["scripts/signatures.mjs"]);
}

/** Generates what is not in the repository, and compiles the library. */
export function build() {
  generate();
  compile();
}

/** Runs a task as the whole program: says what failed, without a stack trace, and exits with 1. */
export async function main(task) {
  try {
    const version = Number(process.versions.node.split(".")[0]);
    if (version < MIN_NODE) throw new Error(`Node ${MIN_NODE} or newer is needed; this is ${process.versions.node}`);
    await task();
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
