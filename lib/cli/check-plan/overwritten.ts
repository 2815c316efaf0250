import { isDeepStrictEqual } from "node:util";
import { names } from "../../wording/lists";
import { UNKNOWN } from "../attribute-effects";
import { effectsOf } from "../update-effects";
import { type Loss, lossBy } from "./loss";
import { isMade } from "./newness";
import type { PlannedChange } from "./plan";
import { overwrittenEntry } from "./planned-entries";
import { isEntry, resourceOf } from "./planned-resource";
import { ownerOf, type PlannedStreams } from "./planned-streams";
import { retentionFor } from "./retention";
import type { Surroundings } from "./surroundings";

const filtersOf = ({ filter_subject: one, filter_subjects: several }: PlannedChange["after"]): unknown => {
  if (one === UNKNOWN || several === UNKNOWN) return UNKNOWN;
  return Array.isArray(several) && several.length > 0 ? several : one ? [one] : [];
};

const subjectsText = (filters: unknown) => {
  if (!Array.isArray(filters)) return "subjects that are known only at apply";
  return filters.length === 0 ? "all subjects" : names(filters.map(String));
};

/** What a plan makes of a consumer that the server has already: the provider writes over it. */
function overwrittenConsumer(change: PlannedChange, planned: PlannedStreams, surroundings: Surroundings): Loss[] {
  const { existing, after, type } = change;
  if (!existing || !isMade(change)) return [];
  const [old, now] = [existing.attributes, after].map(filtersOf);
  const isSame = isDeepStrictEqual(old, now);
  const isWithStream = planned.around(change).some((each) => !isMade(each) || each.existing);
  const { owner, attributes } = existing;
  const retention = retentionFor(change, planned, surroundings);
  const subjects = planned.subjectsOf(resourceOf(change));
  const emptied = effectsOf(type, { before: attributes, after, retention, subjects })
    .filter(({ kind }) => kind === "empties")
    .map(({ text }) => lossBy(change, "emptied", ` is on the server already: ${text}`));
  if (isSame && isWithStream) return emptied;
  const whose = owner === undefined || planned.isOwn(owner) ? "" : `, in a stream of \`${owner}\``;
  const taken = `is on the server already${whose}: this stack takes it over, with how far it has come`;
  const filters = isSame ? "" : `, and it gets ${subjectsText(now)}; before, ${subjectsText(old)}`;
  return [lossBy(change, "overwritten", ` ${taken}${filters}`), ...emptied];
}

/** What a plan makes of a stream that another program has marked as its own: by `adopt`, or by another `owner`. */
function overwrittenOwner(change: PlannedChange): Loss[] {
  const { actions, before, after } = change;
  const [old, now] = [ownerOf({ after: before }), ownerOf({ after })];
  if (!actions.includes("update") || old === undefined || old === now || after.metadata === UNKNOWN) return [];
  const taken = now === undefined ? "has no owner any more" : `gets the owner \`${now}\``;
  return [
    lossBy(change, "overwritten", ` ${taken}; before, \`${old}\`, whose program has it unless it has let go of it`),
  ];
}

/** Values, consumers and owners that a plan writes over, since they are on the server, or may be. */
export function overwrittenBy(change: PlannedChange, planned: PlannedStreams, surroundings: Surroundings): Loss[] {
  if (change.type === "jetstream_stream") return overwrittenOwner(change);
  if (change.type === "jetstream_consumer") return overwrittenConsumer(change, planned, surroundings);
  return isEntry(change) ? overwrittenEntry(change, planned, surroundings) : [];
}
