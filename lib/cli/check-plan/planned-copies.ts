import { isCovered } from "../../subjects/subject-difference";
import { UNKNOWN } from "../attribute-effects";
import {
  againText,
  type Copied,
  copyText,
  drainedText,
  endedText,
  givesWay,
  mayBeQueue,
  newlyCopied,
  placeText,
} from "../new-copies";
import { isNew, isThere } from "./newness";
import type { PlannedChange } from "./plan";
import { copiesOf, copiesSoFar, newCopiesOf, ownOrigins } from "./planned-origins";
import { resourceOf } from "./planned-resource";
import type { PlannedStreams } from "./planned-streams";
import type { Surroundings } from "./surroundings";

/** What a stream copied before and now copies again, since it copies what that was formerly. */
function copiedBefore(change: PlannedChange, copied: Copied, planned: PlannedStreams, formers: readonly string[]) {
  const { stream, api, startsLater } = copied;
  if (stream === undefined || api !== undefined || startsLater || !isThere(change)) return undefined;
  const known = [...formers, ...planned.originsOf({ stream, module: change.module })];
  return ownOrigins(copiesSoFar(change)).find((before) => known.includes(before));
}

/** Whether a server was asked that a change is about. One that does not have what the plan updates is none. */
const wasAsked = ({ existing, actions }: PlannedChange) =>
  existing !== undefined && (existing !== null || !actions.includes("update"));

/** How long the origin of a copy keeps messages, by the plan, the catalog or the server. */
function retentionOfOrigin(
  change: PlannedChange,
  origin: string | undefined,
  planned: PlannedStreams,
  { facts, accounts, server }: Surroundings,
): unknown {
  if (origin === undefined) return UNKNOWN;
  const known = planned.retentionOf({ stream: origin, module: change.module });
  if (known !== UNKNOWN) return known;
  const account = accounts.of(change);
  const declared = account === undefined ? undefined : facts.retentionOf(origin, account);
  return declared ?? (wasAsked(change) ? server?.find(origin)?.retention : undefined) ?? UNKNOWN;
}

/** A stream that loses messages by what becomes of a copy. */
export interface EmptiedOrigin {
  readonly stream: string;
  /** What becomes of it, behind its name. */
  readonly text: string;
}

/**
 * Whether the origin of a copy keeps messages only for those who want them, by the plan, the catalog or the server, and has
 * some; undefined where none of them says it.
 */
function isByInterest(
  change: PlannedChange,
  origin: string,
  planned: PlannedStreams,
  surroundings: Surroundings,
): boolean | undefined {
  const asked = surroundings.server !== undefined && wasAsked(change);
  const found = asked ? surroundings.server.find(origin) : undefined;
  if (found?.messages === 0) return false;
  if (planned.isByInterest({ stream: origin, module: change.module }) || found?.retention === "interest") return true;
  const kept = retentionOfOrigin(change, origin, planned, surroundings);
  return kept === UNKNOWN && !asked ? undefined : kept === "interest";
}

/** The same of an origin in another account or domain, of which only its name is known. */
function isElsewhereByInterest(
  { module }: PlannedChange,
  origin: string,
  planned: PlannedStreams,
  { facts }: Surroundings,
): boolean | undefined {
  const kept = new Set<unknown>(facts.retentionsOf(origin));
  if (planned.isByInterest({ stream: origin, module }) || kept.has("interest")) return true;
  return kept.size > 0 ? false : undefined;
}

/** What a stream copies until the plan is applied, and not after that. */
export function endedCopies({ type, actions, before, after, existing }: PlannedChange): Copied[] {
  if (type !== "jetstream_stream" || !actions.some((each) => each === "update" || each === "delete")) return [];
  const now = actions.includes("delete") ? [] : copiesOf(after);
  if (now.some(({ stream }) => stream === undefined)) return [];
  return newlyCopied(now, copiesOf({ ...before, ...existing?.origins }));
}

/** Whether a copy that has no filter wants after the plan what its origin stores, and no less. */
function wantsAllStill(
  { after, module }: PlannedChange,
  { stream, api, filters }: Copied,
  planned: PlannedStreams,
): boolean {
  if (stream === undefined || api !== undefined || filters.length > 0) return false;
  const now = copiesOf(after).filter((each) => each.stream === stream && each.api === undefined);
  const subjects = planned.subjectsOf({ stream, module });
  return (
    now.length > 0 &&
    (subjects?.every((subject) =>
      isCovered(
        subject,
        now.flatMap((each) => each.filters),
      ),
    ) ??
      false)
  );
}

/**
 * The streams that keep messages only until all who want them have them, where a copy wants no more of them. What the plan destroys
 * is a loss of its own.
 */
export function endedOrigins(
  change: PlannedChange,
  planned: PlannedStreams,
  surroundings: Surroundings,
): EmptiedOrigin[] {
  return endedCopies(change).flatMap((copied) => {
    const { stream, api } = copied;
    if (stream === undefined || !mayBeQueue(copied)) return [];
    if (planned.isDestroyed({ stream, module: change.module }) || wantsAllStill(change, copied, planned)) return [];
    const isSure =
      api === undefined
        ? isByInterest(change, stream, planned, surroundings)
        : isElsewhereByInterest(change, stream, planned, surroundings);
    return isSure === false ? [] : [{ stream, text: endedText(copied, resourceOf(change).stream, isSure ?? false) }];
  });
}

/** Whether a stream that is newly copied is a work queue, or may be; undefined where it is none, or the plan makes it. */
function drains(
  change: PlannedChange,
  copied: Copied,
  planned: PlannedStreams,
  surroundings: Surroundings,
): "surely" | "perhaps" | undefined {
  const [origin] = ownOrigins([copied]);
  if (!mayBeQueue(copied)) return undefined;
  if (origin !== undefined && planned.isNew({ stream: origin, module: change.module })) return undefined;
  const kept = retentionOfOrigin(change, origin, planned, surroundings);
  return kept === "workqueue" ? "surely" : kept === UNKNOWN ? "perhaps" : undefined;
}

/** The work queues whose messages a stream takes away, since it newly copies them. */
export function drainedOrigins(
  change: PlannedChange,
  planned: PlannedStreams,
  surroundings: Surroundings,
): EmptiedOrigin[] {
  return newCopiesOf(change).flatMap((copied) => {
    const { stream } = copied;
    const how = stream === undefined ? undefined : drains(change, copied, planned, surroundings);
    if (stream === undefined || how === undefined) return [];
    return [{ stream, text: drainedText(resourceOf(change).stream, how === "surely") }];
  });
}

/** What is said of the messages that a stream newly copies, and of its own. A stream that the plan makes anew has none. */
export function newCopyTexts(change: PlannedChange, planned: PlannedStreams, surroundings: Surroundings): string[] {
  const { facts, accounts, server } = surroundings;
  const copies = newCopiesOf(change);
  if (copies.length === 0) return [];
  const { module, existing, after } = change;
  const account = accounts.of(change);
  return copies.flatMap((copied) => {
    const [origin] = ownOrigins([copied]);
    const asked = origin !== undefined && wasAsked(change) ? server?.find(origin) : undefined;
    const formers = origin === undefined || account === undefined ? [] : facts.formersOf(origin, account);
    const before = copiedBefore(
      change,
      copied,
      planned,
      formers.map(({ stream }) => stream),
    );
    const again = before === undefined || asked?.messages === 0 ? [] : [againText(copied, before)];
    if (origin !== undefined && planned.isNew({ stream: origin, module })) return again;
    const isUnknown = copied.stream === undefined && drains(change, copied, planned, surroundings) !== undefined;
    const isEmpty = existing?.messages === 0 || asked?.messages === 0;
    return [
      ...again,
      ...(isUnknown ? [copyText(copied, false)] : []),
      ...(isThere(change) && givesWay(after) && !isEmpty ? [placeText(copied)] : []),
    ];
  });
}

/**
 * The streams of a former name that a stream has not copied, although they go: what the plan makes has copied nothing, and what is
 * there only what it copies until the plan is applied.
 */
export function leftUncopied(
  change: PlannedChange,
  planned: PlannedStreams,
  { facts, accounts, server }: Surroundings,
): readonly string[] {
  const { type, after, module } = change;
  const isFirst = isNew(change);
  if (type !== "jetstream_stream" || !(isFirst || (isThere(change) && planned.letsGo))) return [];
  const account = accounts.of(change);
  if (account === undefined) return [];
  const copied = ownOrigins([...copiesSoFar(change), ...copiesOf(after)]);
  const formers = facts.formersOf(resourceOf(change).stream, account).filter((former) => {
    const isGoing = planned.goes({ stream: former.stream, module });
    const found = server?.find(former.stream);
    // A server that does not have what the plan destroys is not the one that the plan is about.
    const isEmpty = server !== undefined && accounts.isAsked(former.account) && (found ? !found.messages : !isGoing);
    const goes = isFirst ? facts.isRetired(former.stream) : isGoing;
    return !copied.includes(former.stream) && goes && !isEmpty;
  });
  return formers.map(({ stream }) => stream);
}
