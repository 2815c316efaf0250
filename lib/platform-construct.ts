import type { Construct } from "constructs";
import { claimUser } from "./claim-user";
import { nameFault } from "./naming/name-rules";
import * as names from "./naming/names";
import type { PlatformNaming } from "./naming/platform-naming";
import { type IPlatform, PlatformContext, type PlatformOptions } from "./platform";
import { PlatformReference } from "./platform-reference";
import { Program } from "./problems/program";
import { KeyValueStore, type KeyValueStoreOptions } from "./storage/key-value-store";
import type { Ownership } from "./storage/ownership";
import { StorageOwner } from "./storage/storage-owner";
import { Stream } from "./storage/stream";
import type { StreamOptions } from "./storage/stream-options";

/** Properties of a platform. */
export interface PlatformProps extends PlatformOptions {
  /**
   * The platform's name, the first part of every name: `prod`. Lower-case letters, digits and hyphens, beginning with a
   * letter; not `monitor` and not `sys`.
   */
  readonly platform: string;

  /** The names of the platform's nodes, each a NATS user `{platform}-{node}`: `["node-1", "node-2"]`. */
  readonly nodes: string[];

  /**
   * Options of the platform's key-value bucket `{platform}_platform`.
   *
   * @default - the defaults of a key-value bucket
   */
  readonly keyValueStore?: KeyValueStoreOptions;

  /**
   * Options of the stream `{platform}_events`, which is on the subjects `{platform}._.events.>`.
   *
   * @default - the defaults of a stream
   */
  readonly events?: StreamOptions;

  /**
   * Options of the stream `{platform}_audit`, which is on the subjects `{platform}._.audit.>`.
   *
   * @default - the defaults of a stream, with `denyDelete` and `denyPurge`
   */
  readonly audit?: StreamOptions;
}

/**
 * A platform: its key-value bucket, its streams of events and of audit messages, and what all its apps have in common.
 *
 * ```
 * const prod = new PlatformConstruct(stack, "prod", {
 *   platform: "prod",
 *   nodes: ["node-1", "node-2"],
 *   servers: ["nats://nats.example.com:4222"],
 * });
 * ```
 */
export class PlatformConstruct extends StorageOwner implements IPlatform {
  /**
   * A platform that another program owns, so that apps of this program can belong to it.
   *
   * @param scope where to put the reference
   * @param id its id
   * @param platformName the platform's name: `prod`
   * @param options how to reach the platform and what its apps inherit
   */
  public static fromPlatformName(
    scope: Construct,
    id: string,
    platformName: string,
    options: PlatformOptions = {},
  ): IPlatform {
    return new PlatformReference(scope, id, platformName, options);
  }

  /** The platform's name: `prod`. */
  public readonly platformName: string;

  /** Every name that the convention gives to the platform. */
  public readonly naming: PlatformNaming;

  /** The platform's key-value bucket, for platform-wide locks and configuration: `prod_platform`. */
  public readonly keyValueStore: KeyValueStore;

  /** The stream of platform-wide events: `prod_events`. */
  public readonly events: Stream;

  /** The stream of audit messages: `prod_audit`. */
  public readonly audit: Stream;

  /** @internal */
  protected readonly _ownership: Ownership;

  private readonly nodeNames: readonly string[];

  /**
   * Declares a platform.
   *
   * @param scope the stack, or a construct in it
   * @param id the construct's id; no name depends on it
   * @param props the platform's properties
   */
  public constructor(scope: Construct, id: string, props: PlatformProps) {
    super(scope, id);
    const context = PlatformContext.create(this, props.platform, props);
    this.platformName = props.platform;
    this.naming = context.naming;
    this.nodeNames = [...props.nodes];
    this.claimNames();
    this._ownership = {
      construct: this,
      resourceName: (name) => names.resource(this.platformName, name),
      streamSubjects: (name) => names.subject(this.platformName, names.PLATFORM_SCOPE, name, ">"),
      foreignConsumerName: () => undefined,
      subjects: this.naming.subjects,
      defaults: context.defaults,
      provider: context.providerFor(this),
    };
    const own = this._ownership;
    this.keyValueStore = KeyValueStore._create(own, "KeyValueStore", this.naming.keyValueStore, props.keyValueStore);
    this.events = Stream._create(own, "events", props.events);
    this.audit = Stream._create(own, "audit", { denyDelete: true, denyPurge: true, ...props.audit });
  }

  /** The names of the platform's nodes. */
  public get nodes(): string[] {
    return [...this.nodeNames];
  }

  private claimNames(): void {
    const program = Program.of(this);
    if (!program.claim("platform", this.platformName, this)) return;
    program.claim("account", this.naming.account, this);
    claimUser(this, this.naming.terraformUser);
    for (const [index, node] of this.nodeNames.entries()) {
      program.report(this, nameFault("node", node));
      if (this.nodeNames.indexOf(node) < index) {
        const fault = {
          what: "node is named twice",
          value: node,
          allowed: "each node once",
          fix: "Remove one of the two",
        };
        program.report(this, fault);
      }
      claimUser(this, names.user(this.platformName, node));
    }
  }
}
