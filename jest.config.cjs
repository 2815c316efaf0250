const { readdirSync } = require("node:fs");
const { availableParallelism } = require("node:os");
const { join } = require("node:path");

// Which of many cases are tried, see test/support/sample.ts. The tests' processes have the environment of this one.
process.env.SAMPLE ??= String(Math.floor(Math.random() * 1000));

const CONSTRUCTS = "test/unit/constructs";

/** Of the tests with cdktn, that of the framework and every fifth of the others; all with SAMPLE=all. */
const withCdktn = readdirSync(join(__dirname, CONSTRUCTS), { recursive: true })
  .filter((name) => name.endsWith(".test.ts"))
  .sort()
  .filter((name, index) => {
    const { SAMPLE } = process.env;
    return SAMPLE === "all" || name === "framework.test.ts" || index % 5 === Number(SAMPLE) % 5;
  });

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
    },
    {
      ...common,
      displayName: "cdktn",
      moduleNameMapper: {
        ...library,
        "^(cdktf|constructs)$": "<rootDir>/test/cdktn/node_modules/$1",
      },
      testMatch: withCdktn.map((name) => `<rootDir>/${CONSTRUCTS}/${name}`),
    },
  ],
};
