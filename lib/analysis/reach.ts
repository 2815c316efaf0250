import type { CatalogLine, CatalogResource } from "../catalog/catalog";
import { intersection, isLiteral } from "../subjects/subject-pattern";
import type { AccessModel, Member, Receiver } from "./access-model";
import type { Course, Step } from "./course";
import type { Extent, Verdict } from "./server-permissions";
import type { Mapped } from "./traffic";

/** What a user may do with a subject or pattern that it publishes to. */
export interface PublishAnswer {
  readonly extent: Extent;
  /** What the account's mappings make of it, each with what decides. */
  readonly as: readonly (Mapped & { readonly extent: Extent; readonly by: readonly CatalogLine[] })[];
}

/** A user that receives something, and the subscription by which it does. */
export interface Delivery extends Receiver {
  /** The account whose subject it is that was asked for. */
  readonly from: string;
  readonly through: readonly Step[];
}

/** A stream that stores something. */
export interface Storage {
  readonly resource: CatalogResource;
  readonly subject: string;
  readonly through: readonly Step[];
}

/** Where a message goes. */
export interface Reach {
  readonly receivers: readonly Delivery[];
  readonly storedBy: readonly Storage[];
  /** The streams of other programs that may store it, and those that copy one of them. */
  readonly possiblyStoredBy: readonly Storage[];
}

/** A user that can publish something, and how it gets there. */
export interface Publication {
  readonly member: Member;
  /** What the user publishes to. */
  readonly publishes: string;
  /** The account in which it is seen, and under which subject. */
  readonly into: string;
  readonly subject: string;
  readonly through: readonly Step[];
  readonly line: CatalogLine;
}

/** How much of several parts is allowed. */
function together(extents: readonly Extent[]): Extent {
  const [first = "none"] = extents;
  return extents.every((extent) => extent === first) ? first : "some";
}

/** Each item once, by a key. */
function unique<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(keyOf(item))) first.set(keyOf(item), item);
  return [...first.values()];
}

function stepName(step: Step): string {
  const { kind, account } = step;
  switch (kind) {
    case "import":
      return `${account} ${step.import.account} ${step.import.kind} ${step.import.subject} ${step.import.to}`;
    case "republish":
      return `${account} ${step.resource.stream}`;
    case "copy":
      return `${account} ${step.resource.stream} ${step.from.stream}`;
  }
}

/** A way as a text that is the same for the same way. */
const wayOf = (through: readonly Step[]) => through.map(stepName).join("|");

/** Whether a user may publish to a subject, or to how much of a pattern: the permission counts behind the mappings. */
export function canPublish(model: AccessModel, { account, permissions }: Member, subject: string): PublishAnswer {
  const as = model.traffic.mapped(account, subject).map((mapped) => {
    const { to } = mapped;
    if (isLiteral(to)) {
      const { allowed, by } = permissions.mayPublish(to);
      return { ...mapped, extent: allowed ? ("all" as const) : ("none" as const), by };
    }
    const by = permissions.publishing(to).map(({ line }) => line);
    return { ...mapped, extent: permissions.publishExtent(to), by };
  });
  return { extent: together(as.map(({ extent }) => extent)), as };
}

/** Whether a user may subscribe to a subject or pattern, in a queue group or by itself. */
export function canSubscribe({ permissions }: Member, subject: string, queue?: string): Verdict {
  return permissions.maySubscribe(subject, queue);
}

/** Who receives what a user publishes to a subject or pattern, and which streams store it. */
export function reach(model: AccessModel, { account, permissions }: Member, subject: string): Reach {
  const courses = model.traffic
    .sent(account, subject, permissions.unpublishable)
    .flatMap((course) => permissions.publishing(course.subject).map(({ pattern }) => course.part(pattern)));
  const arrivals = courses.flatMap((course) => model.traffic.arrivals(course));
  return {
    receivers: received(model, account, arrivals),
    storedBy: once(arrivals.flatMap((arrival) => model.traffic.storedBy(arrival))),
    possiblyStoredBy: once(arrivals.flatMap((arrival) => model.traffic.possiblyStoredBy(arrival))),
  };
}

/** Who can receive subjects of a pattern that are published in an account, or in any. */
export function whoCanSubscribe(model: AccessModel, subject: string, account?: string): Delivery[] {
  return (account === undefined ? model.accountNames : [account]).flatMap((from) =>
    received(model, from, model.traffic.arrivals(model.traffic.course(from, subject))),
  );
}

/** Who can publish subjects of a pattern so that they are seen in an account, or in any. */
export function whoCanPublish(model: AccessModel, subject: string, account?: string): Publication[] {
  const found = (account === undefined ? model.accountNames : [account]).flatMap((into) =>
    model.traffic
      .origins(into, subject)
      .flatMap((origin) =>
        model
          .publishers(origin.account, origin.subject)
          .flatMap(({ member, line, pattern }) =>
            model.traffic
              .published(origin.account, pattern, member.permissions.unpublishable)
              .flatMap((course) => publications(model, course, member, line, into, subject)),
          ),
      ),
  );
  return unique(found, ({ member, publishes, into, subject, through }) =>
    [member.user.name, publishes, into, subject, wayOf(through)].join(" "),
  );
}

function publications(
  model: AccessModel,
  course: Course,
  member: Member,
  line: CatalogLine,
  into: string,
  wanted: string,
): Publication[] {
  return model.traffic.requests(course, into).flatMap((arrival) => {
    const subject = arrival.account === into ? intersection(arrival.subject, wanted) : undefined;
    const origin = subject === undefined ? undefined : arrival.origin(subject);
    if (subject === undefined || origin === undefined) return [];
    const { through } = arrival;
    return model.traffic
      .unmapped(member.account, origin)
      .map(({ from }) => ({ member, publishes: from, into, subject, through, line }));
  });
}

function received(model: AccessModel, from: string, arrivals: readonly Course[]): Delivery[] {
  const found = arrivals.flatMap((arrival) =>
    model
      .receivers(arrival.account, arrival.subject)
      .filter(({ pattern }) => arrival.origin(pattern) !== undefined)
      .map((receiver) => ({ ...receiver, from, through: arrival.through })),
  );
  const byQueue = [...found].sort(({ queue: one = "" }, { queue: other = "" }) =>
    one === other ? 0 : one < other ? -1 : 1,
  );
  return unique(byQueue, ({ member, pattern, from, through }) =>
    [member.user.name, pattern, from, wayOf(through)].join(" "),
  );
}

const once = (found: readonly Storage[]): Storage[] =>
  unique(found, ({ resource, subject, through }) => [resource.stream, subject, wayOf(through)].join(" "));
