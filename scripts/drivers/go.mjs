import { spawnSync } from "node:child_process";
import { join } from "node:path";

const HELP = `Go 1.26 or newer is needed; see https://go.dev/doc/install, or install it by one of
    brew install go
    sudo snap install go --classic`;

/** Builds the program that is the driver of both interfaces of the Go library; a second build finds all in Go's cache. */
export function build({ name, sources, folder }) {
  const program = join(folder, "nats-driver");
  const env = { ...process.env, GOFLAGS: "-mod=readonly" };
  const { error, status, stderr } = spawnSync("go", ["build", "-buildvcs=false", "-o", program, "."], {
    cwd: sources,
    env,
    encoding: "utf8",
  });
  if (error) throw new Error(HELP);
  if (status !== 0) throw new Error(`the Go driver cannot be built:\n${stderr}\n${HELP}`);
  return [program, name];
}
