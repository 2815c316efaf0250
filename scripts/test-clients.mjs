import { buildDrivers, DRIVERS } from "./drivers.mjs";
import { natsServer } from "./nats-server.mjs";
import { ensureInstalled, main, run } from "./tasks.mjs";

/** The names of all clients: nats.js twice in two ways each, and those that have drivers. */
const CLIENTS = ["js2", "js2d", "js3", "js3d", ...DRIVERS];

await main(async () => {
  ensureInstalled();
  const named = process.argv.length > 2 ? process.argv.slice(2) : CLIENTS;
  const unknown = named.find((name) => !CLIENTS.includes(name));
  if (unknown) throw new Error(`no client ${unknown}; there are ${CLIENTS.join(", ")}`);
  const { commands, missing } = await buildDrivers(named.filter((name) => DRIVERS.includes(name)));
  const able = named.filter((name) => !(name in missing));
  for (const [name, why] of Object.entries(missing)) console.error(`${name} is not run: ${why}`);
  const env = { ...process.env, NATS_SERVER: await natsServer(), NATS_DRIVERS: JSON.stringify(commands) };
  run(process.execPath, ["--import", "tsx", "test/server/client-checks.ts", ...able], { env });
  if (Object.keys(missing).length > 0) process.exitCode = 1;
});
