import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HELP = `python3 with venv and pip is needed. Install it by one of
    apt install python3-venv
    brew install python`;

function runPython(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error) throw new Error(`${error.message}. ${HELP}`);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${`${stdout}${stderr}`.trim()}\n${HELP}`);
}

/** Makes an environment with the driver's requirements, unless there is one with the same. */
function install(requirements, folder) {
  const environment = join(folder, "venv");
  const python = join(environment, "bin", "python");
  const installed = join(environment, "requirements.txt");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) return python;
  runPython("python3", ["-m", "venv", "--clear", environment]);
  const options = ["--quiet", "--no-cache-dir", "--disable-pip-version-check"];
  runPython(python, ["-m", "pip", "install", ...options, "-r", requirements]);
  writeFileSync(installed, wanted);
  return python;
}

/**
 * Builds the driver of nats-py.
 *
 * @returns the command that runs it; `-B` keeps the interpreter from writing beside the sources
 * @throws if there is no python3, with the commands that install it
 */
export function build({ sources, folder }) {
  const python = install(join(sources, "requirements.txt"), folder);
  return [python, "-B", "-u", join(sources, "driver.py")];
}
