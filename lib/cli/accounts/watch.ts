import { setTimeout as sleep } from "node:timers/promises";
import type { Io } from "../io";
import { Refusal } from "../refusal";

/** What came of one look, in a line, and whether the file is in force. */
export interface Look {
  readonly text: string;
  readonly isInForce: boolean;
}

/** What is said where a look cannot be made: the file on disk stays as it is. */
function refusedLook(error: unknown): Look {
  if (!(error instanceof Refusal)) throw error;
  return { text: `Left as it is: ${[error.message, ...error.hints].join(" ")}`, isInForce: false };
}

/**
 * Looks again and again, and says each time that something else came of it: one line, with the time in UTC.
 *
 * @param seconds how long to wait between two looks
 * @param ended ends it, after the look that is made
 * @returns the last look
 */
export async function lookAgain(look: () => Promise<Look>, seconds: number, io: Io, ended: AbortSignal): Promise<Look> {
  let last: Look | undefined;
  for (;;) {
    const now = await look().catch(refusedLook);
    if (now.text !== last?.text) io.out(`${new Date().toISOString()} ${now.text}\n`);
    last = now;
    if (ended.aborted) return now;
    await sleep(seconds * 1000, undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) return now;
  }
}
