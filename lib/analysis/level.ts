import type { Act } from "./jetstream-api";

/** The most that somebody can do with a stream or bucket. */
export type Level = "none" | Act;

/** The acts from the least on. */
export const ACTS: readonly Act[] = ["look", "read", "write", "manage"];

const LEVELS: readonly Level[] = ["none", ...ACTS];

/** Puts the lesser of two acts first. */
export const byAct = (one: Act, other: Act): number => ACTS.indexOf(one) - ACTS.indexOf(other);

/** The highest of some levels. */
export function highest(levels: Iterable<Level>): Level {
  let rank = 0;
  for (const level of levels) rank = Math.max(rank, LEVELS.indexOf(level));
  return LEVELS[rank] ?? "none";
}

/** Whether one level is more than another. */
export function isMore(one: Level, other: Level): boolean {
  return LEVELS.indexOf(one) > LEVELS.indexOf(other);
}
