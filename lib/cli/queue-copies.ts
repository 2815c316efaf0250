import { isCovered } from "../subjects/subject-difference";

/** A stream that another one copies, and what of it. */
export interface Copied {
  /** The name on the server; undefined where it is known only at apply. */
  readonly stream: string | undefined;
  /** The prefix of the API by which it is reached in another account or domain. */
  readonly api: string | undefined;
  /** Which of its subjects, as patterns; none for all. */
  readonly filters: readonly string[];
}

const patterns = ({ filters }: Copied): readonly string[] => (filters.length > 0 ? filters : [">"]);

/** What a stream copies that it did not copy before, also of what it copied in part. Buckets are no work queues. */
export function newlyCopied(before: readonly Copied[], after: readonly Copied[]): Copied[] {
  return after.filter((copied) => {
    const { stream, api } = copied;
    if (stream === undefined) return true;
    if (/^(?:KV|OBJ)_/.test(stream)) return false;
    const known = before.filter((each) => each.stream === stream && each.api === api).flatMap(patterns);
    return patterns(copied).some((each) => !isCovered(each, known));
  });
}

/** What becomes of a work queue that is copied, behind the name of the copy; of one that nobody knows as such, perhaps. */
export function copyText({ stream }: Copied, isSure: boolean): string {
  const name = stream === undefined ? "a stream that is known only at apply" : `\`${stream}\``;
  return isSure
    ? `now copies work queue ${name}: what it has copied is deleted there`
    : `now copies ${name}: if that is a work queue, what it has copied is deleted there`;
}
