import type { ConsumerModel, OriginModel, ResourceModel } from "../access/models";
import { addTo } from "../collections/groups";
import type { Fault, Problem } from "../problems/fault";
import { overlaps } from "../subjects/subject-pattern";
import { isExpression } from "../tokens/expression";
import { mirrorProblems } from "./mirror-problems";
import { circleProblems, type FindOrigin, ownOrigins } from "./stream-circles";

/** Whether the attribute `name` of a resource is the name of its stream; of a bucket of the provider it is the bucket's. */
const isNamedAsStream = ({ address }: ResourceModel) => address.startsWith("jetstream_stream.");

/** Resources whose origins are known by their names, also where a program refers to the other resource's attribute. */
export function withKnownOrigins(resources: readonly ResourceModel[]): ResourceModel[] {
  const expression = ({ address }: ResourceModel) => `\${${address}.name}`;
  const referred = new Set(resources.flatMap(({ origins }) => origins.map(({ stream }) => stream)));
  if (referred.size === 0) return [...resources];
  const streams = new Map(
    resources.flatMap((each) =>
      isNamedAsStream(each) && referred.has(expression(each)) ? [[expression(each), each.stream]] : [],
    ),
  );
  if (streams.size === 0) return [...resources];
  return resources.map((each) => ({
    ...each,
    origins: each.origins.map((origin) => ({ ...origin, stream: streams.get(origin.stream) ?? origin.stream })),
  }));
}

/** What is wrong with what streams copy, once the program is complete. */
export function originProblems(resources: readonly ResourceModel[], consumers: readonly ConsumerModel[]): Problem[] {
  if (resources.every(({ origins }) => origins.length === 0)) return [];
  const key = (account: string, stream: string) => `${account} ${stream}`;
  const known = new Map(resources.map((each) => [key(each.account, each.stream), each]));
  const anywhere = new Map(resources.map((each) => [each.stream, each]));
  const find: FindOrigin = ({ account }, { stream }) => known.get(key(account, stream));
  const work = new WorkQueues(consumers);
  return resources.flatMap((resource) => [
    ...resource.origins.filter(({ stream }) => isExpression(stream)).map((origin) => lateOrigin(resource, origin)),
    ...resource.origins.flatMap((origin) => mirrorProblems(resource, origin, find(resource, origin))),
    ...ownOrigins(resource).flatMap((origin) => {
      const found = find(resource, origin);
      if (found === resource) return [];
      if (!found) return origin.byOption ? farOrigin(resource, anywhere.get(origin.stream)) : [];
      return [...smallCopy(resource, origin, found), ...work.take(resource, origin, found)];
    }),
    ...circleProblems(resource, find),
    ...repeatedSource(resource),
  ]);
}

/** What is wrong with sources of which the server takes two for the same. */
function repeatedSource({ source, origins }: ResourceModel): Problem[] {
  const keys = origins.map(({ stream, filter = ">", transforms, externalApiPrefix }) =>
    JSON.stringify([stream, filter, transforms, externalApiPrefix]),
  );
  const twice = origins.find((_, index) => keys.indexOf(keys[index] ?? "") < index);
  if (!twice) return [];
  return [
    {
      path: source,
      what: "a source is given twice",
      value: twice.stream,
      allowed: "each source once",
      fix: "Remove one of the two",
    },
  ];
}

function lateOrigin({ source }: ResourceModel, { stream }: OriginModel): Problem {
  return {
    path: source,
    what: "stream copies one whose name is known only at apply",
    value: stream,
    allowed: "the name itself, or that of a stream of this library: who reads what is copied is checked by it",
    fix: "Write the name of the other stream, or declare it by addStream with adopt",
  };
}

/** What is wrong with a stream of another account as the origin of one in an account. */
export const farOriginFault = (
  origin: Pick<ResourceModel, "stream" | "account" | "source">,
  account: string,
): Fault => ({
  what: `stream copies one that is in the account ${origin.account} and not in ${account} [${origin.source}]`,
  value: origin.stream,
  allowed: "streams of the same account, or externalApiPrefix for what another account exports",
  fix: "Copy a stream of the same account, or let the app consume events",
});

/**
 * A name of another account's stream is a mistake in an option. On the Terraform resource it is how README moves an app:
 * the copy that was restored in this account keeps its old name.
 */
const farOrigin = ({ source, account }: ResourceModel, found: ResourceModel | undefined): Problem[] =>
  found ? [{ path: source, ...farOriginFault(found, account) }] : [];

/** Room for the header by which a source names where a message is from (`Nats-Stream-Source`). */
const SOURCE_HEADER_BYTES = 1024;

/** Whether a stream has no limit of its messages' size; one that is known only at apply may have. */
const takesAll = ({ maxMessageBytes, settings }: ResourceModel) =>
  maxMessageBytes === undefined && !String(settings.max_msg_size ?? settings.max_value_size).includes("${");

/**
 * A copy stops for good, in silence, at the first message that is too large for it: measured on 2.11 to 2.15. The server
 * refuses some such copies (10030, 10046), if it sees both.
 */
function smallCopy({ source, maxMessageBytes: own }: ResourceModel, { mirror }: OriginModel, origin: ResourceModel) {
  const { maxMessageBytes: theirs } = origin;
  if (own === undefined || (theirs === undefined && !takesAll(origin))) return [];
  const needed = theirs === undefined ? undefined : theirs + (mirror ? 0 : SOURCE_HEADER_BYTES);
  if (needed !== undefined && own >= needed) return [];
  const header = mirror ? "" : `, with ${SOURCE_HEADER_BYTES} for the header that names where it is from`;
  return [
    {
      path: source,
      what: `stream takes smaller messages than the one that it copies [${origin.source}]`,
      value: own,
      allowed:
        needed === undefined
          ? `no limit: ${origin.stream} has none, and the copy stops at the first message that is too large`
          : `a message size of ${needed} bytes or more, which ${origin.stream} takes${header}; or no limit`,
      fix: "Raise or remove maxMessageBytes (maxValueBytes of a bucket), or lower that of the other stream",
    },
  ];
}

/**
 * Who takes messages of work queues. To the server a copy of a work queue is a consumer of it: what is copied is gone from
 * there, and a consumer beside it gets only a part, or is refused (10099), by chance of order.
 */
class WorkQueues {
  private readonly takers = new Map<string, { readonly filters: readonly string[]; readonly source: string }[]>();

  public constructor(consumers: readonly ConsumerModel[]) {
    for (const { account, stream, filters, source } of consumers) this.add(account, stream, filters, source);
  }

  /** What is wrong with one more copy of a stream. */
  public take({ source }: ResourceModel, { filter, transforms }: OriginModel, origin: ResourceModel): Problem[] {
    if (origin.retention !== "workqueue") return [];
    const filters = filter === undefined ? transforms.map((each) => each.source) : [filter];
    const mine = filters.length > 0 ? filters : [">"];
    const others = this.add(origin.account, origin.stream, mine, source).slice(0, -1);
    const other = others.find((each) => each.filters.some((one) => mine.some((filter) => overlaps(one, filter))));
    if (!other) return [];
    return [
      {
        path: source,
        what: `stream copies messages of a work queue that [${other.source}] takes from it`,
        value: origin.stream,
        allowed: "each message of a work queue for one consumer or one copy, which takes it away",
        fix: "Give the copy a filterSubject that the other has not, or use RetentionPolicy.LIMITS or INTEREST for the work queue",
      },
    ];
  }

  private add(account: string, stream: string, filters: readonly string[], source: string) {
    const key = `${account} ${stream}`;
    addTo(this.takers, key, { filters: filters.length > 0 ? filters : [">"], source });
    return this.takers.get(key) ?? [];
  }
}
