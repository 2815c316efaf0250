/** A pattern of subjects that something is allowed for, alone or in a queue group. */
export interface Grouped {
  readonly subject: string;
  readonly queue?: string;
}

/** Without lines for queue groups where the same subscription is allowed outside of a group, which receives as much. */
export function withoutGroups<T extends Grouped>(lines: readonly T[]): T[] {
  const alone = new Set(lines.flatMap(({ subject, queue }) => (queue === undefined ? subject : [])));
  return lines.filter(({ subject, queue }) => queue === undefined || !alone.has(subject));
}
