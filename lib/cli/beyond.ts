import type { Hole } from "../analysis/holes";
import { isMore, type Level } from "../analysis/level";
import type { Resource } from "../analysis/server-model";
import type { UserAccess } from "../analysis/user-access";
import { overlaps } from "../subjects/subject-pattern";
import { reachesAccount } from "../wording/holes";
import type { CatalogView } from "./catalog-view";
import { resourcesText } from "./phrases";
import type { Direction } from "./words";

const LEAST: { readonly [direction in Direction]: Level } = { publish: "write", subscribe: "read" };

/** The streams and buckets, of one account or of any, that store subjects of a pattern. */
export function storing({ model }: CatalogView, pattern: string, account?: string): Resource[] {
  return model.resources.filter(
    (resource) =>
      (account === undefined || resource.account === account) &&
      resource.subjects.some((subject) => overlaps(subject, pattern)),
  );
}

/** Whether a user only through holes reads a stream or bucket (to subscribe), or writes it (to publish). */
export function isOnlyThroughHoles(
  { access }: CatalogView,
  user: UserAccess,
  resource: Resource,
  direction: Direction,
): boolean {
  const least = LEAST[direction];
  const level = user.cells.get(resource)?.level ?? "none";
  return isMore(least, level) && access.holesTo(user, resource).some((hole) => !isMore(least, hole.level));
}

/** A hole that lets one do less than another of the same kind in the same account adds nothing to it. */
function isLesser(hole: Hole, holes: readonly Hole[]): boolean {
  const more = ({ kind, account, level }: Hole) =>
    kind === hole.kind && account === hole.account && isMore(level, hole.level);
  return hole.kind === "answer" && holes.some(more);
}

/** Through which holes a user gets at more than by its lines. */
export function effectiveHoles({ access, model }: CatalogView, user: UserAccess): Hole[] {
  const found = new Set<Hole>();
  for (const { name, resources } of model.accounts) {
    const open = user.holes.filter(({ account }) => account === name);
    for (const resource of resources) {
      if (open.every((hole) => found.has(hole))) break;
      for (const hole of access.holesTo(user, resource)) found.add(hole);
    }
  }
  return user.holes.filter((hole) => reachesAccount(hole) || (found.has(hole) && !isLesser(hole, user.holes)));
}

/** What a user gets at through a hole, in words: streams and buckets, or the account. */
export function reachText(view: CatalogView, user: UserAccess, hole: Hole): string {
  return reachesAccount(hole) ? `account ${hole.account}` : resourcesText(reachedBy(view, user, hole));
}

/** What a user gets at through a hole and not by its lines. */
export function reachedBy({ access, model }: CatalogView, user: UserAccess, hole: Hole): Resource[] {
  const resources = model.accounts.find(({ name }) => name === hole.account)?.resources ?? [];
  return resources.filter((resource) => access.holesTo(user, resource).includes(hole));
}
