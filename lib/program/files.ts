import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ISynthesisSession, TerraformStack } from "cdktf";
import { writeReports } from "../reports";
import { accountsText, accountText } from "../server-config/accounts-file";
import { helmValues } from "../server-config/helm-values";
import type { ProgramAccounts } from "./program-accounts";

/** Writes the accounts file of a program and what goes beside it into the folder of the stack that has it. */
export function writeFiles(program: ProgramAccounts, session: ISynthesisSession): void {
  const file = program.file();
  if (!file) return;
  const accounts = program.fileAccounts();
  const { workingDirectory } = session.manifest.forStack(TerraformStack.of(file.construct));
  const folder = join(session.outdir, workingDirectory);
  const accountFolder = join(folder, "accounts");
  rmSync(accountFolder, { recursive: true, force: true });
  mkdirSync(accountFolder, { recursive: true });
  for (const account of accounts) writeFileSync(join(accountFolder, `${account.name}.conf`), accountText(account));
  writeFileSync(join(folder, "accounts.conf"), accountsText(accounts));
  if (file.reports) writeReports(folder, program.catalog());
  if (file.helmValues) writeFileSync(join(folder, "accounts.helm.yaml"), helmValues(accounts));
}
