import { fileURLToPath } from "node:url";
import { generateBindings } from "../../scripts/bindings/generate.mjs";

/**
 * Generates the bindings as `cdktf get` would write them into `test/.generated/stock`, for the tests that hold the
 * bindings of this library against them. Meant for Jest's global setup: it is done once, before any test imports them.
 */
export async function generateStockBindings() {
  await generateBindings({ outDir: fileURLToPath(new URL("../.generated/stock", import.meta.url)), lazy: false });
}
