import { natsServer } from "./nats-server.mjs";
import { build, ensureInstalled, main, run } from "./tasks.mjs";

await main(async () => {
  ensureInstalled();
  build();
  const env = { ...process.env, NATS_SERVER: await natsServer() };
  run(process.execPath, ["--import", "tsx", "scripts/demo/demo.ts", ...process.argv.slice(2)], { env });
});
