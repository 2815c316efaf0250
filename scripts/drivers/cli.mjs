import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The version that is installed where none is found, and what the version of one that will do begins with. */
const VERSION = "v0.5.1";
const SERIES = /^v?0\.5\./;
const INSTALL = `go install github.com/nats-io/natscli/nats@${VERSION}`;

const isRight = (program) => SERIES.test(spawnSync(program, ["--version"], { encoding: "utf8" }).stdout?.trim() ?? "");

/**
 * The program `nats`: the one in PATH, else one that is installed by go.
 *
 * @throws if there is none and go is not there either
 */
function natsProgram(folder) {
  const installed = join(folder, process.platform === "win32" ? "nats.exe" : "nats");
  const found = ["nats", installed].find(isRight);
  if (found) return found;
  const [command, ...args] = INSTALL.split(" ");
  console.log(`Installing nats ${VERSION} …`);
  const { error, status, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, GOBIN: folder },
  });
  if (error) throw new Error(`nats 0.5 is not in PATH, and go, to install it, is not there: ${INSTALL}`);
  if (status !== 0) throw new Error(`${INSTALL} failed:\n${stderr}`);
  return installed;
}

/** The command of the driver, which is run as it is and needs the program `nats`. */
export function build({ sources, folder }) {
  return [process.execPath, join(sources, "driver.mjs"), natsProgram(folder)];
}
