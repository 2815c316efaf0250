import { Construct } from "constructs";
import type { PlatformNaming } from "./naming/platform-naming";
import { type IPlatform, PlatformContext, type PlatformOptions } from "./platform";

/** A platform that another program owns; makes no resource. */
export class PlatformReference extends Construct implements IPlatform {
  public readonly platformName: string;
  public readonly naming: PlatformNaming;

  public constructor(scope: Construct, id: string, platformName: string, options: PlatformOptions) {
    super(scope, id);
    this.platformName = platformName;
    this.naming = PlatformContext.create(this, platformName, options).naming;
  }
}
