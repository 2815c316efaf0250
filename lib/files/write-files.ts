import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "../access/accounts";
import { AccessModel } from "../analysis/access-model";
import { ResourceAccess } from "../analysis/resource-access";
import { serverAccounts } from "../analysis/server-model";
import type { Catalog } from "../catalog/catalog";
import { catalogText } from "../catalog/catalog-text";
import { diagramOf } from "../report/diagram";
import { reportOf } from "../report/report";
import { accountsText, accountText } from "../server-config/accounts-text";
import { helmValues } from "../server-config/helm-values";

/** What is written of a program. */
export interface ProgramFiles {
  readonly accounts: readonly Account[];
  readonly helmValues: boolean;
  /** The catalog; undefined where nothing but the accounts is written. */
  readonly catalog: Catalog | undefined;
}

/** Writes the accounts file of a program and what goes beside it into the folder of the stack that has it. */
export function writeFiles(folder: string, { accounts, catalog, helmValues: helm }: ProgramFiles): void {
  const accountFolder = join(folder, "accounts");
  rmSync(accountFolder, { recursive: true, force: true });
  mkdirSync(accountFolder, { recursive: true });
  for (const account of accounts) writeFileSync(join(accountFolder, `${account.name}.conf`), accountText(account));
  writeFileSync(join(folder, "accounts.conf"), accountsText(accounts));
  if (helm) writeFileSync(join(folder, "accounts.helm.yaml"), helmValues(accounts));
  if (catalog) writeReports(folder, catalog);
}

/** Writes what a program is, for other programs and for people: `catalog.json`, `report.html` and `topology.mmd`. */
function writeReports(folder: string, catalog: Catalog): void {
  const model = new AccessModel(serverAccounts(catalog));
  const access = new ResourceAccess(model);
  writeFileSync(join(folder, "catalog.json"), catalogText(catalog));
  writeFileSync(join(folder, "report.html"), reportOf(catalog, model, access));
  writeFileSync(join(folder, "topology.mmd"), diagramOf(catalog, model, access));
}
