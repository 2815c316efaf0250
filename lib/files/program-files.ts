import { posix } from "node:path";
import { AccessModel } from "../analysis/access-model";
import { ResourceAccess } from "../analysis/resource-access";
import { serverAccounts } from "../analysis/server-model";
import type { Catalog } from "../catalog/catalog";
import { catalogText } from "../catalog/catalog-text";
import { diagramOf } from "../report/diagram";
import { reportOf } from "../report/report";
import { accountsText, accountText } from "../server-config/accounts-text";
import type { FileAccount } from "../server-config/file-account";
import { helmValues } from "../server-config/helm-values";
import type { Contents } from "./replace-files";

/** What is written of a program. */
export interface ProgramFiles {
  readonly accounts: readonly FileAccount[];
  readonly helmValues: boolean;
  /** The catalog; undefined where nothing but the accounts is written. */
  readonly catalog: Catalog | undefined;
}

/** The accounts file of a program and what goes beside it, in the folder of the stack that has it. */
export function programFiles(folder: string, { accounts, catalog, helmValues: helm }: ProgramFiles): Contents {
  const files: [path: string, content: string][] = [
    ...accounts.map((account): [string, string] => [`accounts/${account.name}.conf`, accountText(account)]),
    ["accounts.conf", accountsText(accounts)],
    ...(helm ? [["accounts.helm.yaml", helmValues(accounts)] as [string, string]] : []),
    ...(catalog ? reportFiles(catalog) : []),
  ];
  return new Map(files.map(([path, content]) => [posix.join(folder, path), content]));
}

/** What a program is, for other programs and for people. */
function reportFiles(catalog: Catalog): [path: string, content: string][] {
  const model = new AccessModel(serverAccounts(catalog));
  const access = new ResourceAccess(model);
  return [
    ["catalog.json", catalogText(catalog)],
    ["report.html", reportOf(catalog, model, access)],
    ["topology.mmd", diagramOf(catalog, model, access)],
  ];
}
