import type { Direction } from "../../access/grant";
import type { Member } from "../../analysis/access-model";
import { withoutGroups } from "../../analysis/queue-groups";
import type { UserAccess } from "../../analysis/user-access";
import type { CatalogLine } from "../../catalog/catalog";
import { isCovered } from "../../subjects/subject-difference";

/** The lines of one direction by which anything is allowed at all. */
export function effectiveLines({ permissions }: Member, direction: Direction): CatalogLine[] {
  return permissions[direction].filter((line) =>
    direction === "publish"
      ? permissions.publishing(line.subject).length > 0
      : permissions.receptions(line, line.subject).length > 0,
  );
}

/** What a user is denied, apart from everything, which stands for an empty list. */
export function deniedSubjects({ user }: Member, direction: Direction): string[] {
  const { allow, deny } = user[direction];
  return allow.length === 0 && deny.includes(">") ? [] : [...deny];
}

/** What only makes other requests work. */
const MINOR = /^\$JS\.(?:[^.]+\.)?(?:FC\.|API\.INFO$)/;

/**
 * The lines whose effect is not already said by what the user does with streams and buckets: subjects of its own,
 * services, inboxes.
 */
export function furtherLines({ member, cells }: UserAccess, direction: Direction): CatalogLine[] {
  const lines = effectiveLines(member, direction);
  if (direction === "subscribe") return withoutGroups(lines);
  const abilities = [...cells.values()].flatMap((cell) => cell.abilities);
  const used = new Set(abilities.map(({ line }) => line));
  const stored = (line: CatalogLine) =>
    abilities.flatMap((each) => (each.line === line && each.by === "publish" ? (each.subjects ?? []) : []));
  return lines.filter((line) => {
    if (MINOR.test(line.subject)) return false;
    if (!used.has(line)) return true;
    return !line.subject.startsWith("$") && !isCovered(line.subject, stored(line));
  });
}
