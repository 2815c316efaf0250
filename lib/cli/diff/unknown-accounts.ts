import { inOrder } from "../../collections/order";
import { names } from "../../wording/lists";
import type { CatalogView } from "../catalog-view";

/** The accounts of other programs, in which a program has streams, buckets or consumers and of whose users its catalog says nothing. */
function unknownIn({ catalog: { accounts, resources, consumers } }: CatalogView): string[] {
  const known = new Set(accounts.map(({ name }) => name));
  return [...resources, ...consumers].map(({ account }) => account).filter((account) => !known.has(account));
}

/** What is said of users that no catalog has; undefined where there are none. */
export function unknownAccounts(...views: readonly CatalogView[]): string | undefined {
  const unknown = [...new Set(views.flatMap(unknownIn))].sort(inOrder);
  if (unknown.length === 0) return undefined;
  return `What users of ${names(unknown)} may do is not compared, since another program declares ${unknown.length === 1 ? "that account" : "those accounts"}: the plan shows it by its access entries.`;
}
