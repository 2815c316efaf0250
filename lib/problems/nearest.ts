import { inOrder } from "../collections/order";

/** How many characters must be added, removed or replaced to make one text of another. */
export function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, wanted] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (character === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/** The known names that somebody may have meant, the likeliest first, at most three. */
export function nearest(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const rank = (candidate: string) => {
    const text = candidate.toLowerCase();
    const steps = distance(wanted, text);
    if (steps <= Math.max(1, Math.floor(wanted.length / 3))) return steps;
    return wanted.length > 1 && (text.includes(wanted) || wanted.includes(text)) ? 100 + steps : Number.NaN;
  };
  return known
    .map((candidate) => ({ candidate, rank: rank(candidate) }))
    .filter((each) => !Number.isNaN(each.rank))
    .sort((one, other) => one.rank - other.rank || inOrder(one.candidate, other.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** A hint that names what somebody may have meant, or otherwise everything that there is. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near.length > 0) return `Did you mean ${near.join(" or ")}?`;
  const some = known.slice(0, 20).join(", ");
  return `There is ${some}${known.length > 20 ? ` and ${known.length - 20} more` : ""}.`;
}
