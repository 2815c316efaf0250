import type { Direction } from "../../access/grant";
import type { CatalogPermission } from "../../catalog/catalog";
import { accessChange, type Change, type ChangeKind } from "./change";
import { type Pair, without } from "./pairs";
import type { KnownUser } from "./world";

const DIRECTIONS: readonly Direction[] = ["publish", "subscribe"];

function linesOf(user: KnownUser | undefined): string[] {
  return DIRECTIONS.flatMap((direction) => {
    const { allow, deny }: CatalogPermission = user?.facts[direction] ?? { allow: [], deny: [] };
    return [
      ...allow.map(({ subject, queue }) =>
        queue === undefined
          ? `${direction} \`${subject}\``
          : `${direction} \`${subject}\` in the queue group \`${queue}\``,
      ),
      ...deny.map((subject) => `deny ${direction} \`${subject}\``),
    ];
  });
}

/** Every line of a permission that is in one of two catalogs only. */
export function lineChanges(users: readonly Pair<KnownUser>[]): Change[] {
  return users.flatMap(({ key, before, after }) => {
    const old = linesOf(before);
    const now = linesOf(after);
    const change = (kind: ChangeKind) => (line: string) => accessChange(kind, `\`${key}\` ${line}`, { users: [key] });
    return [...without(old, now).map(change("removed")), ...without(now, old).map(change("added"))];
  });
}
