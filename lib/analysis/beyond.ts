import type { Direction } from "../access/grant";
import type { CatalogResource } from "../catalog/catalog";
import { heldSubjects } from "../catalog/held-subjects";
import { valueAt } from "../collections/groups";
import { intersection, overlaps } from "../subjects/subject-pattern";
import type { AccessModel } from "./access-model";
import { type Hole, reachesAccount } from "./holes";
import { highest, isMore, type Level } from "./level";
import type { ResourceAccess } from "./resource-access";
import type { Ability, UserAccess } from "./user-access";

/** Accounts with what their users can do, which may be computed when it is first asked for. */
export interface Analyzed {
  readonly model: AccessModel;
  readonly access: ResourceAccess;
}

const LEAST: { readonly [direction in Direction]: Level } = { publish: "write", subscribe: "read" };

/** A stream or bucket that has messages, and the subjects that they have there. */
export interface Holding {
  readonly resource: CatalogResource;
  readonly subjects: readonly string[];
  /** Whether it has them if they are published; else only if a stream of another program has. */
  readonly isSure: boolean;
}

/**
 * The streams and buckets that have, or may have, messages of a pattern: under these subjects, or under those that rewriting
 * and copying make of what is published under them.
 *
 * @param account the account that the messages are published in, and that the streams are in; any if left out
 */
export function storing({ model }: Analyzed, pattern: string, account?: string): Holding[] {
  const found = new Map<CatalogResource, Set<string>>();
  const sure = new Set<CatalogResource>();
  const add = (resource: CatalogResource, subject: string, isSure: boolean) => {
    valueAt(found, resource, () => new Set()).add(subject);
    if (isSure) sure.add(resource);
  };
  for (const resource of model.resources) {
    if (account !== undefined && resource.account !== account) continue;
    const { holds = resource.subjects } = resource;
    for (const held of heldSubjects(resource)) {
      const common = intersection(held, pattern);
      if (common !== undefined) add(resource, common, holds.includes(held));
    }
  }
  for (const from of account === undefined ? model.accountNames : [account]) {
    for (const arrival of model.traffic.arrivals(model.traffic.course(from, pattern))) {
      for (const { resource, subject } of model.traffic.storedBy(arrival)) add(resource, subject, true);
      for (const { resource, subject } of model.traffic.possiblyStoredBy(arrival)) add(resource, subject, false);
    }
  }
  return model.resources.flatMap((resource) => {
    const subjects = found.get(resource);
    return subjects ? [{ resource, subjects: [...subjects], isSure: sure.has(resource) }] : [];
  });
}

/** Whether an ability is about messages of these subjects. */
export const isAbout = ({ subjects: own }: Ability, { subjects }: Holding): boolean =>
  own === undefined || own.some((one) => subjects.some((other) => overlaps(one, other)));

/** Whether a user only through holes reads messages of a stream or bucket (to subscribe), or writes them (to publish). */
export function isOnlyThroughHoles(
  { access }: Analyzed,
  user: UserAccess,
  holding: Holding,
  direction: Direction,
): boolean {
  const { resource } = holding;
  const least = LEAST[direction];
  const own = user.cells.get(resource)?.abilities.filter((ability) => isAbout(ability, holding)) ?? [];
  const level = highest(own.map(({ act }) => act));
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
