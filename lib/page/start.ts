import { catalogFrom } from "../catalog/catalog-text";
import { CatalogView } from "../cli/catalog-view";
import { enableFilters } from "./filters";
import { enableSearch } from "./search";

const filters = document.getElementById("filters");
if (filters) enableFilters(filters);

const form = document.getElementById("ask");
const data = document.getElementById("data")?.textContent;
if (form && data) enableSearch(form, () => new CatalogView(catalogFrom(JSON.parse(data))));
