import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CATALOG, catalogText, program } from "./cli";

const root = join(__dirname, "../../..");
const bin = join(root, "bin/cdktf-nats-platform.js");
let cwd = "";

beforeAll(() => {
  if (!existsSync(join(root, "build/cli/main.js"))) throw new Error("build the library first: npm run build");
  cwd = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  mkdirSync(dirname(join(cwd, CATALOG)), { recursive: true });
  writeFileSync(join(cwd, CATALOG), catalogText(program()));
});
afterAll(() => rmSync(cwd, { recursive: true }));

const call = (...argv: string[]) => spawnSync(process.execPath, [bin, ...argv], { cwd, encoding: "utf8" });

test.each([
  [["can", "prod-cache", "publish", "prod.cache.x"], 0],
  [["can", "prod-cache", "publish", "prod.convex.x"], 1],
  [["can", "cache", "publish", "x"], 2],
  [["diff", CATALOG, CATALOG], 0],
  [["--help"], 0],
])("%j exits with %d", (argv, status) => {
  expect(call(...argv).status).toBe(status);
});

test("loads neither cdktf nor constructs", () => {
  const text =
    "require(process.argv[1]); console.log(Object.keys(require.cache).filter((f) => /cdktf\\/lib|constructs/.test(f)).length)";
  const { stdout } = spawnSync(process.execPath, ["-e", text, join(root, "build/cli/main.js")], { encoding: "utf8" });
  expect(stdout).toBe("0\n");
});

test("says nothing if its output is closed", () => {
  const line = `"${process.execPath}" "${bin}" show prod-node-1 | true`;
  const { stderr, status } = spawnSync("sh", ["-c", line], { cwd, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});
