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
 * Lines as permissions: each subject once, and none that another one of the set covers, but for those that nats-server 2.11
 * forgets, so that no line can be removed without a client failing. The order is that of the lines.
 */
export function permissionsOf(lines: readonly Line[]): Permissions {
  const publish = permitted("publish", lines);
  return { publish: [...publish, ...forgotten(publish)], subscribe: permitted("subscribe", lines) };
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

/**
 * Subjects that a pattern permits and nats-server 2.11 refuses nevertheless: beside `a.b.>` it does not see that `a.*`
 * permits publishing to `a.b` (`matchLevelForAny`).
 */
function forgotten(permissions: readonly PermittedSubject[]): PermittedSubject[] {
  const open = permissions.filter(({ subject }) => subject.endsWith(".*"));
  if (open.length === 0) return [];
  const lines = new Map(open.map((each) => [each.subject.slice(0, -1), each.lines]));
  const found = new Map<string, PermittedSubject>();
  for (const { subject: longer } of permissions) {
    const tokens = longer.split(".");
    for (let depth = 1; depth < tokens.length - 1; depth++) {
      const prefix = `${tokens.slice(0, depth).join(".")}.`;
      const permitting = lines.get(prefix);
      const subject = `${prefix}${tokens[depth]}`;
      if (permitting && tokens[depth] !== "*") found.set(subject, { subject, lines: permitting });
    }
  }
  return [...found.values()];
}
