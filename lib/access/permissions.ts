import { valueAt } from "../collections/groups";
import { SubjectIndex } from "../subjects/subject-index";
import { isLiteral } from "../subjects/subject-pattern";
import type { Direction, Line } from "./grant";

/** A subject that a user may publish or subscribe to, with all reasons for it. */
export interface PermittedSubject {
  readonly subject: string;
  /** The queue groups in which a subscription may be; without it, it may be in none, or in any where no line has groups. */
  readonly queue?: string;
  readonly lines: readonly Line[];
}

/** What a user may publish and subscribe to. The server refuses everything else. */
export interface Permissions {
  readonly publish: readonly PermittedSubject[];
  readonly subscribe: readonly PermittedSubject[];
}

/**
 * Lines as permissions: each subject once, and none that another one of the set covers, so that no line can be removed
 * without a client failing. The order is that of the lines.
 */
export function permissionsOf(lines: readonly Line[]): Permissions {
  return { publish: permitted("publish", lines), subscribe: permitted("subscribe", lines) };
}

/** A permitted subject as the server's file has it: `prod._.events.>`, or with a queue group `prod._.events.> prod-cache`. */
export function permittedText({ subject, queue }: Pick<PermittedSubject, "subject" | "queue">): string {
  return queue === undefined ? subject : `${subject} ${queue}`;
}

function permitted(direction: Direction, lines: readonly Line[]): PermittedSubject[] {
  const known = new Map<string, Omit<PermittedSubject, "lines"> & { readonly lines: Line[] }>();
  for (const line of lines) {
    if (line.direction !== direction) continue;
    const { subject, queue } = line;
    const make = () => ({ subject, ...(queue !== undefined && { queue }), lines: [] });
    valueAt(known, permittedText(line), make).lines.push(line);
  }
  const wide = new Map<string | undefined, SubjectIndex<PermittedSubject>>();
  for (const each of known.values()) {
    const index = valueAt(wide, each.queue, () => new SubjectIndex());
    if (!isLiteral(each.subject)) index.add(each.subject, each);
  }
  for (const [text, each] of [...known]) {
    const covering = wide.get(each.queue)?.covering(each.subject) ?? [];
    const cover = covering
      .filter((other) => other !== each)
      .map((other) => known.get(permittedText(other)))
      .find((other) => other !== undefined);
    if (cover === undefined) continue;
    cover.lines.push(...each.lines);
    known.delete(text);
  }
  return [...known.values()];
}
