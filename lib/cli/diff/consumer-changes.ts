import { isDeepStrictEqual } from "node:util";
import { whoCanPublish } from "../../analysis/reach";
import type { CatalogConsumer } from "../../catalog/catalog";
import { names } from "../../wording/lists";
import { consumerText } from "../../wording/resources";
import type { CatalogView } from "../catalog-view";
import { settingTexts } from "../setting-changes";
import { accessChange, type Change, otherChange } from "./change";
import { casesOf, pairs } from "./pairs";
import { consumerAttributesAtRisk } from "./risk-changes";

const filterText = ({ filters }: CatalogConsumer) => (filters.length === 0 ? "everything" : names(filters));

/** Who fetches from a consumer. */
function fetchedBy({ stream, name, account }: CatalogConsumer, { model }: CatalogView): string[] {
  if (!model.accountNames.includes(account)) return [`in account \`${account}\`, whose users another program declares`];
  const found = whoCanPublish(model, `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, account);
  const users = [...new Set(found.map(({ member }) => member.user.name))];
  return users.length > 0 ? [`fetched from by ${names(users)}`] : [];
}

function changed(before: CatalogConsumer, after: CatalogConsumer, view: CatalogView): Change[] {
  const said = consumerAttributesAtRisk(before, after, view);
  const settings = settingTexts(before.settings, after.settings, said).map(({ attribute, text }) => {
    const line = `${consumerText(after)}: ${text}`;
    return attribute === "headers_only"
      ? accessChange("changed", line, { details: fetchedBy(after, view) })
      : otherChange("changed", line);
  });
  if (isDeepStrictEqual(before.filters, after.filters)) return settings;
  const text = `${consumerText(after)} delivers ${filterText(after)}; before, ${filterText(before)}`;
  return [accessChange("changed", text, { details: fetchedBy(after, view) }), ...settings];
}

/** Durable consumers that are new or different, apart from what puts data at risk. */
export function consumerChanges(before: CatalogView, after: CatalogView): Change[] {
  const key = ({ account, stream, name }: CatalogConsumer) => `${account} ${stream} ${name}`;
  return pairs(before.catalog.consumers, after.catalog.consumers, key).flatMap((pair) =>
    casesOf(pair, {
      added: (now) => [otherChange("added", `${consumerText(now)} added, which delivers ${filterText(now)}`)],
      removed: () => [],
      changed: (old, now) => changed(old, now, after),
    }),
  );
}
