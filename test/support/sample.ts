/** Whether every case is tried, as `npm run test:all` asks for. */
export const ALL = process.env.SAMPLE === "all";

/**
 * Of many cases of one kind every n-th, others in each run of the tests, so that all are tried before long; with
 * `npm run test:all` all. The variable SAMPLE, which each run prints, draws the same ones again.
 */
export function sample<T>(cases: readonly T[], n: number): T[] {
  const first = Number(process.env.SAMPLE ?? 0) % Math.min(n, cases.length);
  return cases.filter((_, index) => ALL || index % n === first);
}
