/** Stands for a back-tick in a text of others, since in sentences back-ticks mark code. */
const TICK = "\ue000";

/** Facts whose texts have no back-ticks, so that what is said of them has only those that mark code. */
export function withoutMarks<T>(value: T): T {
  if (typeof value === "string") return value.replaceAll("`", TICK) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutMarks) as T;
  const entries = Object.entries(value).map(([name, each]) => [withoutMarks(name), withoutMarks(each)]);
  return Object.fromEntries(entries) as T;
}

/** A text as it was before `withoutMarks`. */
export const withTicks = (text: string): string => text.replaceAll(TICK, "`");

/** A sentence taken apart: what is code, which has a back-tick on either side, and what is not. */
export function partsOfSentence(text: string): { readonly text: string; readonly code: boolean }[] {
  return text.split("`").map((part, index) => ({ text: withTicks(part), code: index % 2 === 1 }));
}
