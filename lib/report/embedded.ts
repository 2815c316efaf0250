import type { Catalog } from "../catalog/catalog";
import { catalogText } from "../catalog/catalog-text";

/** What the page answers questions from: accounts, users and streams of the catalog, in the form of its file. */
export function embeddedData({ accounts, resources }: Catalog): object {
  const imported = accounts.map((account) => ({ ...account, exports: [] }));
  return JSON.parse(catalogText({ platforms: [], findings: [], accounts: imported, resources }));
}
