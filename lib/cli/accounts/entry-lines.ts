import { readFileSync } from "node:fs";
import { Refusal } from "../refusal";

/**
 * What the lines of a file say; empty lines and those that begin with `#` say nothing.
 *
 * @param path the file as it was named
 * @param read what one line says; undefined for a line that is none of the kind
 * @param kind what a line is, with its article: `NAME=value`
 * @throws a refusal for another line, which is not repeated: it might hold a password
 */
export function entriesIn<T>(
  file: string,
  path: string,
  read: (line: string) => T | undefined,
  kind: string,
): readonly T[] {
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  return lines.flatMap((line, index): T[] => {
    if (line.trim() === "" || line.trim().startsWith("#")) return [];
    const entry = read(line);
    if (entry === undefined) throw new Refusal(`line ${index + 1} of ${path} is no ${kind}`);
    return [entry];
  });
}
