import type { Fault } from "../problems/fault";

/** How many bytes of a line of its protocol a server reads: its `max_control_line`, by default. */
const CONTROL_LINE_BYTES = 4096;

/**
 * How long a subject, filter or key may be, in bytes of UTF-8. A request has it in one line with a command, with the names of a
 * stream and a consumer (255 characters each), those of a domain and of what stands before a key or an event, and with the
 * subject for the answer: together less than the other half of the line. At a longer line the server ends the connection.
 */
export const MAX_SUBJECT_BYTES = CONTROL_LINE_BYTES / 2;

/** What is wrong with the length of a subject, filter or key, or undefined if nothing is. */
export function subjectLengthFault(name: string, text: string): Fault | undefined {
  const bytes = typeof text === "string" ? Buffer.byteLength(text) : 0;
  if (bytes <= MAX_SUBJECT_BYTES) return undefined;
  return {
    what: `${name} has ${bytes} bytes`,
    value: text,
    allowed:
      `at most ${MAX_SUBJECT_BYTES} bytes: the server takes ${CONTROL_LINE_BYTES} for a line (max_control_line), which ` +
      "has the rest of a request too",
    fix: `Shorten the ${name}`,
  };
}
