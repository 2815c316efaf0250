/** A pattern that something is allowed for, alone or in a queue group. */
interface Grouped {
  readonly pattern: string;
  readonly queue?: string;
}

/** A pattern with its queue group in words. */
export function groupedText({ pattern, queue }: Grouped): string {
  return queue === undefined ? pattern : `${pattern} in the queue group ${queue}`;
}

/** Without lines for queue groups where the same subscription is allowed outside of a group, which receives as much. */
export function withoutGroups<T extends Grouped>(lines: readonly T[]): T[] {
  const alone = new Set(lines.flatMap(({ pattern, queue }) => (queue === undefined ? pattern : [])));
  return lines.filter(({ pattern, queue }) => queue === undefined || !alone.has(pattern));
}
