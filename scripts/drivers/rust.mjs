import { spawnSync } from "node:child_process";
import { join } from "node:path";

const HELP = `cargo is needed, with Rust 1.89 or newer and a C compiler. Install it by
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh`;

/**
 * Builds the driver of async-nats.
 *
 * @returns the command that runs it
 * @throws if it cannot be built, with what is missing
 */
export function build({ sources, folder }) {
  if (spawnSync("cargo", ["--version"]).status !== 0) throw new Error(HELP);
  const manifest = join(sources, "Cargo.toml");
  const options = ["--release", "--locked", "--quiet", "--manifest-path", manifest, "--target-dir", folder];
  const { status, stderr } = spawnSync("cargo", ["build", ...options], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the driver is not built: ${stderr}`);
  return [join(folder, "release", process.platform === "win32" ? "nats-driver.exe" : "nats-driver")];
}
