import { Random } from "./random";

const { SAMPLE = "0" } = process.env;

/** Whether every case is tried, as `npm run test:all` asks for. */
export const ALL = SAMPLE === "all";

/** Each draw of a test file is another one, so that which of its cases are tried does not depend on why the file is run. */
const random = new Random(Number(SAMPLE));

/**
 * Of many cases of one kind every n-th, others in each run of the tests, so that all are tried before long; with
 * `npm run test:all` all. The variable SAMPLE, which each run prints, draws the same ones again. To be called where tests are
 * declared, which is in the same order whichever of them are run.
 */
export function sample<T>(cases: readonly T[], n: number): T[] {
  const first = random.below(Math.min(n, cases.length));
  return cases.filter((_, index) => ALL || index % n === first);
}
