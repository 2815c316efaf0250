/** `npm test` with every case, where that draws some; `test/support/sample.ts` says which it draws. */
process.env.SAMPLE = "all";
await import("./test.mjs");
