import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, ensureInstalled, main, root, run } from "./tasks.mjs";

const results = join(root, "test", ".generated", "results.json");

/** The checks around the tests, each one command; they count as one test each in the closing line. */
const checks = [
  ["type check", ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.dev.json"]],
  ["type check of the page", ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.page.json"]],
  ["lint", ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."]],
  ["API.md", ["node_modules/jsii-docgen/bin/jsii-docgen", "-s", "root", "-o", "API.md"]],
];

/** Runs a command of the project with node and tells whether it passed. */
function passes(name, args) {
  console.log(`\n${name}`);
  try {
    run(process.execPath, args, { env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "20" } });
    return true;
  } catch (error) {
    console.error(error.message);
    return false;
  }
}

await main(() => {
  ensureInstalled();
  ensureInstalled(join(root, "test", "cdktn"));
  build();
  const failedChecks = checks.filter(([name, args]) => !passes(name, args)).length;
  rmSync(results, { force: true });
  const jest = ["node_modules/jest/bin/jest.js", "--json", "--outputFile", results, ...process.argv.slice(2)];
  const testsPassed = passes("tests", jest);
  const { numPassedTests, numFailedTests, numFailedTestSuites, numTotalTests } = JSON.parse(
    readFileSync(results, "utf8"),
  );
  const failed = failedChecks + Math.max(numFailedTests, numFailedTestSuites, testsPassed ? 0 : 1);
  if (failed > 0 || numTotalTests === 0) process.exitCode = 1;
  console.log(`\n${numPassedTests + checks.length - failedChecks} passed, ${failed} failed`);
});
