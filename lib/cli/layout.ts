/** Rows in columns as wide as they must be. Empty cells at the end of a row take no room. */
export function columns(rows: readonly (readonly string[])[], indent = ""): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) => cell.padEnd(widths[index] ?? 0));
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
}

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

/** A number of things: `1 user`, `2 users`. */
export function counted(count: number, thing: string): string {
  return `${count} ${count === 1 ? thing : `${thing}s`}`;
}
