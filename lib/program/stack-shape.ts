import { TerraformElement, TerraformProvider, TerraformResource, type TerraformStack } from "cdktf";
import type { Problem } from "../problems/fault";
import { isEntry, type WrittenEntry, writtenOf } from "./entries";
import { overriddenIn } from "./other-resources";
import { isOwn } from "./own-elements";
import { DEFAULT_PROVIDER } from "./provider-accounts";
import { sharedAddresses } from "./shared-addresses";
import { providerAddressOf } from "./stack-addresses";

/**
 * What of a stack the checks and files of a program go by, beside the models of what the library makes in it. An Aspect or an
 * override may change it after they were made. What cdktf adds when it prepares a stack is not in it: a backend, outputs.
 */
export interface StackShape {
  /** The addresses of the provider's resources that overrides of the stack make. */
  readonly overridden: readonly string[];
  /** Those of the provider's resources that the library does not make. */
  readonly resources: readonly string[];
  /** Those of them that rely on the provider of the stack that has no alias. */
  readonly withoutProvider: readonly string[];
  /** The aliases of the JetStream providers that the library does not make. */
  readonly aliases: readonly (string | undefined)[];
  /** The entries of buckets that the library does not make. */
  readonly entries: readonly WrittenEntry[];
  /** What has the address of something that the library makes. */
  readonly shared: readonly Problem[];
}

/** Reads what a stack is now. */
export function shapeOf(stack: TerraformStack): StackShape {
  const own: TerraformElement[] = [];
  const others: TerraformElement[] = [];
  for (const each of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(each) || each.cdktfStack !== stack) continue;
    (isOwn(each) ? own : others).push(each);
  }
  const resources = others.filter(isOfProvider);
  return {
    overridden: overriddenIn(stack),
    resources: addressesOf(resources),
    withoutProvider: addressesOf(resources.filter(({ provider }) => provider === undefined)),
    aliases: others.filter(isJetStreamProvider).map(({ alias }) => alias),
    entries: others.filter(isEntry).map((each) => writtenOf(each, false)),
    shared: sharedAddresses(own, others),
  };
}

const addressesOf = (resources: readonly TerraformResource[]) =>
  resources.flatMap((resource) => providerAddressOf(resource) ?? []);

const isOfProvider = (element: TerraformElement): element is TerraformResource =>
  element instanceof TerraformResource && providerAddressOf(element) !== undefined;

const isJetStreamProvider = (element: TerraformElement): element is TerraformProvider =>
  element instanceof TerraformProvider && element.terraformResourceType === DEFAULT_PROVIDER;
