import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { compile, ensureInstalled, generate, main, root, run } from "./tasks.mjs";

const results = join(root, "test", ".generated", "results.json");

const given = process.argv.slice(2);

/** Suites are drawn where nobody says which are to run; `jest.config.cjs` says of which folders. */
const drawing = given.length === 0 ? { DRAW_SUITES: "1" } : {};

const env = { ...process.env, ...drawing, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "20" };

/** Writes API.md anew; that it is as committed is seen by git. */
const api = ["node_modules/jsii-docgen/bin/jsii-docgen", "-s", "root", "-o", "API.md"];

/** The checks beside the tests, each one command; they count as one test each in the closing line. */
const checks = [
  ["type check", ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.dev.json"]],
  ["type check of the page", ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.page.json"]],
  ["lint", ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."]],
];

/** Runs a command of the project with node and tells whether it passed. */
function passes(name, args) {
  console.log(`\n${name}`);
  try {
    run(process.execPath, args, { env });
    return true;
  } catch (error) {
    console.error(error.message);
    return false;
  }
}

/** Starts a command of the project with node, which leaves the tests their time; when it has ended, shows what it printed and tells whether it passed. */
function started([name, args]) {
  const child = spawn(process.execPath, args, { cwd: root, env });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const ended = once(child, "close");
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => printed.push(data));
  return async () => {
    const [status] = await ended;
    console.log(`\n${name}\n${Buffer.concat(printed)}`.trimEnd());
    if (status !== 0) console.error(`${args.join(" ")} ended with status ${status}`);
    return status === 0;
  };
}

await main(async () => {
  ensureInstalled();
  ensureInstalled(join(root, "test", "cdktn"));
  generate();
  const others = checks.map(started);
  compile();
  const outcomes = [passes("API.md", api)];
  rmSync(results, { force: true });
  const jest = ["node_modules/jest/bin/jest.js", "--json", "--outputFile", results, ...given];
  const testsPassed = passes("tests", jest);
  for (const outcome of others) outcomes.push(await outcome());
  const { numPassedTests, numFailedTests, numFailedTestSuites, numTotalTests } = JSON.parse(
    readFileSync(results, "utf8"),
  );
  const failedChecks = outcomes.filter((passed) => !passed).length;
  const failed = failedChecks + Math.max(numFailedTests, numFailedTestSuites, testsPassed ? 0 : 1);
  if (failed > 0 || numTotalTests === 0) process.exitCode = 1;
  console.log(`\n${numPassedTests + outcomes.length - failedChecks} passed, ${failed} failed`);
});
