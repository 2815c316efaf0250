import { chromium } from "../../scripts/chromium.mjs";
import { natsServer } from "../../scripts/nats-server.mjs";
import { generateStockBindings } from "./stock-bindings.mjs";

/** Runs once before all tests; what it puts into the environment, every test file sees. */
export default async function setup() {
  await generateStockBindings();
  process.env.NATS_SERVER = await natsServer();
  process.env.CHROMIUM = chromium();
  const { SAMPLE, DRAW_SUITES } = process.env;
  const suites = DRAW_SUITES
    ? "a third of the suites of test/server, a sixth of test/pipeline, a sixth of those with cdktn, and "
    : "";
  console.log(
    SAMPLE === "all" ? "all cases" : `SAMPLE=${SAMPLE}: ${suites}some of many cases; npm run test:all runs all`,
  );
}
