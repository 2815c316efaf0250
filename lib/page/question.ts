import type { Direction } from "../access/grant";
import { directionOf } from "../cli/subject-words";

/** Something that the search box is asked. */
export type Question =
  | { readonly kind: "who-can"; readonly direction: Direction; readonly subject: string; readonly account?: string }
  | {
      readonly kind: "can";
      readonly user: string;
      readonly direction: Direction;
      readonly subject: string;
      readonly queue?: string;
    }
  | { readonly kind: "user" | "stream" | "name"; readonly name: string };

/** A subject is what stands there, whatever it is: whether it is one is said with the answer. */
const WHO_CAN_ANYTHING = /^(?:who\s+can\s+)?(publish|subscribe)(?:\s+(?:to\s+)?(.*))?$/i;
const CAN_ANYTHING = /^can\s+(.+?)\s+(publish|subscribe)(?:\s+(?:to\s+)?(.*))?$/i;
const WHO_CAN = /^(?:who\s+can\s+)?(publish|subscribe)(?:\s+to)?\s+(\S+)(?:\s+(?:into|from|in)\s+(\S+?)\?*)?$/i;
const CAN = /^can\s+(.+?)\s+(publish|subscribe)(?:\s+to)?\s+(\S+)(?:\s+in\s+(?:the\s+)?queue\s+group\s+(\S+))?$/i;
const USER = /^what\s+can\s+(.+?)\s+do\?*$/i;
const STREAM = /^who\s+can\s+reach\s+(.+?)\?*$/i;

/**
 * The question that a text is; undefined for none that is understood. A question mark right behind a subject or a queue
 * group is part of it, and behind anything else it is not.
 */
export function questionOf(given: string): Question | undefined {
  const text = given
    .trim()
    .replace(/\s\?+$/, "")
    .trimEnd();
  const [, word, subject, account] = WHO_CAN.exec(text) ?? [];
  if (word !== undefined && subject !== undefined) {
    return { kind: "who-can", direction: directionOf(word), subject, ...(account !== undefined && { account }) };
  }
  const [, user, verb, what, queue] = CAN.exec(text) ?? [];
  if (user !== undefined && verb !== undefined && what !== undefined) {
    return { kind: "can", user, direction: directionOf(verb), subject: what, ...(queue !== undefined && { queue }) };
  }
  const [, somebody] = USER.exec(text) ?? [];
  if (somebody !== undefined) return { kind: "user", name: somebody };
  const [, stream] = STREAM.exec(text) ?? [];
  if (stream !== undefined) return { kind: "stream", name: stream };
  const [, asked, anything = ""] = WHO_CAN_ANYTHING.exec(text) ?? [];
  if (asked !== undefined) return { kind: "who-can", direction: directionOf(asked), subject: anything };
  const [, whoever, does, whatever = ""] = CAN_ANYTHING.exec(text) ?? [];
  if (whoever !== undefined) return { kind: "can", user: whoever, direction: directionOf(does), subject: whatever };
  return /\s/.test(text) ? undefined : { kind: "name", name: text };
}
