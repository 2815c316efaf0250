import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { claimUser } from "./claim-user";
import type * as jetstream from "./jetstream";
import { AppNaming } from "./naming/app-naming";
import { nameFault } from "./naming/name-rules";
import * as names from "./naming/names";
import { type IPlatform, PlatformContext } from "./platform";
import { foreignProviderFault } from "./platform-connection";
import { assertSameFramework } from "./problems/framework";
import { Program } from "./problems/program";
import { KeyValueStore, type KeyValueStoreOptions } from "./storage/key-value-store";
import { ObjectStore, type ObjectStoreOptions } from "./storage/object-store";
import { type Ownership, storageDefaults, withDefaults } from "./storage/ownership";
import type { StorageDefaults } from "./storage/storage-options";
import { StorageOwner } from "./storage/storage-owner";
import { storageFaults } from "./storage/storage-rules";
import { Stream } from "./storage/stream";
import type { StreamOptions } from "./storage/stream-options";

/** Properties of an app. */
export interface AppProps extends StorageDefaults {
  /**
   * The app's name, the second part of its names: `convex`. Lower-case letters, digits and hyphens, beginning with a
   * letter; not `platform`, `events`, `audit` or `terraform`.
   */
  readonly app: string;

  /**
   * The platform that the app belongs to, for an app that is not declared inside of it, such as one in another stack.
   *
   * @default - the platform that the app is declared in
   */
  readonly platform?: IPlatform;

  /**
   * The provider to use in the app's stack.
   *
   * @default - as the platform says
   */
  readonly provider?: jetstream.JetstreamProvider;

  /**
   * Options of the app's key-value bucket `{platform}_{app}`, which every app has.
   *
   * @default - the defaults of a key-value bucket
   */
  readonly keyValueStore?: KeyValueStoreOptions;

  /**
   * Gives the app a stream `{platform}_{app}_wal` for its write-ahead log, on the subjects `{platform}.{app}.wal.>`.
   *
   * @default - none
   */
  readonly wal?: StreamOptions;

  /**
   * Gives the app an object store `{platform}_{app}_snapshots` for its snapshots.
   *
   * @default - none
   */
  readonly snapshots?: ObjectStoreOptions;
}

/**
 * An app of a platform: its key-value bucket and whatever else it needs.
 *
 * ```
 * new AppConstruct(prod, "convex", { app: "convex", wal: {}, snapshots: {} });
 * ```
 */
export class AppConstruct extends StorageOwner {
  /** The app's name: `convex`. */
  public readonly appName: string;

  /** Every name that the convention gives to the app. */
  public readonly naming: AppNaming;

  /** The app's key-value bucket, for its keys, locks and elections: `prod_convex`. */
  public readonly keyValueStore: KeyValueStore;

  /** The stream of the app's write-ahead log, if it has one: `prod_convex_wal`. */
  public readonly wal?: Stream;

  /** The object store of the app's snapshots, if it has one: `prod_convex_snapshots`. */
  public readonly snapshots?: ObjectStore;

  /** @internal */
  protected readonly _ownership: Ownership;

  /**
   * Declares an app.
   *
   * @param scope the platform, or a construct in this or another stack
   * @param id the construct's id; no name depends on it
   * @param props the app's properties
   */
  public constructor(scope: Construct, id: string, props: AppProps) {
    super(scope, id);
    assertSameFramework(this);
    const program = Program.of(this);
    program.guard(this);
    program.report(this, nameFault("app", props.app), ...storageFaults(props));
    const platform = PlatformContext.of(props.platform ?? this) ?? this.missingPlatform();
    this.appName = props.app;
    this.naming = AppNaming._unchecked(platform.naming.platform, this.appName);
    claimUser(this, this.naming.user);
    this._ownership = {
      construct: this,
      resourceName: (name) => names.resource(this.naming.platform, this.appName, name),
      streamSubjects: (name) => names.subject(this.naming.platform, this.appName, name, ">"),
      foreignConsumerName: (name, owner) =>
        owner.subjects === platform.naming.subjects ? names.resource(this.appName, name) : undefined,
      subjects: this.naming.subjects,
      defaults: withDefaults(storageDefaults(props), platform.defaults),
      provider: props.provider ? this.checkedProvider(props.provider) : platform.providerFor(this),
    };
    const own = this._ownership;
    this.keyValueStore = KeyValueStore._create(own, "KeyValueStore", this.naming.keyValueStore, props.keyValueStore);
    if (props.wal) this.wal = Stream._create(own, "wal", props.wal);
    if (props.snapshots) this.snapshots = ObjectStore._create(own, "snapshots", props.snapshots);
  }

  private checkedProvider(provider: jetstream.JetstreamProvider): jetstream.JetstreamProvider {
    Program.of(this).report(this, foreignProviderFault(provider, TerraformStack.of(this)));
    return provider;
  }

  private missingPlatform(): PlatformContext {
    Program.of(this).report(this, {
      what: "app has no platform",
      allowed: "an app declared inside of a platform, or one with the property platform",
      fix: "Pass the PlatformConstruct as scope, or give it as platform",
    });
    return PlatformContext.create(this, "unknown", {});
  }
}
