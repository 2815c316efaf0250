import type { Grouped } from "../analysis/queue-groups";

/** A pattern with its queue group in words. */
export function groupedText({ pattern, queue }: Grouped): string {
  return queue === undefined ? pattern : `${pattern} in the queue group ${queue}`;
}
