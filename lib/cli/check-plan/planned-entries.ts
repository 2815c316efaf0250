import { mayHaveAccessDocuments } from "../../naming/names";
import { type Loss, lossBy } from "./loss";
import type { PlannedChange } from "./plan";
import { isEntry, resourceOf } from "./planned-resource";
import type { PlannedStreams } from "./planned-streams";
import type { Surroundings } from "./surroundings";

/** Access documents say what users may do, which other files say too: no data. */
export function isAccessDocument(change: PlannedChange): boolean {
  const { before, after } = change;
  const [key = "", bucket = ""] = [before.key ?? after.key, before.bucket ?? after.bucket].map(String);
  return isEntry(change) && /^access\.(users|accounts|imports|stacks)\./.test(key) && mayHaveAccessDocuments(bucket);
}

/** What a change makes, which may be another key than the one that it destroys. */
export const asMade = (change: PlannedChange): PlannedChange =>
  change.actions.includes("create") ? { ...change, before: {} } : change;

const isSameName = (one: PlannedChange, other: PlannedChange) => resourceOf(one).name === resourceOf(other).name;

const CHANGED = "was changed on the server since the last apply: it is overwritten";
const RECORDED =
  "was changed on the server since the last apply: this records it, and the next apply overwrites it, which no plan says then";
const UNKNOWN_VALUE = "is on the server with a value that the plan does not know, which is overwritten";
const TAKEN_IN = "is written anew, since this stack takes in its bucket: a value that was changed is overwritten";
const MADE = "is made in a bucket that the plan does not make: a value that it has there is overwritten";

/** Why nobody has looked whether a key has a value. */
const lookText = (change: PlannedChange, { server, accounts }: Surroundings) =>
  server ? `the server was not asked for it, since it is in ${accounts.textOf(change)}` : "`--ask-server` looks";

/** What is written over by a change of a key, behind its name; undefined where that is nothing. */
function overwrittenText(change: PlannedChange, planned: PlannedStreams, around: Surroundings): string | undefined {
  const { before, after, existing, recorded } = change;
  const isUpdate = !change.actions.includes("create");
  if (recorded && recorded.value !== before.value && before.value !== after.value) return CHANGED;
  if (existing) {
    const { value } = existing.attributes;
    return value === after.value || (isUpdate && value === before.value) ? undefined : UNKNOWN_VALUE;
  }
  if (isUpdate) return undefined;
  const bucket = planned.around(change);
  // A server that does not have the bucket that is taken in is not the one that the plan is about.
  if (bucket.some((each) => each.isImported && !each.existing)) return TAKEN_IN;
  return existing === null || bucket.some(({ actions }) => actions.includes("create"))
    ? undefined
    : `${MADE} (${lookText(change, around)})`;
}

/** The value that a plan writes over, or that a later one will, since the key has another one or may have it. */
export function overwrittenEntry(change: PlannedChange, planned: PlannedStreams, around: Surroundings): Loss[] {
  if (change.isOnlyRecorded && change.recorded?.value !== change.after.value && !isAccessDocument(change)) {
    return [lossBy(change, "overwritten", ` ${RECORDED}`)];
  }
  if (!change.actions.some((each) => each === "create" || each === "update")) return [];
  const made = asMade(change);
  const isMadeAgain = change.actions.includes("delete") && isSameName(change, made);
  const text = isMadeAgain || isAccessDocument(made) ? undefined : overwrittenText(made, planned, around);
  return text === undefined ? [] : [lossBy(made, "overwritten", ` ${text}`)];
}
