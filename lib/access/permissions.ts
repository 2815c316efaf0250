import { covers, isLiteral } from "../subjects/subject-pattern";
import type { Direction, Line } from "./grant";

/** A subject that a user may publish or subscribe to, with all reasons for it. */
export interface PermittedSubject {
  readonly subject: string;
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

function permitted(direction: Direction, lines: readonly Line[]): PermittedSubject[] {
  const bySubject = new Map<string, Line[]>();
  for (const line of lines) {
    if (line.direction !== direction) continue;
    const known = bySubject.get(line.subject);
    if (known) known.push(line);
    else bySubject.set(line.subject, [line]);
  }
  const wide = [...bySubject.keys()].filter((subject) => !isLiteral(subject));
  const covering = (subject: string) => wide.find((other) => other !== subject && covers(other, subject));
  for (const [subject, reasons] of [...bySubject]) {
    const cover = covering(subject);
    if (cover === undefined) continue;
    bySubject.get(cover)?.push(...reasons);
    bySubject.delete(subject);
  }
  return [...bySubject].map(([subject, reasons]) => ({ subject, lines: reasons }));
}
