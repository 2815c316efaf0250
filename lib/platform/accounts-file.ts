import { Construct } from "constructs";
import { checkedProps, placed } from "../problems/checked-props";
import { reportSurplus } from "../problems/surplus";
import { declare } from "../program/declaration";
import { ProgramAccounts } from "../program/program-accounts";
import { join } from "../program/synth-guard";
import { SynthRound } from "../program/synth-round";
import { accountsText } from "../server-config/accounts-text";
import type { FileAccount } from "../server-config/file-account";
import { helmValues } from "../server-config/helm-values";

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
 *
 * @example
 * import { App, TerraformOutput, TerraformStack } from "cdktf";
 * import { AccountsFile, PlatformConstruct } from "cdktf-nats-platform";
 *
 * const stack = new TerraformStack(new App(), "nats");
 * new PlatformConstruct(stack, "prod", { servers: ["nats://nats.example.com:4222"] });
 * const accounts = new AccountsFile(stack, "accounts", { helmValues: true });
 * new TerraformOutput(stack, "accounts-conf", { value: accounts.content });
 */
export class AccountsFile extends Construct {
  /**
   * Declares the file.
   *
   * @param scope the stack whose folder it is written to, or a construct in it
   * @param id the construct's id
   * @param props what else is written
   */
  public constructor(scope: Construct, id: string, props: AccountsFileProps = {}) {
    super(...placed("AccountsFile", scope, id));
    join(this);
    reportSurplus(this, "AccountsFile", arguments);
    props = checkedProps(this, "AccountsFileProps", props);
    declare(this, { file: { helmValues: props.helmValues ?? false, reports: props.reports ?? true } });
  }

  /**
   * The content of `accounts.conf`, for an attribute of any resource, also as an argument of cdktf's `Fn`. It holds no secret.
   */
  public get content(): string {
    return this.text("accounts.conf", accountsText);
  }

  /**
   * The content of `accounts.helm.yaml`, for an attribute of any resource, also as an argument of cdktf's `Fn`. It holds no
   * secret.
   */
  public get helmValues(): string {
    return this.text("accounts.helm.yaml", helmValues);
  }

  private text(name: string, make: (accounts: readonly FileAccount[]) => string): string {
    return SynthRound.of(this).text(this, name, () => make(ProgramAccounts.of(this).fileAccounts()));
  }
}
