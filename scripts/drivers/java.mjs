import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const MAIN_CLASS = "driver.Main";

/** The oldest Java that will do. */
const MINIMUM = 17;

const INSTALL_JAVA = `Java ${MINIMUM} or newer is needed: apt-get install openjdk-${MINIMUM}-jdk-headless, or brew install openjdk`;
const INSTALL_MAVEN = "Maven is needed: apt-get install maven, or brew install maven";

/**
 * Builds the driver for Java with Maven, which keeps the libraries in its own local repository as well. Nothing is done
 * if the sources are those of the last build.
 *
 * @returns the command that runs the driver
 * @throws if Java or Maven is missing, with the commands that install it, or if the build fails
 */
export function build({ sources, folder }) {
  if (javaVersion() < MINIMUM) throw new Error(INSTALL_JAVA);
  const [target, stamp] = [join(folder, "target"), join(folder, "sources.sha256")];
  const digest = digestOf(sources);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== digest) {
    rmSync(stamp, { force: true });
    compile(sources, target);
    writeFileSync(stamp, digest);
  }
  return ["java", "-cp", [join(target, "classes"), join(target, "lib", "*")].join(delimiter), MAIN_CLASS];
}

/** The major version of the Java in PATH, or 0 if there is none. */
function javaVersion() {
  const { stderr } = spawnSync("java", ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr ?? "")?.[1] ?? 0);
}

function compile(sources, target) {
  rmSync(target, { recursive: true, force: true });
  const options = ["--quiet", "--batch-mode", "--file", join(sources, "pom.xml"), `-DbuildFolder=${target}`];
  const { error, status, stdout } = spawnSync("mvn", [...options, "compile"], { encoding: "utf8" });
  if (error) throw new Error(INSTALL_MAVEN);
  if (status !== 0) throw new Error(`mvn compile ended with status ${status}:\n${stdout}`);
}

/** A digest of all files of a folder, with their names. */
function digestOf(folder) {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash.update(path).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}
