import { UNKNOWN } from "../attribute-effects";
import { againText, type Copied, copyText, givesWay, mayBeQueue, placeText } from "../new-copies";
import type { PlannedChange } from "./plan";
import { copiesOf, newCopiesOf, ownOrigins } from "./planned-origins";
import { resourceOf } from "./planned-resource";
import type { PlannedStreams } from "./planned-streams";
import type { Surroundings } from "./surroundings";

/** What a stream copied before and now copies again, since it copies what that was formerly. */
function copiedBefore(change: PlannedChange, copied: Copied, planned: PlannedStreams, formers: readonly string[]) {
  const { stream, api, startsLater } = copied;
  if (stream === undefined || api !== undefined || startsLater || !change.actions.includes("update")) return undefined;
  const known = [...formers, ...planned.originsOf({ stream, module: change.module })];
  return ownOrigins(copiesOf(change.before)).find((before) => known.includes(before));
}

/** What is said of the messages that a stream newly copies, and of its own. A stream that the plan makes has none. */
export function newCopyTexts(
  change: PlannedChange,
  planned: PlannedStreams,
  { facts, server }: Surroundings,
): string[] {
  const copies = newCopiesOf(change);
  if (copies.length === 0) return [];
  const { stream, module } = resourceOf(change);
  const account = facts.accountOf(stream, change.address);
  const isThere = change.actions.includes("update");
  const own = server?.find(stream, account);
  return copies.flatMap((copied) => {
    const [origin] = ownOrigins([copied]);
    // A server that does not have what the plan updates is not the one that the plan is about.
    const asked = origin === undefined || (isThere && !own) ? undefined : server?.find(origin, account);
    const formers = origin === undefined || account === undefined ? [] : facts.formersOf(origin, account);
    const before = copiedBefore(
      change,
      copied,
      planned,
      formers.map((former) => former.stream),
    );
    const again = before === undefined || asked?.messages === 0 ? [] : [againText(copied, before)];
    const isNew = origin !== undefined && planned.isNew({ stream: origin, module });
    if (isNew && !asked?.messages) return again;
    const retention = () => {
      if (origin === undefined) return UNKNOWN;
      const known = planned.retentionOf({ stream: origin, module });
      if (known !== UNKNOWN) return known;
      const declared = account === undefined ? undefined : facts.retentionOf(origin, account);
      return declared ?? asked?.retention ?? UNKNOWN;
    };
    const kept = mayBeQueue(copied) ? retention() : undefined;
    const isEmpty = own?.messages === 0 || asked?.messages === 0;
    return [
      ...again,
      ...(kept === "workqueue" || kept === UNKNOWN ? [copyText(copied, kept === "workqueue")] : []),
      ...(isThere && givesWay(change.after) && !isEmpty ? [placeText(copied)] : []),
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
  { facts, server }: Surroundings,
): readonly string[] {
  const { type, actions, address, before, after, module } = change;
  const isMade = actions.join() === "create";
  const stays = isMade || actions.every((each) => each === "update" || each === "no-op");
  if (type !== "jetstream_stream" || !stays || (!isMade && !planned.letsGo)) return [];
  const { stream } = resourceOf(change);
  const account = facts.accountOf(stream, address);
  if (account === undefined) return [];
  const copied = ownOrigins([...copiesOf(before), ...copiesOf(after)]);
  const formers = facts.formersOf(stream, account).filter((former) => {
    const isEmpty = server?.isAbout(former.account) && !server.find(former.stream, former.account)?.messages;
    const goes = isMade ? facts.isRetired(former.stream) : planned.goes({ stream: former.stream, module });
    return !copied.includes(former.stream) && goes && !isEmpty;
  });
  return formers.map((former) => former.stream);
}
