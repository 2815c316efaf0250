/** How wide a line of help may be. */
export const HELP_COLUMNS = 100;

/**
 * Words as lines of at most a number of characters; a longer word has a line of its own.
 *
 * @param indent what each further line begins with
 */
export function wrapped(words: readonly string[], width = HELP_COLUMNS, indent = ""): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last === undefined) lines.push(word);
    else if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}

/** Paragraphs, between which there are empty lines, each in lines that are as long as they may be. */
export function reflowed(lines: readonly string[]): string[] {
  const paragraphs = lines.join("\n").split("\n\n");
  return paragraphs.flatMap((each, index) => [...(index > 0 ? [""] : []), ...wrapped(each.split(/\s+/))]);
}

/** Names and what is said of each, in two columns. */
export function described(rows: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows.flatMap(([name, text]) => {
    const [first = "", ...others] = wrapped(text.split(" "), HELP_COLUMNS - width);
    return [`  ${name}`.padEnd(width) + first, ...others.map((line) => " ".repeat(width) + line)];
  });
}
