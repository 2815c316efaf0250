import { isDeepStrictEqual } from "node:util";
import type { CatalogConsumer } from "../../catalog/catalog";
import { names } from "../../wording/lists";
import type { CatalogView } from "../catalog-view";
import type { Change } from "./change";
import { pairs } from "./pairs";
import { settingTexts } from "./setting-changes";

const consumerText = ({ name, stream }: CatalogConsumer) => `consumer \`${name}\` of stream \`${stream}\``;

const filterText = ({ filters }: CatalogConsumer) => (filters.length === 0 ? "everything" : names(filters));

function changed(before: CatalogConsumer, after: CatalogConsumer): Change[] {
  const filters: Change[] = isDeepStrictEqual(before.filters, after.filters)
    ? []
    : [
        {
          kind: "changed",
          text: `${consumerText(after)} delivers ${filterText(after)}; before, ${filterText(before)}`,
          access: true,
        },
      ];
  const settings = settingTexts(before.settings, after.settings).map(
    ({ text }): Change => ({ kind: "changed", text: `${consumerText(after)}: ${text}`, access: false }),
  );
  return [...filters, ...settings];
}

/** Durable consumers that are new, gone or different. */
export function consumerChanges(before: CatalogView, after: CatalogView): Change[] {
  const key = ({ account, stream, name }: CatalogConsumer) => `${account} ${stream} ${name}`;
  return pairs(before.catalog.consumers, after.catalog.consumers, key).flatMap(
    ({ before: old, after: now }): Change[] => {
      if (old && now) return changed(old, now);
      if (now) {
        const text = `${consumerText(now)} added, which delivers ${filterText(now)}`;
        return [{ kind: "added", text, access: false }];
      }
      return old ? [{ kind: "removed", text: `${consumerText(old)} removed`, access: false }] : [];
    },
  );
}
