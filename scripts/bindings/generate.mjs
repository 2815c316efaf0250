import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeLazy } from "./make-lazy.mjs";
import { stockSources } from "./stock-sources.mjs";
import { syncFolder } from "./sync-folder.mjs";

/**
 * Generates the TypeScript bindings of the JetStream provider into `outDir`, offline and always with the same text.
 *
 * With `lazy` they construct and synthesize faster, with the same output (see `makeLazy`); without, they are what
 * `cdktf get` would write. Returns the names of all files and of those that were written because they had changed.
 */
export async function generateBindings({ outDir, lazy }) {
  const stock = await stockSources();
  const files = lazy ? makeLazy(stock) : stock;
  const written = await syncFolder(outDir, files);
  return { files: [...files.keys()], written };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const outDir = fileURLToPath(new URL("../../lib/jetstream", import.meta.url));
  const { files, written } = await generateBindings({ outDir, lazy: true });
  console.log(`lib/jetstream: ${files.length} files, ${written.length} written`);
}
