import { build, ensureInstalled, main } from "./tasks.mjs";

await main(() => {
  ensureInstalled();
  build();
});
