import type { Act } from "./jetstream-api";

/** The most that somebody can do with a stream or bucket. */
export type Level = "none" | Act;

const LEVELS: readonly Level[] = ["none", "look", "read", "write", "manage"];

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
