import { UNKNOWN, type Values } from "../attribute-effects";
import { type Copied, copyText, givesWay, mayBeQueue, newlyCopied, placeText } from "../new-copies";
import type { PlannedChange } from "./plan";
import { type Retentions, resourceOf } from "./planned-resource";
import type { Surroundings } from "./surroundings";

/** What a stream copies. */
export function copiesOf({ mirror, source }: Values): Copied[] {
  return [mirror, source].flatMap((given): Copied[] => {
    if (given === UNKNOWN) return [{ stream: undefined, api: undefined, filters: [] }];
    return (Array.isArray(given) ? given : []).map((each: Values) => {
      const { name, filter_subject: filter, subject_transform: transforms, external } = each;
      const sources = (Array.isArray(transforms) ? transforms : []).map((one: Values) => String(one.source || ">"));
      const [api] = (Array.isArray(external) ? external : []).map((one: Values) => String(one.api ?? ""));
      return { stream: String(name), api, filters: sources.length > 0 ? sources : filter ? [String(filter)] : [] };
    });
  });
}

/** What a stream of a plan newly copies. */
export function newCopiesOf({ type, actions, before, after }: PlannedChange): Copied[] {
  if (type !== "jetstream_stream" || !actions.some((each) => each === "create" || each === "update")) return [];
  return newlyCopied(copiesOf(before), copiesOf(after));
}

/** What is said of the messages that a stream newly copies, and of its own. A stream that the plan makes has none. */
export function newCopyTexts(change: PlannedChange, retentions: Retentions, surroundings: Surroundings): string[] {
  const copies = newCopiesOf(change);
  if (copies.length === 0) return [];
  const { facts, server } = surroundings;
  const { stream, module } = resourceOf(change);
  const account = facts.accountOf(stream, change.address);
  const isThere = change.actions.includes("update");
  const own = server?.find(stream, account);
  return copies.flatMap((copied) => {
    const origin = copied.stream !== undefined && copied.api === undefined ? copied.stream : undefined;
    // A server that does not have what the plan updates is not the one that the plan is about.
    const asked = origin === undefined || (isThere && !own) ? undefined : server?.find(origin, account);
    const retention = () => {
      if (origin === undefined) return UNKNOWN;
      const planned = retentions.of({ stream: origin, module });
      if (planned !== UNKNOWN) return planned;
      const declared = account === undefined ? undefined : facts.retentionOf(origin, account);
      return declared ?? asked?.retention ?? UNKNOWN;
    };
    if (origin !== undefined && retentions.isNew({ stream: origin, module }) && !asked?.messages) return [];
    const kept = mayBeQueue(copied) ? retention() : undefined;
    const isEmpty = own?.messages === 0 || asked?.messages === 0;
    return [
      ...(kept === "workqueue" || kept === UNKNOWN ? [copyText(copied, kept === "workqueue")] : []),
      ...(isThere && givesWay(change.after) && !isEmpty ? [placeText(copied)] : []),
    ];
  });
}
