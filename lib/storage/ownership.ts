import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { CapabilityName } from "../access/capabilities";
import type { GrantValues } from "../access/grant";
import type { StorageDefaults } from "./storage-options";

/** A consumer on a stream of another owner: its name there, and the provider that reaches the stream's account. */
export interface ForeignConsumer {
  readonly name: string;
  readonly provider: TerraformProvider | undefined;
}

/** What a platform or an app gives to the resources that it owns. */
export interface Ownership {
  /** Where the resources are created; its path is in every message about them. */
  readonly construct: Construct;
  /** The name of a resource: `prod_convex_jobs` for `jobs`. */
  resourceName(name: string): string;
  /** The subjects of a stream: `prod.convex.jobs.>` for `jobs`. */
  streamSubjects(name: string): string;
  readonly platform: string;
  /** The app, if the owner is one. */
  readonly app: string | undefined;
  /** The NATS account that the resources are in. */
  readonly account: string;
  /** All subjects that the owner's streams may be on: `prod.convex.>`. */
  readonly subjects: string;
  /** How a consumer on a stream of another owner is made, or undefined where this owner must have none there. */
  foreignConsumer(name: string, streamOwner: Ownership): ForeignConsumer | undefined;
  /** Lets the owner's user do something with one of its resources. */
  allow(capability: CapabilityName, values: GrantValues): void;
  /** Values for options that are left out. */
  readonly defaults: StorageDefaults;
  /** The provider to use, or undefined for the default provider of the stack. */
  readonly provider: TerraformProvider | undefined;
}

/** Options over defaults; an option that is `undefined` counts as left out. */
export function withDefaults<T extends StorageDefaults>(options: T, defaults: StorageDefaults): T {
  return {
    ...options,
    replicas: options.replicas ?? defaults.replicas,
    storage: options.storage ?? defaults.storage,
    placement: options.placement ?? defaults.placement,
    preventDestroy: options.preventDestroy ?? defaults.preventDestroy,
    adopt: options.adopt ?? defaults.adopt,
  };
}

/** The part of an owner's properties that its resources inherit. */
export function storageDefaults(props: StorageDefaults): StorageDefaults {
  const { replicas, storage, placement, preventDestroy, adopt } = props;
  return { replicas, storage, placement, preventDestroy, adopt };
}
