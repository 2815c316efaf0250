import type { OriginModel, ResourceModel } from "../access/models";
import type { Problem } from "../problems/fault";
import { overlaps } from "../subjects/subject-pattern";

/** Resources whose origins are known by their names, also where a program refers to the other resource's attribute. */
export function withKnownOrigins(resources: readonly ResourceModel[]): ResourceModel[] {
  const expression = ({ address }: ResourceModel) => `\${${address}.name}`;
  const referred = new Set(resources.flatMap(({ origins }) => origins.map(({ stream }) => stream)));
  if (referred.size === 0) return [...resources];
  const streams = new Map(
    resources.flatMap((each) => (referred.has(expression(each)) ? [[expression(each), each.stream]] : [])),
  );
  if (streams.size === 0) return [...resources];
  return resources.map((each) => ({
    ...each,
    origins: each.origins.map((origin) => ({ ...origin, stream: streams.get(origin.stream) ?? origin.stream })),
  }));
}

/** The origins of a stream that are in its own account and domain. */
const ownOrigins = ({ origins }: ResourceModel) =>
  origins.filter(({ externalApiPrefix }) => externalApiPrefix === undefined);

type Find = (resource: ResourceModel, origin: OriginModel) => ResourceModel | undefined;

/** What is wrong with what streams copy, once the program is complete. */
export function originProblems(resources: readonly ResourceModel[]): Problem[] {
  if (resources.every(({ origins }) => origins.length === 0)) return [];
  const key = (account: string, stream: string) => `${account} ${stream}`;
  const known = new Map(resources.map((each) => [key(each.account, each.stream), each]));
  const anywhere = new Map(resources.map((each) => [each.stream, each]));
  const find: Find = ({ account }, { stream }) => known.get(key(account, stream));
  return resources.flatMap((resource) =>
    ownOrigins(resource).flatMap((origin) => {
      const found = find(resource, origin);
      if (found === resource) return [];
      if (!found) return origin.byOption ? farOrigin(resource, anywhere.get(origin.stream)) : [];
      return [
        ...indirectMirror(resource, origin),
        ...(closesCycle(resource, found, find) ? [cycle(resource, found)] : []),
      ];
    }),
  );
}

/**
 * A name of another account's stream is a mistake in an option. On the Terraform resource it is how README moves an app:
 * the copy that was restored in this account keeps its old name.
 */
function farOrigin({ source, account }: ResourceModel, found: ResourceModel | undefined): Problem[] {
  if (!found) return [];
  return [
    {
      path: source,
      what: `stream copies one that is in the account ${found.account} and not in ${account} [${found.source}]`,
      value: found.stream,
      allowed: "streams of the same account, or externalApiPrefix for what another account exports",
      fix: "Copy a stream of the same account, or let the app consume events",
    },
  ];
}

function indirectMirror({ source }: ResourceModel, { stream, direct }: OriginModel): Problem[] {
  if (direct !== false) return [];
  return [
    {
      path: source,
      what: "mirrorDirect is false, but the other stream can be read directly",
      value: stream,
      allowed: "true: the server refuses a mirror that differs from its origin in this",
      fix: "Leave mirrorDirect out",
    },
  ];
}

function cycle({ source }: ResourceModel, { stream }: ResourceModel): Problem {
  return {
    path: source,
    what: "a stream gets its own messages back by mirrors and sources",
    value: stream,
    allowed: "copies that do not go in a circle, or filters that let no message through twice",
    fix: "Remove one of the copies, or give each a filterSubject for the subjects of its origin",
  };
}

/** Whether what `from` copies comes from `resource` itself, as the server sees it when it makes `resource` last. */
function closesCycle(resource: ResourceModel, from: ResourceModel, find: Find): boolean {
  const visited = new Set<ResourceModel>();
  const toVisit = [from];
  for (let each = toVisit.pop(); each; each = toVisit.pop()) {
    if (visited.has(each)) continue;
    visited.add(each);
    for (const origin of ownOrigins(each)) {
      const next = find(each, origin);
      const { filter } = origin;
      if (next === resource && (filter === undefined || each.subjects.some((subject) => overlaps(subject, filter)))) {
        return true;
      }
      if (next) toVisit.push(next);
    }
  }
  return false;
}
