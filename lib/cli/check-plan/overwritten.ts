import { isDeepStrictEqual } from "node:util";
import { grouped } from "../../collections/groups";
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

/** What a plan does with the streams and buckets in which keys and consumers are. */
export class Surroundings {
  private readonly byStream: ReadonlyMap<string, readonly PlannedChange[]>;
  private readonly owners: ReadonlySet<unknown>;

  public constructor(changes: readonly PlannedChange[]) {
    const streams = changes.filter(({ type }) => type !== "jetstream_consumer" && type !== "jetstream_kv_entry");
    this.byStream = grouped(streams, (change) => resourceOf(change).stream);
    this.owners = new Set(
      streams.map(({ after }) => (after.metadata as { [key: string]: unknown } | null)?.[OWNER_KEY]),
    );
  }

  /** What the plan does with the stream or bucket that something is in. */
  public of(change: PlannedChange): readonly PlannedChange[] {
    return this.byStream.get(resourceOf(change).stream) ?? [];
  }

  /** Whether the program of the plan has a name by which streams are marked. */
  public isOwn(owner: string): boolean {
    return this.owners.has(owner);
  }
}

/** What a plan writes into a key that has, or may have, another value. */
function overKey(change: PlannedChange, surroundings: Surroundings): Loss[] {
  const { before, after, actions, existing, recorded } = change;
  const loss = (text: string) => [lossBy(change, "overwritten", text)];
  if (recorded && recorded.value !== before.value && before.value !== after.value) {
    return loss(" was changed on the server since the last apply: it is overwritten");
  }
  if (existing) {
    const { value } = existing.attributes;
    const isKnown = value === after.value || (!isMade(change) && value === before.value);
    return isKnown ? [] : loss(" has a value on the server that the plan does not know: it is overwritten");
  }
  if (existing === null || actions.includes("update")) return [];
  const bucket = surroundings.of(change);
  if (bucket.some(({ isImported }) => isImported)) {
    return loss(" is written anew, since this stack takes in its bucket: a value that was changed is overwritten");
  }
  return bucket.some(isMade)
    ? []
    : loss(
        " is made in a bucket that the plan does not make: a value that it has there is overwritten (`--ask-server` looks)",
      );
}

const filtersOf = ({ filter_subject: one, filter_subjects: several }: PlannedChange["after"]): unknown => {
  if (one === UNKNOWN || several === UNKNOWN) return UNKNOWN;
  return Array.isArray(several) && several.length > 0 ? several : one ? [one] : [];
};

const subjectsText = (filters: unknown) => {
  if (!Array.isArray(filters)) return "subjects that are known only at apply";
  return filters.length === 0 ? "all subjects" : names(filters.map(String));
};

/** What a plan makes of a consumer that the server has already: the provider writes over it. */
function overConsumer(change: PlannedChange, surroundings: Surroundings): Loss[] {
  const { existing, after, type, actions } = change;
  if (!existing || actions.includes("delete")) return [];
  const [old, now] = [existing.attributes, after].map(filtersOf);
  const isSame = isDeepStrictEqual(old, now);
  const isWithStream = surroundings.of(change).some((each) => isMade(each) && each.existing);
  if (isSame && isWithStream) return [];
  const { owner, retention } = existing;
  const whose = owner === undefined || surroundings.isOwn(owner) ? "" : `, in a stream of \`${owner}\``;
  const taken = `is on the server already${whose}: this stack takes it over, with how far it has come`;
  const filters = isSame ? "" : `, and it gets ${subjectsText(now)}; before, ${subjectsText(old)}`;
  const emptied = effectsOf(type, { before: existing.attributes, after, retention })
    .filter(({ kind }) => kind === "empties")
    .map(({ text }) => text);
  return [lossBy(change, "overwritten", ` ${taken}${filters}`, emptied)];
}

/** Values and consumers that a plan writes over, since they are on the server, or may be. */
export function overwrittenBy(change: PlannedChange, surroundings: Surroundings): Loss[] {
  if (change.type === "jetstream_consumer") return isMade(change) ? overConsumer(change, surroundings) : [];
  if (change.type !== "jetstream_kv_entry" || !change.actions.some((each) => each === "create" || each === "update")) {
    return [];
  }
  const made = asMade(change);
  const isMadeAgain = change.actions.includes("delete") && isSameName(change, made);
  return isMadeAgain || isAccessDocument(made) ? [] : overKey(made, surroundings);
}
