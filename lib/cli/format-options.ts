import { didYouMean } from "../problems/nearest";
import { ownEntry } from "../problems/own-entry";
import type { Arguments } from "./command";
import { FORMATS, MOST_CHARACTERS } from "./formats";
import { Refusal } from "./refusal";
import type { WrittenReport } from "./written-report";

/** What one change in each section needs. */
const LEAST = 10_000;

function charactersOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= LEAST) return number;
  throw new Refusal(`no number of characters: ${text}`, [`Give a whole number from ${LEAST} on.`]);
}

/** The options of all commands that write a report. */
export const FORMAT_OPTIONS = {
  format: { value: "text|json|markdown", about: "how to write it; text by default" },
  "max-characters": {
    value: "NUMBER",
    about: `how long Markdown may be, from ${LEAST} on; ${MOST_CHARACTERS} by default`,
  },
} as const;

/** How a report is to be written. */
export function writerOf({ format = "text", "max-characters": most }: Arguments["options"]) {
  const write = ownEntry(FORMATS, format);
  if (!write) throw new Refusal(`no format ${format}`, [didYouMean(format, Object.keys(FORMATS))]);
  const characters = most === undefined ? undefined : charactersOf(most);
  return (report: WrittenReport): string => `${write(report, characters).join("\n")}\n`;
}
