import { setTimeout as sleep } from "node:timers/promises";
import type { Io } from "../io";
import { Refusal } from "../refusal";

/** The option that says where passwords are. */
export const SECRETS_OPTION = {
  secrets: {
    value: "PATH",
    about: "a file with lines NAME=value, a folder with a file for each variable, or `env` for the environment",
  },
} as const;

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
async function lookAgain(look: () => Promise<Look>, seconds: number, io: Io, ended: AbortSignal): Promise<Look> {
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

/** How long to wait between two looks. */
function secondsOf(given: string): number {
  const seconds = Number(given);
  if (Number.isFinite(seconds) && seconds >= 0.1 && seconds <= 86_400) return seconds;
  throw new Refusal(`--watch is no number of seconds: ${given}`, ["From 0.1 to 86400."]);
}

/** Says when the process is told to end, as by a container's runtime. */
function endOfProcess(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

/**
 * Looks once, or again and again until the process is told to end, and says what came of it.
 *
 * @param watch the value of the option `--watch`
 * @returns the last look
 * @throws what a single look throws
 */
export async function looked(look: () => Promise<Look>, watch: string | undefined, io: Io): Promise<Look> {
  if (watch !== undefined) return lookAgain(look, secondsOf(watch), io, endOfProcess());
  const only = await look();
  io.out(`${only.text}\n`);
  return only;
}
