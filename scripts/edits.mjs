import { natsServer } from "./nats-server.mjs";
import { ensureInstalled, main, run } from "./tasks.mjs";

await main(async () => {
  ensureInstalled();
  const [edits = "200", seed] = process.argv.slice(2);
  const env = { ...process.env, NATS_SERVER: await natsServer(), EDITS: edits, ...(seed && { EDITS_SEED: seed }) };
  const options = ["--selectProjects", "cdktf", "--testPathPatterns", "test/pipeline/edits"];
  run(process.execPath, ["node_modules/jest/bin/jest.js", ...options], { env });
});
