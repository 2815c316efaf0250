const { readdirSync } = require("node:fs");
const { availableParallelism } = require("node:os");
const { join } = require("node:path");

// Which of many cases are tried, see test/support/sample.ts. The tests' processes have the environment of this one.
process.env.SAMPLE ??= String(Math.floor(Math.random() * 1000));

const { SAMPLE, DRAW_SUITES } = process.env;

/** The suites of a folder that are not run, where `npm test` runs every n-th; none with SAMPLE=all or without DRAW_SUITES. */
function undrawn(folder, n) {
  if (DRAW_SUITES === undefined || SAMPLE === "all") return [];
  return readdirSync(join(__dirname, folder), { recursive: true })
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .filter((_, index) => index % n !== Number(SAMPLE) % n)
    .map((name) => `<rootDir>/${folder}/${name}`);
}

const common = {
  rootDir: __dirname,
  testEnvironment: "node",
  transform: { "^.+\\.ts$": ["@swc/jest"] },
  globalSetup: "<rootDir>/test/support/global-setup.mjs",
  setupFiles: ["<rootDir>/test/support/plain-traces.cjs"],
};

const library = { "^cdktf-nats-platform$": "<rootDir>/lib/index.ts" };

module.exports = {
  // Many tests wait for servers and for Terraform, while another can have the core.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  projects: [
    {
      ...common,
      displayName: "cdktf",
      moduleNameMapper: library,
      testMatch: ["<rootDir>/test/**/*.test.ts", "<rootDir>/examples/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...undrawn("test/server", 3), ...undrawn("test/pipeline", 6)],
    },
    {
      ...common,
      displayName: "cdktn",
      moduleNameMapper: {
        ...library,
        "^(cdktf|constructs)$": "<rootDir>/test/cdktn/node_modules/$1",
      },
      testMatch: ["<rootDir>/test/unit/constructs/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...undrawn("test/unit/constructs", 6)],
    },
  ],
};
