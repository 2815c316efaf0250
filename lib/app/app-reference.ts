import { Construct } from "constructs";
import { AppNaming } from "../naming/app-naming";
import { nameFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { type IPlatform, PlatformContext } from "../platform/platform";
import { checkedArguments, placed } from "../problems/checked-props";
import { mark } from "../problems/kinds";
import { Program, reporterOf } from "../problems/program";
import { join } from "../program/synth-guard";
import type { IApp } from "./app";

/** An app of a platform that another program declares; makes no resource. */
export class AppReference extends Construct implements IApp {
  public readonly appName: string;
  public readonly naming: AppNaming;
  public readonly accountName: string;

  public constructor(scope: Construct, id: string, appName: string, platform: IPlatform | undefined) {
    super(...placed("AppConstruct.fromAppName", scope, id));
    mark(this, "IApp");
    join(this);
    const given = [scope, id, appName, platform] as const;
    const [, , name, around] = checkedArguments(this, "AppConstruct.fromAppName", given);
    const { naming } = PlatformContext.of(this, around);
    this.appName = name;
    this.naming = AppNaming._unchecked(naming.platform, name, reporterOf(this));
    this.accountName = naming.account;
    const program = Program.of(this);
    program.report(this, nameFault("app", name, names.prefixes(naming.platform)));
    program.reportOwn(this, "app", `${naming.platform}.${name}`, "the AppConstruct itself");
  }
}
