import { Fn, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import type { CapabilityName } from "../access/capabilities";
import type { GrantValues } from "../access/grant";
import type { UserModel } from "../access/models";
import * as names from "../naming/names";
import { give } from "../program/declare-user";
import { terraformText, terraformTexts } from "../tokens/terraform-text";
import type { OwnData } from "./former-data";
import type { StorageDefaults } from "./storage-options";

/** What a platform or an app is to the resources that it owns. */
export interface Ownership {
  /** Where the resources are created; its path is in every message about them. */
  readonly construct: Construct;
  readonly platform: string;
  /** The app, if the owner is one. */
  readonly app: string | undefined;
  /** The user who may use the resources; a platform has none of its own. */
  readonly user: UserModel | undefined;
  /** The NATS account that the resources are in. */
  readonly account: string;
  /** All subjects that the owner's streams may be on: `prod.convex.>`. */
  readonly subjects: string;
  /** Values for options that are left out. */
  readonly defaults: StorageDefaults;
  /** The provider to use, or undefined for the default provider of the stack. */
  readonly provider: TerraformProvider | undefined;
  /** The program that declares this, if it says so. */
  readonly declaredBy: string | undefined;
  /**
   * The addresses of what Terraform makes before the consumers and access documents that the owner has in the stack of a
   * construct: of an app's bucket, which the server refuses to a program with another owner, before it changes these.
   */
  readonly before: (construct: Construct) => string[];
  /** What it has, for who copies it. */
  readonly data: OwnData;
}

/** The metadata of a stream: what is given, and which program declares it. */
export function metadataOf({ declaredBy }: Ownership, given?: { [key: string]: string }) {
  if (declaredBy === undefined) return terraformTexts(given);
  const own = { [names.OWNER_KEY]: terraformText(declaredBy) };
  return Token.isUnresolved(given) ? Token.asStringMap(Fn.merge([given, own])) : { ...terraformTexts(given), ...own };
}

/** The name of something that an owner has: `prod_convex_jobs` for `jobs`. */
export const ownName = ({ platform, app }: Ownership, name: string): string =>
  app === undefined ? names.resource(platform, name) : names.resource(platform, app, name);

/** The subjects of a stream that an owner has: `prod.convex.jobs.>` for `jobs`. */
export const ownSubjects = ({ platform, app = names.PLATFORM_SCOPE }: Ownership, name: string): string =>
  names.subject(platform, app, name, ">");

/** Lets an owner's user do things with a resource of the owner, unless that is retired. */
export function allowOwn(
  { construct, user, platform }: Ownership,
  capabilities: readonly CapabilityName[],
  values: GrantValues,
  { retired }: StorageDefaults,
) {
  if (!user || retired) return;
  for (const capability of capabilities) give(construct, user, capability, { platform, ...values });
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
    retired: options.retired ?? defaults.retired,
  };
}

/** The part of an owner's properties that its resources inherit. */
export function storageDefaults(props: StorageDefaults): StorageDefaults {
  const { replicas, storage, placement, preventDestroy, adopt, retired } = props;
  return { replicas, storage, placement, preventDestroy, adopt, retired };
}
