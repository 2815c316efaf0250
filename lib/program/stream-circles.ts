import type { OriginModel, ResourceModel } from "../access/models";
import type { Problem } from "../problems/fault";
import { overlaps } from "../subjects/subject-pattern";

/** Finds the stream of the program that a stream copies. */
export type FindOrigin = (resource: ResourceModel, origin: OriginModel) => ResourceModel | undefined;

/** The origins of a stream that are in its own account and domain. */
export const ownOrigins = ({ origins }: ResourceModel): OriginModel[] =>
  origins.filter(({ externalApiPrefix }) => externalApiPrefix === undefined);

/** A copy at which the server stops, and the stream that it has seen before. */
interface Stop {
  readonly copy: ResourceModel;
  readonly origin: ResourceModel;
}

/** More steps than any program takes that people can follow; the server takes each of them too. */
const MAX_STEPS = 10_000;

/**
 * Where the server stops because it takes the copies behind a stream for a circle (`checkStreamCfg`, "detected cycle";
 * 2.11 to 2.15). It goes through them level by level, and stops at any stream that it has gone through before: also at one
 * that is reached on two ways of different length.
 */
function stopOf(resource: ResourceModel, find: FindOrigin): Stop | undefined {
  const visited = new Set<ResourceModel>();
  const toVisit = [resource];
  for (let index = 0; index < toVisit.length && index < MAX_STEPS; index++) {
    const copy = toVisit[index] as ResourceModel;
    visited.add(copy);
    for (const each of ownOrigins(copy)) {
      const origin = find(copy, each);
      if (!origin || origin === copy) continue;
      const { mirror, filter } = each;
      if (!visited.has(origin)) toVisit.push(origin);
      else if (mirror || filter === undefined || copy.subjects.some((subject) => overlaps(subject, filter))) {
        return { copy, origin };
      }
    }
  }
  return undefined;
}

/** Whether what a stream copies leads back to itself. */
function leadsBack(resource: ResourceModel, find: FindOrigin): boolean {
  const visited = new Set<ResourceModel>();
  const toVisit = [resource];
  for (let copy = toVisit.pop(); copy; copy = toVisit.pop()) {
    for (const each of ownOrigins(copy)) {
      const origin = find(copy, each);
      if (origin === resource && copy !== resource) return true;
      if (origin && !visited.has(origin)) toVisit.push(origin);
      if (origin) visited.add(origin);
    }
  }
  return false;
}

/** What is wrong with a stream that the server refuses if it makes it last. */
export function circleProblems(resource: ResourceModel, find: FindOrigin): Problem[] {
  if (ownOrigins(resource).length === 0) return [];
  const stop = stopOf(resource, find);
  if (!stop) return [];
  const { copy, origin } = stop;
  if (leadsBack(resource, find)) {
    return [
      {
        path: resource.source,
        what: "a stream gets its own messages back by mirrors and sources",
        value: origin.stream,
        allowed: "copies that do not go in a circle, or filters that let no message through twice",
        fix: "Remove one of the copies, or give each a filterSubject for the subjects of its origin",
      },
    ];
  }
  return [
    {
      path: resource.source,
      what: `a stream copies another on two ways of different length, the longer one through ${copy.stream}`,
      value: origin.stream,
      allowed: "each stream on one way, or on ways of one length: the server takes anything else for a circle",
      fix: `Name ${copy.stream} before ${origin.stream} in sources, or give the source ${origin.stream} of ${copy.stream} a filterSubject that is none of that stream's own subjects`,
    },
  ];
}
