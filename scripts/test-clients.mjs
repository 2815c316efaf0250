import { buildDrivers, DRIVERS } from "./drivers.mjs";
import { natsServer } from "./nats-server.mjs";
import { ensureInstalled, main, run } from "./tasks.mjs";

await main(async () => {
  ensureInstalled();
  const named = process.argv.slice(2);
  const { commands, missing } = await buildDrivers(named.filter((name) => DRIVERS.includes(name)));
  for (const [name, why] of Object.entries(missing)) console.error(`${name} is not run: ${why}`);
  const env = { ...process.env, NATS_SERVER: await natsServer(), NATS_DRIVERS: JSON.stringify(commands) };
  run(process.execPath, ["--import", "tsx", "test/server/client-checks.ts", ...named], { env });
  if (Object.keys(missing).length > 0) process.exitCode = 1;
});
