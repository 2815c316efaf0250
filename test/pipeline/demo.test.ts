import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

test("the demo applies, lets the apps do their job, and is refused what they may not", () => {
  const demo = spawnSync(process.execPath, ["--import", "tsx", "scripts/demo/demo.ts"], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(demo).toMatchObject({ status: 0, stderr: "" });
  expect(demo.stdout).toContain("A second plan: no changes.");
  expect(demo.stdout.match(/Permissions Violation/g)).toHaveLength(2);
}, 70_000);
