import { overlaps } from "./subject-pattern";

/** The narrowest pattern that covers two others. */
export function join(one: string, other: string): string {
  const [left, right] = [one.split("."), other.split(".")];
  const joined: string[] = [];
  for (let index = 0; ; index++) {
    const [x, y] = [left[index], right[index]];
    if (x === undefined && y === undefined) return joined.join(".");
    if (x === undefined || y === undefined) return [...joined.slice(0, -1), ">"].join(".");
    if (x === ">" || y === ">") return [...joined, ">"].join(".");
    joined.push(x === y ? x : "*");
  }
}

/** Patterns that cover those that are given, and of which no two overlap: where two do, one that covers both. */
export function withoutOverlaps(patterns: readonly string[]): string[] {
  const apart: string[] = [];
  for (const pattern of new Set(patterns)) {
    let wide = pattern;
    for (let index = 0; index < apart.length; index++) {
      const other = apart[index] as string;
      if (!overlaps(wide, other)) continue;
      wide = join(wide, other);
      apart.splice(index, 1);
      index = -1;
    }
    apart.push(wide);
  }
  return apart;
}
