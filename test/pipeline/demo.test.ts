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
  expect(demo.stdout).toMatch(
    /search {3}connects [\d.]+ s after the apply\n {2}In force: accounts \w+ on 1 of 1 server/,
  );
  expect(demo.stdout).toMatch(/search {3}is refused [\d.]+ s after the destroy\n {2}In force: accounts \w+ on 1 of/);
}, 70_000);
