import { withTicks } from "./code-marks";

/** Some words as a list in a sentence: `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Names as code in a sentence: all, or the first ten and how many more. */
export function names(all: readonly string[]): string {
  const shown = all.slice(0, 10).map((name) => `\`${name}\``);
  return listed(all.length > 10 ? [...shown, `${all.length - 10} more`] : shown);
}

/** Some names, and how many others there are. */
export function someOf(all: readonly string[], most = 3): string {
  const shown = all.slice(0, most).join(", ");
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

/** A number of things: `1 user`, `2,000 users`. */
export function counted(count: number, thing: string): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? thing : `${thing}s`}`;
}

/** Text without the marks of code. */
export function plain(text: string): string {
  return withTicks(text.replaceAll("`", ""));
}
