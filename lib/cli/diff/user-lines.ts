import type { Member } from "../../analysis/access-model";
import { withoutGroups } from "../../analysis/queue-groups";
import type { Direction, PermissionLine } from "../../analysis/server-model";
import type { UserAccess } from "../../analysis/user-access";
import { isCovered } from "../../subjects/subject-difference";

/** The lines of one direction by which anything is allowed at all. */
export function effectiveLines({ permissions }: Member, direction: Direction): PermissionLine[] {
  return permissions[direction].filter((line) =>
    direction === "publish"
      ? permissions.publishing(line.pattern).length > 0
      : permissions.receptions(line, line.pattern).length > 0,
  );
}

/** What a user is denied, apart from everything, which stands for an empty list. */
export function deniedSubjects({ user }: Member, direction: Direction): string[] {
  const { allow, deny } = user[direction];
  return allow.length === 0 && deny.some(({ pattern }) => pattern === ">") ? [] : deny.map(({ pattern }) => pattern);
}

/** What only makes other requests work. */
const MINOR = /^\$JS\.(?:[^.]+\.)?(?:FC\.|API\.INFO$)/;

/**
 * The lines whose effect is not already said by what the user does with streams and buckets: subjects of its own,
 * services, inboxes.
 */
export function furtherLines({ member, cells }: UserAccess, direction: Direction): PermissionLine[] {
  const lines = effectiveLines(member, direction);
  if (direction === "subscribe") return withoutGroups(lines);
  const abilities = [...cells.values()].flatMap((cell) => cell.abilities);
  const used = new Set(abilities.map(({ line }) => line));
  const stored = (line: PermissionLine) =>
    abilities.flatMap((each) => (each.line === line && each.by === "publish" ? (each.subjects ?? []) : []));
  return lines.filter((line) => {
    if (MINOR.test(line.pattern)) return false;
    if (!used.has(line)) return true;
    return !line.pattern.startsWith("$") && !isCovered(line.pattern, stored(line));
  });
}
