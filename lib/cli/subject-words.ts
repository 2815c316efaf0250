import type { Direction } from "../access/grant";
import { didYouMean } from "../problems/nearest";
import { patternFault } from "../subjects/subject-pattern";
import { Refusal } from "./refusal";

const DIRECTIONS: readonly Direction[] = ["publish", "subscribe"];

/** What to do about the characters of subjects that a shell takes for its own. */
export const QUOTE_SUBJECTS =
  "Put a subject in single quotes: the shell takes `>` for a file, `*` for several and `$KV` for a variable.";

/** What to do about a subject that begins as an option does. */
export const BEHIND_DASHES = "Write -- before a subject that begins with a hyphen.";

/** The direction that a word names, in small or capital letters. */
export function directionOf(word = ""): Direction {
  const found = DIRECTIONS.find((each) => each === word.toLowerCase());
  if (!found) throw new Refusal(`neither publish nor subscribe: ${word}`, [didYouMean(word, DIRECTIONS)]);
  return found;
}

/** The subject or pattern that a word is. */
export function subjectOf(word = ""): string {
  const fault = patternFault(word);
  if (fault !== undefined)
    throw new Refusal(`not a subject, since it ${fault}: ${JSON.stringify(word)}`, [QUOTE_SUBJECTS]);
  return word;
}
