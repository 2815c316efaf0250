import { isDeepStrictEqual } from "node:util";
import type { CatalogConsumer } from "../../catalog/catalog";
import { names } from "../../wording/lists";
import type { CatalogView } from "../catalog-view";
import { accessChange, type Change, otherChange } from "./change";
import { casesOf, pairs } from "./pairs";
import { settingTexts } from "./setting-changes";

const consumerText = ({ name, stream }: CatalogConsumer) => `consumer \`${name}\` of stream \`${stream}\``;

const filterText = ({ filters }: CatalogConsumer) => (filters.length === 0 ? "everything" : names(filters));

function changed(before: CatalogConsumer, after: CatalogConsumer): Change[] {
  const settings = settingTexts(before.settings, after.settings).map(({ attribute, text }) => {
    const change = attribute === "headers_only" ? accessChange : otherChange;
    return change("changed", `${consumerText(after)}: ${text}`);
  });
  if (isDeepStrictEqual(before.filters, after.filters)) return settings;
  const text = `${consumerText(after)} delivers ${filterText(after)}; before, ${filterText(before)}`;
  return [accessChange("changed", text), ...settings];
}

/** Durable consumers that are new, gone or different. */
export function consumerChanges(before: CatalogView, after: CatalogView): Change[] {
  const key = ({ account, stream, name }: CatalogConsumer) => `${account} ${stream} ${name}`;
  return pairs(before.catalog.consumers, after.catalog.consumers, key).flatMap((pair) =>
    casesOf(pair, {
      added: (now) => [otherChange("added", `${consumerText(now)} added, which delivers ${filterText(now)}`)],
      removed: (old) => [otherChange("removed", `${consumerText(old)} removed`)],
      changed,
    }),
  );
}
