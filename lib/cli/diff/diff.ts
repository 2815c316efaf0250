import { didYouMean } from "../../problems/nearest";
import { ownEntry } from "../../problems/own-entry";
import { withoutMarks } from "../../wording/code-marks";
import { readCatalog } from "../catalog-file";
import type { Command } from "../command";
import { ExitStatus } from "../exit-status";
import { Refusal } from "../refusal";
import { compare } from "./compare";
import { FORMATS, MOST_CHARACTERS } from "./formats";

/** What one change in each section needs. */
const LEAST = 10_000;

function charactersOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= LEAST) return number;
  throw new Refusal(`no number of characters: ${text}`, [`Give a whole number from ${LEAST} on.`]);
}

/** What differs between two catalogs. */
export const diff: Command = {
  name: "diff",
  words: ["OLD", "NEW"],
  about: "what differs between two catalogs, in words, the most important first",
  help: [
    "OLD and NEW are files, or folders such as cdktf.out with one catalog in them. Markdown is made for a comment on a",
    "pull request, json has the same sentences with the users that each is about.",
    "",
    "Exit status: 0 nobody's access differs (findings, limits, attributes of streams or client settings may), 3 access",
    "differs: users, their credentials, lines of permissions, what they reach, accounts, exports, imports, streams and",
    "buckets. 2 called in a wrong way, or a catalog that cannot be read.",
  ],
  options: {
    format: { value: "text|json|markdown", about: "how to write it; text by default" },
    "max-characters": {
      value: "NUMBER",
      about: `how long Markdown may be, from ${LEAST} on; ${MOST_CHARACTERS} by default`,
    },
  },
  examples: [
    "diff main.catalog.json cdktf.out/stacks/prod/catalog.json",
    "diff main.catalog.json cdktf.out --format markdown > comment.md || test $? -eq 3",
  ],
  run({ words: [before = "", after = ""], options: { format = "text", "max-characters": most } }, io) {
    const write = ownEntry(FORMATS, format);
    if (!write) throw new Refusal(`no format ${format}`, [didYouMean(format, Object.keys(FORMATS))]);
    const report = compare(withoutMarks(readCatalog(before, io.cwd)), withoutMarks(readCatalog(after, io.cwd)));
    io.out(`${write(report, most === undefined ? undefined : charactersOf(most)).join("\n")}\n`);
    return report.accessChanged ? ExitStatus.CHANGED : ExitStatus.OK;
  },
};
