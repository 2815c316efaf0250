import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { type ISynthesisSession, Lazy, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct } from "constructs";
import { join } from "./platform";
import type { Fault } from "./problems/fault";
import { Program } from "./problems/program";
import { ProgramAccounts } from "./program-accounts";
import { writeReports } from "./reports";
import { accountsText, accountText } from "./server-config/accounts-file";
import { helmValues } from "./server-config/helm-values";

/** Properties of the accounts file. */
export interface AccountsFileProps {
  /**
   * Whether the accounts are also written as values for the official Helm chart, to `accounts.helm.yaml`.
   *
   * @default false
   */
  readonly helmValues?: boolean;

  /**
   * Whether `catalog.json`, `report.html` and `topology.mmd` are written. They take most of the time of a synth of
   * thousands of apps.
   *
   * @default true
   */
  readonly reports?: boolean;
}

/**
 * The server's accounts file: every account of the program, with its users and permissions, written into the folder of
 * the stack, beside `cdk.tf.json`, at synth:
 *
 * - `accounts.conf`: all accounts, for the server's configuration to include at its top level;
 * - `accounts/PROD.conf`: one account each, to include inside of `accounts { … }` where several programs own one server;
 * - `accounts.helm.yaml`, if asked for: the same as values for the official Helm chart;
 * - `catalog.json`, `report.html` and `topology.mmd`: who can reach what, for other programs, for people, and as a diagram.
 *
 * A program with a platform has it in the stack of its first platform, without this construct, which is for another
 * stack and for placing the content into a resource of your own.
 */
export class AccountsFile extends Construct {
  /** @internal the file of a program that says nothing about it */
  public static _imply(platform: Construct): void {
    const accounts = ProgramAccounts.of(platform);
    if (accounts.claimImpliedFile()) {
      addCustomSynthesis(platform, { onSynthesize: (session) => accounts.hasFile() || write(platform, session) });
    }
  }

  /**
   * Declares the file.
   *
   * @param scope the stack whose folder it is written to, or a construct in it
   * @param id the construct's id
   * @param props what else is written
   */
  public constructor(scope: Construct, id: string, props: AccountsFileProps = {}) {
    super(scope, id);
    join(this);
    const accounts = ProgramAccounts.of(this);
    accounts.claimFile(this);
    Program.of(this).atSynth(() => {
      if (accounts.fileAccounts().length === 0) Program.of(this).report(this, NO_ACCOUNTS_FAULT);
    });
    addCustomSynthesis(this, { onSynthesize: (session) => write(this, session, props) });
  }

  /** The content of `accounts.conf`, for an attribute of any resource. It holds no secret. */
  public get content(): string {
    return Lazy.stringValue({ produce: () => accountsText(ProgramAccounts.of(this).fileAccounts()) });
  }

  /** The content of `accounts.helm.yaml`, for an attribute of any resource. It holds no secret. */
  public get helmValues(): string {
    return Lazy.stringValue({ produce: () => helmValues(ProgramAccounts.of(this).fileAccounts()) });
  }
}

const NO_ACCOUNTS_FAULT: Fault = {
  what: "accounts file has no account",
  allowed: "an accounts file in the program that declares a platform",
  fix: "Declare a PlatformConstruct, or remove AccountsFile: a reference to a platform adds nothing to the file",
};

function write(construct: Construct, session: ISynthesisSession, props: AccountsFileProps = {}): void {
  const accounts = ProgramAccounts.of(construct).fileAccounts();
  const stack = session.manifest.forStack(TerraformStack.of(construct));
  const folder = joinPath(session.outdir, stack.workingDirectory);
  const accountFolder = joinPath(folder, "accounts");
  rmSync(accountFolder, { recursive: true, force: true });
  mkdirSync(accountFolder);
  for (const account of accounts) writeFileSync(joinPath(accountFolder, `${account.name}.conf`), accountText(account));
  writeFileSync(joinPath(folder, "accounts.conf"), accountsText(accounts));
  if (props.reports ?? true) writeReports(folder, ProgramAccounts.of(construct).catalog());
  if (props.helmValues) writeFileSync(joinPath(folder, "accounts.helm.yaml"), helmValues(accounts));
}
