import type { TerraformProvider } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { nameFault } from "./naming/name-rules";
import { PlatformNaming } from "./naming/platform-naming";
import { type ConnectionProps, connectionFaults, PlatformConnection } from "./platform-connection";
import { assertSameFramework } from "./problems/framework";
import { Program } from "./problems/program";
import { storageDefaults } from "./storage/ownership";
import type { StorageDefaults } from "./storage/storage-options";
import { storageFaults } from "./storage/storage-rules";

/** A platform that apps belong to: a `PlatformConstruct`, or one that another program owns. */
export interface IPlatform extends IConstruct {
  /** The platform's name: `prod`. */
  readonly platformName: string;

  /** Every name that the convention gives to the platform. */
  readonly naming: PlatformNaming;
}

/** How to reach a platform and what its apps inherit, whichever program owns it. */
export interface PlatformOptions extends ConnectionProps, StorageDefaults {}

/** What the apps of a platform need to know of it. */
export class PlatformContext {
  private static readonly contexts = new WeakMap<IConstruct, PlatformContext>();

  /** Makes a construct a platform, and checks its name and options. */
  public static create(platform: Construct, name: string, options: PlatformOptions): PlatformContext {
    assertSameFramework(platform);
    const program = Program.of(platform);
    program.guard(platform);
    program.report(platform, nameFault("platform", name), ...connectionFaults(options), ...storageFaults(options));
    const context = new PlatformContext(PlatformNaming._unchecked(name), options);
    PlatformContext.contexts.set(platform, context);
    return context;
  }

  /** The context of a platform, or of the nearest platform around a construct. */
  public static of(construct: IConstruct): PlatformContext | undefined {
    for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
      const context = PlatformContext.contexts.get(scope);
      if (context) return context;
    }
    return undefined;
  }

  /** What the platform's resources and apps inherit. */
  public readonly defaults: StorageDefaults;

  private readonly connection: PlatformConnection;

  private constructor(
    public readonly naming: PlatformNaming,
    options: PlatformOptions,
  ) {
    this.defaults = storageDefaults(options);
    this.connection = new PlatformConnection(naming, options);
  }

  /** The provider for resources in a construct's stack; undefined stands for the stack's own. */
  public providerFor(construct: Construct): TerraformProvider | undefined {
    return this.connection.providerFor(construct);
  }
}
