import { TerraformElement, TerraformProvider, TerraformResource, type TerraformStack } from "cdktf";
import type { Problem } from "../problems/fault";
import { overridesOf } from "../tokens/overrides";
import { isOwn } from "../tokens/own-elements";
import { isEntry, type WrittenEntry, writtenOf } from "./entries";
import { overriddenIn, type WrittenResources } from "./other-resources";
import { DEFAULT_PROVIDER } from "./provider-accounts";
import { isRaw, rawElement, rawProblems, stateAddresses } from "./raw-elements";
import { sharedAddresses } from "./shared-addresses";
import { providerAddressOf } from "./stack-addresses";

/** An address in Terraform's state, with the path of the element or stack that names it. */
export interface NamedAddress {
  readonly source: string;
  readonly address: string;
}

/**
 * What of a stack the checks and files of a program go by, beside the models of what the library makes in it. An Aspect or an
 * override may change it after they were made. What cdktf adds when it prepares a stack is not in it: a backend, outputs.
 */
export interface StackShape extends WrittenResources {
  /** Those of the provider's resources that the library does not make. */
  readonly resources: readonly string[];
  /** Those of them that rely on the provider of the stack that has no alias. */
  readonly withoutProvider: readonly string[];
  /** The aliases of the JetStream providers that the library does not make. */
  readonly aliases: readonly (string | undefined)[];
  /** The entries of buckets that the library does not make. */
  readonly entries: readonly WrittenEntry[];
  /** What overrides of the stack and elements import, move or let go of. */
  readonly moved: readonly NamedAddress[];
  /** What has the address of something that the library makes, or tells Terraform something else about it. */
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
  const raws = others.filter(isRaw).map(rawElement);
  return {
    overridden: overriddenIn(stack),
    resources: addressesOf(resources),
    withoutProvider: addressesOf(resources.filter(({ provider }) => provider === undefined)),
    aliases: others.filter(isJetStreamProvider).map(({ alias }) => alias),
    entries: others.filter(isEntry).map((each) => writtenOf(each, false)),
    raw: raws.flatMap(({ source, addresses }) => named(source, addresses)),
    moved: [
      ...named(stack.node.path, stateAddresses(overridesOf(stack))),
      ...raws.flatMap(({ source, moved }) => named(source, moved)),
    ],
    shared: [...sharedAddresses(own, others, raws), ...rawProblems(raws, own)],
  };
}

const named = (source: string, addresses: readonly string[]): NamedAddress[] =>
  addresses.map((address) => ({ source, address }));

const addressesOf = (resources: readonly TerraformResource[]) =>
  resources.flatMap((resource) => providerAddressOf(resource) ?? []);

const isOfProvider = (element: TerraformElement): element is TerraformResource =>
  element instanceof TerraformResource && providerAddressOf(element) !== undefined;

const isJetStreamProvider = (element: TerraformElement): element is TerraformProvider =>
  element instanceof TerraformProvider && element.terraformResourceType === DEFAULT_PROVIDER;
