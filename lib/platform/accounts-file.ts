import { Construct } from "constructs";
import type { Credentials } from "../access/credentials";
import type { PlatformModel } from "../access/models";
import type { SystemModel, SystemUserModel } from "../access/system-model";
import { nameFault } from "../naming/name-rules";
import { checkedProps, placed } from "../problems/checked-props";
import type { Fault } from "../problems/fault";
import { ownEntry } from "../problems/own-entry";
import { Program } from "../problems/program";
import { reportSurplus } from "../problems/surplus";
import { declare, type FileModel } from "../program/declaration";
import { ProgramAccounts } from "../program/program-accounts";
import { join } from "../program/synth-guard";
import { SynthRound } from "../program/synth-round";
import { accountsText } from "../server-config/accounts-text";
import type { FileAccount } from "../server-config/file-account";
import { helmValues } from "../server-config/helm-values";
import { type IPlatform, PlatformContext } from "./platform";

/** Users of the server's system account. */
export interface SystemAccountOptions {
  /**
   * The names of users who may do everything in the system account, as `nats server …` needs it, each a NATS user
   * `sys-{name}`: `["ops"]`.
   *
   * @default - none
   */
  readonly operators?: string[];

  /**
   * The names of users who may only bring an accounts file into force on a server and see what is in force, each a NATS user
   * `sys-{name}`: `["deploy"]`.
   *
   * @default - none
   */
  readonly reloaders?: string[];

  /**
   * How they prove to the server who they are, by the name.
   *
   * @default - a password in the server's environment: `SYS_DEPLOY_PASSWORD`
   */
  readonly credentials?: { [name: string]: Credentials };
}

/** Properties of the accounts file. */
export interface AccountsFileProps {
  /**
   * Whether the accounts are also written as values for the official Helm chart, to `accounts.helm.yaml`.
   *
   * @default false
   */
  readonly helmValues?: boolean;

  /**
   * The platforms whose accounts the file has, with those of their apps. ACCESS and MONITOR are part of each file, with what
   * they get of its platforms. It is for programs whose platforms are on different servers: each of these has a file of its
   * own, in a stack of its own.
   *
   * @default - all platforms of the program
   */
  readonly platforms?: IPlatform[];

  /**
   * The server's system account `SYS`, and `system_account` set to it: by it servers are asked and reloaded. A server takes one
   * block of accounts only, so that it cannot be declared beside this file.
   *
   * @default - none: the server has a system account without users
   */
  readonly systemAccount?: SystemAccountOptions;

  /**
   * Whether `catalog.json`, `report.html` and `topology.mmd` are written. They take most of the time of a synth of
   * thousands of apps. Of several accounts files the first has them, for all platforms.
   *
   * @default true
   */
  readonly reports?: boolean;
}

/**
 * The server's accounts file: every account of the program, or of some of its platforms, with its users and permissions, written into the folder of
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
  private readonly model: FileModel;

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
    this.model = {
      helmValues: props.helmValues ?? false,
      reports: props.reports ?? true,
      platforms: props.platforms && this.modelsOf(props.platforms),
      system: props.systemAccount && this.systemOf(props.systemAccount),
    };
    declare(this, { file: this.model });
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
    return SynthRound.of(this).text(this, name, () => make(ProgramAccounts.of(this).fileAccounts(this.model)));
  }

  private modelsOf(platforms: readonly IPlatform[]): PlatformModel[] {
    return platforms.flatMap((platform) => {
      const model = PlatformContext.at(platform)?.model;
      if (model?.owned && Program.of(platform) === Program.of(this)) return [model];
      Program.of(this).report(this, foreignPlatformFault(platform.platformName));
      return [];
    });
  }

  private systemOf({ operators = [], reloaders = [], credentials = {} }: SystemAccountOptions): SystemModel {
    const program = Program.of(this);
    const names = [...operators, ...reloaders];
    for (const [index, name] of names.entries()) {
      program.report(this, nameFault("system user", name), names.indexOf(name) < index && namedTwiceFault(name));
    }
    for (const name of Object.keys(credentials)) {
      program.report(this, !names.includes(name) && strayCredentialsFault(name, names), credentials[name]?._fault);
    }
    const user = (may: SystemUserModel["may"]) => (name: string) => ({
      name,
      may,
      credentials: ownEntry(credentials, name)?._model,
    });
    return { users: [...operators.map(user("everything")), ...reloaders.map(user("reload"))], source: this.node.path };
  }
}

const foreignPlatformFault = (value: string): Fault => ({
  what: "accounts file is given a platform that this program does not declare",
  value,
  allowed: "platforms of the same program: the accounts of others are in their files",
  fix: "Give a PlatformConstruct of this program",
});

const namedTwiceFault = (value: string): Fault => ({
  what: "user of the system account is named twice",
  value,
  allowed: "each user once, as one of operators or reloaders",
  fix: "Remove one of the two",
});

const strayCredentialsFault = (value: string, names: readonly string[]): Fault => ({
  what: "credentials are given for a user that the system account does not have",
  value,
  allowed: names.join(", ") || "none: it has no users",
  fix: "Correct the name, or add it to operators or reloaders",
});
