import { generateStockBindings } from "./stock-bindings.mjs";

/** Runs once before all tests. */
export default async function setup() {
  await generateStockBindings();
}
