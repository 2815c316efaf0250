import { isDeepStrictEqual } from "node:util";
import type { CatalogSettings } from "../catalog/catalog";
import { inOrder } from "../collections/order";
import { ownEntry } from "../problems/own-entry";

const shown = (value: unknown) => `\`${JSON.stringify(value)}\``;

/**
 * Attributes of a Terraform resource that differ, each in words: `` `max_age` is `60`; before, `30` ``.
 *
 * @param said the attributes that others put in words
 */
export function settingTexts(
  before: CatalogSettings = {},
  after: CatalogSettings = {},
  said: readonly string[] = [],
): { readonly attribute: string; readonly text: string }[] {
  const attributes = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(inOrder);
  return attributes
    .filter(
      (attribute) =>
        !said.includes(attribute) && !isDeepStrictEqual(ownEntry(before, attribute), ownEntry(after, attribute)),
    )
    .map((attribute) => {
      const [old, now] = [ownEntry(before, attribute), ownEntry(after, attribute)];
      if (now === undefined) return { attribute, text: `\`${attribute}\` is not set; before, ${shown(old)}` };
      const earlier = old === undefined ? "not set" : shown(old);
      return { attribute, text: `\`${attribute}\` is ${shown(now)}; before, ${earlier}` };
    });
}
