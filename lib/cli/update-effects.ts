import { isDeepStrictEqual } from "node:util";
import { inOrder } from "../collections/order";
import { ownEntry } from "../problems/own-entry";
import { counted } from "../wording/lists";
import { type AttributeEffect, EFFECTS, isNothing, UNKNOWN, type Update, withOneForm } from "./attribute-effects";

/** What a change of one attribute comes to, in words: `` `max_age` is 60 seconds; before, none: what is older is deleted ``. */
export interface UpdateEffect {
  readonly kind: "empties" | "refused" | "refusedBy";
  readonly attribute: string;
  readonly text: string;
}

function valueText(value: unknown, { unit, standard }: AttributeEffect): string {
  if (value === UNKNOWN) return "known only at apply";
  const number = value ?? standard ?? 0;
  if (unit !== undefined && typeof number === "number") {
    return number > 0 ? counted(number, unit) : "none";
  }
  return isNothing(value) && standard === undefined
    ? "not set"
    : `\`${JSON.stringify(isNothing(value) ? standard : value)}\``;
}

/** A change of an attribute in words: `` `max_age` is 60 seconds; before, none ``. */
export function changeText(type: string, attribute: string, { before, after }: Update): string {
  const effect = ownEntry(ownEntry(EFFECTS, type) ?? {}, attribute) ?? {};
  const [old, now] = [before, after].map((values) => valueText(ownEntry(values, attribute), effect));
  return `\`${attribute}\` is ${now}${old === now ? "" : `; before, ${old}`}`;
}

/** Whether an attribute has another value, or one that is known only at apply. */
function isChanged(attribute: string, { before, after }: Update, { standard }: AttributeEffect): boolean {
  const [old, now] = [before, after].map((values) => {
    const value = ownEntry(values, attribute);
    return isNothing(value) ? standard : value;
  });
  return now === UNKNOWN || !isDeepStrictEqual(old, now);
}

/** What the server deletes or refuses where a resource of a type is changed in place. */
export function effectsOf(type: string, given: Update): UpdateEffect[] {
  const update = withOneForm(given);
  const all = Object.entries(ownEntry(EFFECTS, type) ?? {}).flatMap(([attribute, effect]): UpdateEffect[] => {
    const { empties, refused, refusedBy } = effect;
    const found = (kind: UpdateEffect["kind"], what: string): UpdateEffect[] => [
      { kind, attribute, text: `${changeText(type, attribute, update)}: ${what}` },
    ];
    if (refused?.when(update)) return found("refused", refused.what);
    if (refusedBy?.when(update)) return found("refusedBy", refusedBy.what);
    if (!isChanged(attribute, update, effect) || !empties?.when(update)) return [];
    const isSure = ownEntry(update.after, attribute) !== UNKNOWN;
    return found("empties", `${isSure ? "" : "perhaps "}${empties.what}`);
  });
  return all.sort((one, other) => inOrder(one.attribute, other.attribute));
}

/** The attributes by which Terraform puts a new resource of a type in the place of the old one. */
export function replacing(type: string, update: Update): string[] {
  return Object.entries(ownEntry(EFFECTS, type) ?? {}).flatMap(([attribute, effect]) => {
    if (effect.replaces === undefined || !isChanged(attribute, update, effect)) return [];
    const [old, now] = [update.before, update.after].map((values) => isNothing(ownEntry(values, attribute)));
    return effect.replaces === "value" || old !== now ? [attribute] : [];
  });
}
