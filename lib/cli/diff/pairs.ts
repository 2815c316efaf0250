import { inOrder } from "../../collections/order";
/** Something under a key in an old and a new list. */
export interface Pair<T> {
  readonly key: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** The items of two lists by a key that is unique in each, sorted by it. */
export function pairs<T>(before: readonly T[], after: readonly T[], keyOf: (item: T) => string): Pair<T>[] {
  const old = new Map(before.map((item) => [keyOf(item), item]));
  const now = new Map(after.map((item) => [keyOf(item), item]));
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort(inOrder);
  return keys.map((key) => ({ key, before: old.get(key), after: now.get(key) }));
}

/** What is said of an item that is in the new list only, in the old one only, or in both. */
export interface Cases<T, R> {
  added(now: T): R[];
  removed(old: T): R[];
  changed(old: T, now: T): R[];
}

/** What is said of a pair. */
export function casesOf<T, R>({ before, after }: Pair<T>, { added, removed, changed }: Cases<T, R>): R[] {
  if (before !== undefined && after !== undefined) return changed(before, after);
  return after !== undefined ? added(after) : before !== undefined ? removed(before) : [];
}

/** The pairs of what is in both lists. */
export function inBoth<T>(all: readonly Pair<T>[]): { readonly key: string; readonly before: T; readonly after: T }[] {
  return all.flatMap(({ key, before, after }) =>
    before === undefined || after === undefined ? [] : [{ key, before, after }],
  );
}

/** The items of one list that are not in another. */
export function without<T>(items: readonly T[], others: readonly T[]): T[] {
  const known = new Set(others);
  return items.filter((item) => !known.has(item));
}
