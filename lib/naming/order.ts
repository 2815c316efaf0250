/** Characters, and numbers as one. */
const TOKENS = /\d+|\D/g;

const plainOrder = (one: string, other: string) => (one < other ? -1 : Number(one !== other));

/** Orders names as people count: `a2` before `a10`. */
export function inOrder(one: string, other: string): number {
  if (!/\d/.test(one) || !/\d/.test(other)) return plainOrder(one, other);
  const others = other.match(TOKENS) ?? [];
  for (const [index, token] of (one.match(TOKENS) ?? []).entries()) {
    const theirs = others[index] ?? "";
    const difference = Number(token) - Number(theirs) || plainOrder(token, theirs);
    if (difference !== 0) return difference;
  }
  return plainOrder(one, other);
}

/** Orders things by a name of theirs. */
export const by =
  <T>(nameOf: (item: T) => string) =>
  (one: T, other: T): number =>
    inOrder(nameOf(one), nameOf(other));
