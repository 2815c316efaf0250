import { isDeepStrictEqual } from "node:util";
import { OWNER_KEY } from "../../naming/names";
import { names } from "../../wording/lists";
import { UNKNOWN } from "../attribute-effects";
import { effectsOf } from "../update-effects";
import { isAccessDocument, type Loss, lossBy } from "./loss";
import type { PlannedChange } from "./plan";
import { resourceOf } from "./planned-resource";

const isMade = ({ actions }: PlannedChange) => actions.includes("create");

/** What a change makes, which may be another key than the one that it destroys. */
export const asMade = (change: PlannedChange): PlannedChange => (isMade(change) ? { ...change, before: {} } : change);

const isSameName = (one: PlannedChange, other: PlannedChange) => resourceOf(one).name === resourceOf(other).name;

/** What a plan writes into a key that has, or may have, another value. */
function overKey(change: PlannedChange, changes: readonly PlannedChange[]): Loss[] {
  const { before, after, actions, existing } = change;
  const loss = (text: string) => [lossBy(change, "overwritten", text)];
  if (existing) {
    const { value } = existing.attributes;
    const isKnown = value === after.value || (!isMade(change) && value === before.value);
    return isKnown ? [] : loss(" has a value on the server that the plan does not know: it is overwritten");
  }
  if (existing === null || actions.includes("update")) return [];
  const bucket = changes.filter((each) => resourceOf(each).stream === resourceOf(change).stream);
  if (bucket.some(({ isImported }) => isImported)) {
    return loss(" is written anew, since this stack takes in its bucket: a value that was changed is overwritten");
  }
  return bucket.some((each) => each.type !== "jetstream_kv_entry" && isMade(each))
    ? []
    : loss(
        " is made in a bucket that the plan does not make: a value that it has there is overwritten (`--ask-server` looks)",
      );
}

/** The programs that own streams of a plan. */
const ownersIn = (changes: readonly PlannedChange[]) =>
  new Set(changes.map(({ after }) => (after.metadata as { readonly [key: string]: unknown } | undefined)?.[OWNER_KEY]));

const filtersOf = ({ filter_subject: one, filter_subjects: several }: PlannedChange["after"]): unknown => {
  if (one === UNKNOWN || several === UNKNOWN) return UNKNOWN;
  return Array.isArray(several) && several.length > 0 ? several : one ? [one] : [];
};

const subjectsText = (filters: unknown) => {
  if (!Array.isArray(filters)) return "subjects that are known only at apply";
  return filters.length === 0 ? "all subjects" : names(filters.map(String));
};

/** What a plan makes of a consumer that the server has already: the provider writes over it. */
function overConsumer(change: PlannedChange, changes: readonly PlannedChange[]): Loss[] {
  const { existing, after, type, actions } = change;
  if (!existing || actions.includes("delete")) return [];
  const [old, now] = [existing.attributes, after].map(filtersOf);
  const isSame = isDeepStrictEqual(old, now);
  const { stream } = resourceOf(change);
  const isWithStream = changes.some(
    (each) => each.type !== "jetstream_consumer" && isMade(each) && each.existing && resourceOf(each).stream === stream,
  );
  if (isSame && isWithStream) return [];
  const { owner, retention } = existing;
  const whose = owner === undefined || ownersIn(changes).has(owner) ? "" : `, in a stream of \`${owner}\``;
  const taken = `is on the server already${whose}: this stack takes it over, with how far it has come`;
  const filters = isSame ? "" : `, and it gets ${subjectsText(now)}; before, ${subjectsText(old)}`;
  const emptied = effectsOf(type, { before: existing.attributes, after, retention })
    .filter(({ kind }) => kind === "empties")
    .map(({ text }) => text);
  return [lossBy(change, "overwritten", ` ${taken}${filters}`, emptied)];
}

/** Values and consumers that a plan writes over, since they are on the server, or may be. */
export function overwrittenBy(change: PlannedChange, changes: readonly PlannedChange[]): Loss[] {
  if (change.type === "jetstream_consumer") return isMade(change) ? overConsumer(change, changes) : [];
  if (change.type !== "jetstream_kv_entry" || !change.actions.some((each) => each === "create" || each === "update")) {
    return [];
  }
  const made = asMade(change);
  const isMadeAgain = change.actions.includes("delete") && isSameName(change, made);
  return isMadeAgain || isAccessDocument(made) ? [] : overKey(made, changes);
}
