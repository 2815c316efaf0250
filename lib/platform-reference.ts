import { Construct } from "constructs";
import type { PlatformNaming } from "./naming/platform-naming";
import { type IPlatform, NOT_OWNED, PlatformContext, type PlatformOptions } from "./platform";
import { join } from "./program/synth-guard";

/** A platform that another program owns; makes no resource. */
export class PlatformReference extends Construct implements IPlatform {
  public readonly platformName: string;
  public readonly naming: PlatformNaming;

  public constructor(scope: Construct, id: string, platformName: string, options: PlatformOptions) {
    super(scope, id);
    join(this);
    this.platformName = platformName;
    this.naming = PlatformContext.create(this, platformName, options, NOT_OWNED).naming;
  }
}
