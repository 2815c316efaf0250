import type { Direction } from "../access/grant";

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

const WHO_CAN = /^(?:who\s+can\s+)?(publish|subscribe)(?:\s+to)?\s+(\S+)(?:\s+(?:into|from|in)\s+(\S+))?$/i;
const CAN = /^can\s+(.+?)\s+(publish|subscribe)(?:\s+to)?\s+(\S+)(?:\s+in\s+(?:the\s+)?queue\s+group\s+(\S+))?$/i;
const USER = /^what\s+can\s+(.+?)\s+do$/i;
const STREAM = /^who\s+can\s+reach\s+(.+)$/i;

const directionOf = (word: string): Direction => (word.toLowerCase() === "publish" ? "publish" : "subscribe");

/** The question that a text is; undefined for none that is understood. */
export function questionOf(text: string): Question | undefined {
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
  return /\s/.test(text) ? undefined : { kind: "name", name: text };
}
