import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AccessModel } from "./analysis/access-model";
import { ResourceAccess } from "./analysis/resource-access";
import type { Catalog } from "./catalog/catalog";
import { catalogText } from "./catalog/catalog-text";
import { serverAccounts } from "./catalog/server-accounts";
import { diagramOf } from "./report/diagram";
import { reportOf } from "./report/report";

/** Writes what a program is, for other programs and for people: `catalog.json`, `report.html` and `topology.mmd`. */
export function writeReports(folder: string, catalog: Catalog): void {
  const model = new AccessModel(serverAccounts(catalog));
  const access = new ResourceAccess(model);
  writeFileSync(join(folder, "catalog.json"), catalogText(catalog));
  writeFileSync(join(folder, "report.html"), reportOf(catalog, model, access));
  writeFileSync(join(folder, "topology.mmd"), diagramOf(catalog, model, access));
}
