import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** Where the installers for macOS put it. */
const APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const HELP = `Chromium is needed for the tests of the report page and could not be installed. Install it by one of
    sudo apt-get install -y chromium
    brew install --cask chromium
or name one in CHROMIUM.`;

const runs = (program) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;

function find() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [
    process.env.CHROMIUM,
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...APPLICATIONS,
  ];
  return candidates.find((each) => each && existsSync(each) && runs(each));
}

function installWithApt() {
  if (process.getuid?.() !== 0) return;
  console.log("Installing Chromium …");
  spawnSync("apt-get", ["update", "-qq"]);
  spawnSync("apt-get", ["install", "-y", "-qq", "chromium"], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

/**
 * The path of a Chromium: the one in CHROMIUM, else one of the machine's, else one that apt installs where it may.
 *
 * @throws if there is none, with the commands that install it
 */
export function chromium() {
  const there = find();
  if (there) return there;
  installWithApt();
  const installed = find();
  if (!installed) throw new Error(HELP);
  return installed;
}
