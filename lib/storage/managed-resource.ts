import type { TerraformMetaArguments, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { ResourceModel } from "../access/models";
import { attached } from "../problems/attached";
import { assertMade, type MadeKind } from "../problems/made-by";
import { type ClaimKind, Program } from "../problems/program";
import { declare } from "../program/declaration";
import { own } from "../tokens/own-elements";
import { terraformText } from "../tokens/terraform-text";
import type { Ownership } from "./ownership";
import { ImportBlock, RemovedBlocks } from "./state-blocks";
import { RetiredData, type StorageDefaults, type StorageOptions } from "./storage-options";

/** The id of the Terraform resource inside the construct that stands for it. */
const RESOURCE_ID = "Resource";

const CONFIG = "config";

/** A Terraform resource, in the construct that stands for it, with what the library gives to it. */
export function made<T extends TerraformResource, C extends object>(
  Resource: new (scope: Construct, id: string, config: C) => T,
  construct: Construct,
  config: C,
): T {
  const resource = own(new Resource(construct, RESOURCE_ID, config));
  attached(resource, CONFIG, () => config);
  return resource;
}

/** Lets Terraform make a resource after others, whatever else an Aspect sets as its `dependsOn`. */
export function keepBefore(resource: TerraformResource, before: () => readonly string[]): void {
  let set = resource.dependsOn;
  Object.defineProperty(resource, "dependsOn", {
    get: () => {
      if (set !== undefined && !Array.isArray(set)) return set;
      const all = new Set([...before(), ...(set ?? [])]);
      return all.size > 0 ? [...all] : undefined;
    },
    set: (value: string[] | undefined) => {
      set = value;
    },
  });
}

/** What the library gave to a resource, by the names that cdktf has for the attributes. */
export const configOf = (resource: TerraformResource): { readonly [name: string]: unknown } =>
  attached(resource, CONFIG, () => ({}));

/** What the library gave to a resource of the options. */
export function givenTo(resource: TerraformResource): { readonly [name: string]: unknown } {
  const { provider: _, lifecycle: __, ...given } = configOf(resource);
  return given;
}

/** Terraform's own arguments for a resource that holds data. */
export function metaArguments(owner: Ownership, options: StorageDefaults): TerraformMetaArguments {
  return {
    provider: owner.provider,
    lifecycle: (options.preventDestroy ?? true) ? { preventDestroy: true } : undefined,
  };
}

/** The arguments that streams, key-value buckets and object buckets have under the same names. */
export function storageArguments(owner: Ownership, options: StorageOptions) {
  return {
    ...metaArguments(owner, options),
    description: terraformText(options.description),
    replicas: options.replicas,
    storage: options.storage,
    placementCluster: terraformText(options.placement?.cluster),
    placementTags: options.placement?.tags?.map(terraformText),
  };
}

/** How a resource is known to Terraform and to the rest of the program. */
export interface Management extends StorageDefaults {
  /** The provider's id of the resource. */
  readonly importId: string;
  readonly claim: ClaimKind;
  /** The account that it is in. */
  readonly account: string;
  /** The type of the resource that the same thing may be in an older state, which must not be destroyed with it. */
  readonly otherType?: string;
}

/**
 * Makes the resource's name its state address, so that moving a construct in the tree never replaces a stream, and
 * writes the blocks that take it into the state where they are asked for.
 */
export function manage(construct: Construct, resource: TerraformResource, name: string, options: Management): void {
  const free = Program.of(construct).claim(options.claim, name, construct);
  if (!free || !/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) return;
  resource.overrideLogicalId(name);
  attached(resource, ADDRESS, () => name);
  if (options.retired) {
    construct.node.tryRemoveChild(RESOURCE_ID);
    const address = `${resource.terraformResourceType}.${name}`;
    RemovedBlocks.add(construct, address, options.retired === RetiredData.DELETE);
    const { account, retired: data } = options;
    declare(construct, { retired: { name, account, address, data, source: construct.node.path } });
  } else if (options.adopt) new ImportBlock(construct, `${resource.terraformResourceType}.${name}`, options.importId);
  if (options.otherType) RemovedBlocks.add(construct, `${options.otherType}.${name}`);
}

const ADDRESS = "address";

/** The name that the library gave a resource in Terraform's state; nothing where the name is taken. */
export const givenAddress = (resource: TerraformResource): string | undefined =>
  attached<string | undefined>(resource, ADDRESS, () => undefined);

/** A resource's address in Terraform's state. */
export const addressOf = (resource: TerraformResource): string =>
  `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;

/**
 * Makes a stream or bucket part of the program, unless it goes or the name of its owner is taken. What is retired and kept
 * stays: on the server it still stores, copies and publishes.
 */
export function declareResource(
  construct: Construct,
  { retired }: StorageDefaults,
  resource: () => ResourceModel,
): void {
  if (retired === RetiredData.DELETE || Program.of(construct).isDuplicate(construct)) return;
  declare(construct, { resource: retired ? () => ({ ...resource(), faults: [] }) : resource });
}

/**
 * Where the construct of an owner goes, and its id.
 *
 * @throws if somebody else than the owner makes it
 */
export function placedBelow(
  kind: MadeKind,
  owner: { readonly construct: Construct },
  id: () => string,
): [Construct, string] {
  const path = Construct.isConstruct(owner) ? owner.node.path : undefined;
  assertMade(kind, () => Construct.isConstruct(owner.construct), path);
  return [owner.construct, freeId(owner.construct, id())];
}

/** An id that is free below the owner: a second resource of one name is refused as a problem, not by the tree. */
export function freeId(scope: Construct, id: string): string {
  if (!scope.node.tryFindChild(id)) return id;
  let count = 2;
  while (scope.node.tryFindChild(`${id}-${count}`)) count++;
  return `${id}-${count}`;
}
