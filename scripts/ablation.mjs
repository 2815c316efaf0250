import { buildDrivers } from "./drivers.mjs";
import { natsServer } from "./nats-server.mjs";
import { ensureInstalled, main, run } from "./tasks.mjs";

await main(async () => {
  ensureInstalled();
  const { commands, missing } = await buildDrivers();
  for (const [name, why] of Object.entries(missing)) console.error(`${name} is not run: ${why}`);
  const env = { ...process.env, NATS_SERVER: await natsServer(), NATS_DRIVERS: JSON.stringify(commands) };
  run(process.execPath, ["--import", "tsx", "test/server/ablation.ts"], { env });
});
