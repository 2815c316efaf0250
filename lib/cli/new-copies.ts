import { isCovered } from "../subjects/subject-difference";
import type { Values } from "./attribute-effects";

/** A stream that another one copies, and what of it. */
export interface Copied {
  /** The name on the server; undefined where it is known only at apply. */
  readonly stream: string | undefined;
  /** The prefix of the API by which it is reached in another account or domain. */
  readonly api: string | undefined;
  /** Which of its subjects, as patterns; none for all. */
  readonly filters: readonly string[];
  /** Whether it does not begin with the first message; absent where that is not known. */
  readonly startsLater?: boolean;
}

const patterns = ({ filters }: Copied): readonly string[] => (filters.length > 0 ? filters : [">"]);

/** What a stream copies that it did not copy before, also of what it copied in part. */
export function newlyCopied(before: readonly Copied[], after: readonly Copied[]): Copied[] {
  return after.filter((copied) => {
    const { stream, api } = copied;
    if (stream === undefined) return true;
    const known = before.filter((each) => each.stream === stream && each.api === api).flatMap(patterns);
    return patterns(copied).some((each) => !isCovered(each, known));
  });
}

/** Whether a stream that is copied may be a work queue; buckets are none. */
export const mayBeQueue = ({ stream }: Copied): boolean => stream === undefined || !/^(?:KV|OBJ)_/.test(stream);

/** Whether a stream deletes messages where others come, as far as its attributes say: so many of each subject, or in all. */
export function givesWay({ max_msgs_per_subject: each, max_msgs: count, max_bytes: bytes, discard }: Values): boolean {
  const isLimit = (value: unknown) => !(value === undefined || value === null || Number(value) <= 0);
  return isLimit(each) || (discard !== "new" && (isLimit(count) || isLimit(bytes)));
}

const nameOf = ({ stream }: Copied) =>
  stream === undefined ? "a stream that is known only at apply" : `\`${stream}\``;

/** What becomes of the messages of a stream that exists already and deletes some where others come, behind its name. */
export const placeText = (copied: Copied): string =>
  `now copies ${nameOf(copied)}, and exists already: what it copies takes the place of what it has, newer as that may be`;

/** What a stream copies again that has copied it under its former name, behind the name of the stream. */
export const againText = (copied: Copied, former: string): string =>
  `now copies ${nameOf(copied)}, which copied \`${former}\` as this stream did: it copies all of that again, unless \`startSequence\` of the source is behind it`;

/** What becomes of a stream that keeps messages for those who want them, where a copy wants them no more, behind its name. */
export const endedText = (copied: Copied, copy: string, isSure: boolean): string =>
  `deletes what it has kept only for \`${copy}\`, which no longer copies ${patterns(copied).join(", ")} of it${isSure ? "" : ", if it keeps messages only for those who want them"}`;

/** What becomes of a work queue that a stream newly copies, behind its own name; of one that nobody knows as such, perhaps. */
export const drainedText = (copy: string, isSure: boolean): string =>
  isSure
    ? `is a work queue that \`${copy}\` now copies: what that has copied is deleted`
    : `is now copied by \`${copy}\`: if it is a work queue, what that has copied is deleted`;

/** What becomes of a work queue that is copied, behind the name of the copy; of one that nobody knows as such, perhaps. */
export function copyText(copied: Copied, isSure: boolean): string {
  const name = nameOf(copied);
  return isSure
    ? `now copies work queue ${name}: what it has copied is deleted there`
    : `now copies ${name}: if that is a work queue, what it has copied is deleted there`;
}
