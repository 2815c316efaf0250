const common = {
  rootDir: __dirname,
  testEnvironment: "node",
  transform: { "^.+\\.ts$": ["@swc/jest"] },
  globalSetup: "<rootDir>/test/support/global-setup.mjs",
  setupFiles: ["<rootDir>/test/support/plain-traces.cjs"],
};

const library = { "^cdktf-nats-platform$": "<rootDir>/lib/index.ts" };

module.exports = {
  // Most tests wait for servers and for Terraform: by default one of two cores would do nothing. With more workers than cores,
  // locks and elections of the tests run out of time.
  maxWorkers: "100%",
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
