import { ensureInstalled, main, run } from "./tasks.mjs";
import { testServers } from "./test-servers.mjs";

await main(async () => {
  ensureInstalled();
  const [programs = "500", seed] = process.argv.slice(2);
  const env = {
    ...process.env,
    NATS_SERVERS: await testServers(),
    ACCEPTED_PROGRAMS: programs,
    ACCEPTED_CLUSTERED: String(Math.ceil(Number(programs) / 10)),
    ...(seed && { ACCEPTED_SEED: seed }),
  };
  const options = ["--selectProjects", "cdktf", "--testPathPatterns", "test/server/acceptance"];
  run(process.execPath, ["node_modules/jest/bin/jest.js", ...options], { env });
});
