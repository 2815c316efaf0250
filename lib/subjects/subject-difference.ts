import { covers, overlaps } from "./subject-pattern";

/** A token that none of the patterns names, so that of their tokens only wildcards match it. */
function freshToken(patterns: readonly string[]): string {
  const named = new Set(patterns.flatMap((pattern) => pattern.split(".")));
  let token = "x";
  while (named.has(token)) token += "x";
  return token;
}

/** Whether some patterns together match every subject that this one matches. */
export function isCovered(pattern: string, others: readonly string[]): boolean {
  const near = others.filter((other) => overlaps(other, pattern));
  if (near.length === 0) return false;
  return near.some((other) => covers(other, pattern)) || search(pattern, near) === undefined;
}

/** A subject that a pattern matches and none of some others does, or undefined if together they match all of it. */
export function subjectOutside(pattern: string, others: readonly string[]): string | undefined {
  return search(
    pattern,
    others.filter((other) => overlaps(other, pattern)),
  );
}

/**
 * It is enough to try one subject of each length, with a token that no pattern names in place of every wildcard: a
 * pattern that matches it matches every subject of this length. Beyond the longest of the patterns, all lengths are
 * equal.
 */
function search(pattern: string, others: readonly string[]): string | undefined {
  const token = freshToken([pattern, ...others]);
  const tokens = pattern.split(".").map((each) => (each === "*" ? token : each));
  if (tokens.at(-1) !== ">") return unmatched(tokens, others);
  const longest = Math.max(tokens.length, ...others.map((other) => other.split(".").length + 1));
  for (let length = tokens.length; length <= longest; length++) {
    const subject = [...tokens.slice(0, -1), ...Array<string>(length - tokens.length + 1).fill(token)];
    const found = unmatched(subject, others);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unmatched(tokens: readonly string[], patterns: readonly string[]): string | undefined {
  const subject = tokens.join(".");
  return patterns.some((pattern) => covers(pattern, subject)) ? undefined : subject;
}
