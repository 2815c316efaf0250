import type { Direction } from "../access/grant";
import type { CatalogResource } from "../catalog/catalog";
import { heldSubjects } from "../catalog/held-subjects";
import { overlaps } from "../subjects/subject-pattern";
import type { AccessModel } from "./access-model";
import { type Hole, reachesAccount } from "./holes";
import { isMore, type Level } from "./level";
import type { ResourceAccess } from "./resource-access";
import type { UserAccess } from "./user-access";

/** Accounts with what their users can do, which may be computed when it is first asked for. */
export interface Analyzed {
  readonly model: AccessModel;
  readonly access: ResourceAccess;
}

const LEAST: { readonly [direction in Direction]: Level } = { publish: "write", subscribe: "read" };

/** The streams and buckets, of one account or of any, that store subjects of a pattern, or may. */
export function storing({ model }: Analyzed, pattern: string, account?: string): CatalogResource[] {
  return model.resources.filter(
    (resource) =>
      (account === undefined || resource.account === account) &&
      heldSubjects(resource).some((subject) => overlaps(subject, pattern)),
  );
}

/** Whether a user only through holes reads a stream or bucket (to subscribe), or writes it (to publish). */
export function isOnlyThroughHoles(
  { access }: Analyzed,
  user: UserAccess,
  resource: CatalogResource,
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
export function effectiveHoles({ access, model }: Analyzed, user: UserAccess): Hole[] {
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

/** What a user gets at through a hole and not by its lines. */
export function reachedBy({ access, model }: Analyzed, user: UserAccess, hole: Hole): CatalogResource[] {
  const resources = model.accounts.find(({ name }) => name === hole.account)?.resources ?? [];
  return resources.filter((resource) => access.holesTo(user, resource).includes(hole));
}
