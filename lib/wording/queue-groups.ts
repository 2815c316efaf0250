import type { Grouped } from "../analysis/queue-groups";

/** A subject with its queue group in words. */
export function groupedText({ subject, queue }: Grouped): string {
  return queue === undefined ? subject : `${subject} in the queue group ${queue}`;
}
