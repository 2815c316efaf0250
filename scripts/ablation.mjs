import { natsServer } from "./nats-server.mjs";
import { ensureInstalled, main, run } from "./tasks.mjs";

await main(async () => {
  ensureInstalled();
  const env = { ...process.env, NATS_SERVER: await natsServer() };
  run(process.execPath, ["--import", "tsx", "test/server/ablation.ts"], { env });
});
