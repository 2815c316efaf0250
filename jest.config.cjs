const { availableParallelism } = require("node:os");

const common = {
  rootDir: __dirname,
  testEnvironment: "node",
  transform: { "^.+\\.ts$": ["@swc/jest"] },
  globalSetup: "<rootDir>/test/support/global-setup.mjs",
};

const library = { "^cdktf-nats-platform$": "<rootDir>/lib/index.ts" };

module.exports = {
  // Many tests wait for servers and for Terraform: with one worker for each core, a quarter of the time would pass idle.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
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
