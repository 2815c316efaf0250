const { availableParallelism } = require("node:os");

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
      testMatch: ["<rootDir>/test/unit/constructs/**/*.test.ts"],
    },
  ],
};
