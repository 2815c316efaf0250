import { natsServer } from "./nats-server.mjs";
import { build, ensureInstalled, main, run } from "./tasks.mjs";

/** The proofs of `accounts sync`, with what each may be given. */
const PROOFS = ["kills", "flood", "bench"];

await main(async () => {
  ensureInstalled();
  build();
  const [name, ...given] = process.argv.slice(2);
  if (name !== undefined && !PROOFS.includes(name)) throw new Error(`no proof ${name}: there is ${PROOFS.join(", ")}`);
  const env = { ...process.env, NATS_SERVER: await natsServer() };
  for (const proof of name === undefined ? PROOFS : [name])
    run(process.execPath, ["--import", "tsx", `test/server/accounts/follow/${proof}.ts`, ...given], { env });
});
