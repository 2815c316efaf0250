import { ensureInstalled, main, run } from "./tasks.mjs";
import { testServers } from "./test-servers.mjs";

await main(async () => {
  ensureInstalled();
  const env = { ...process.env, NATS_SERVERS: await testServers() };
  run(process.execPath, ["--import", "tsx", "test/server/isolation/forging/main.ts", ...process.argv.slice(2)], {
    env,
  });
});
