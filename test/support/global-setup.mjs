import { chromium } from "../../scripts/chromium.mjs";
import { natsServer } from "../../scripts/nats-server.mjs";
import { generateStockBindings } from "./stock-bindings.mjs";

/** Runs once before all tests; what it puts into the environment, every test file sees. */
export default async function setup() {
  await generateStockBindings();
  process.env.NATS_SERVER = await natsServer();
  process.env.CHROMIUM = chromium();
  console.log(`SAMPLE=${process.env.SAMPLE}`);
}
