import { TerraformElement, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { addTo } from "../collections/groups";
import { DEFAULT_PROVIDER } from "./provider-accounts";

const isOfProvider = (type: unknown): type is string => typeof type === "string" && type.startsWith("jetstream_");

/** The address of a resource of the provider in Terraform's state; undefined for any other construct. */
export function providerAddressOf(construct: IConstruct): string | undefined {
  if (!TerraformElement.isTerraformElement(construct)) return undefined;
  const { terraformResourceType: type } = construct as { readonly terraformResourceType?: unknown };
  return isOfProvider(type) ? `${type}.${construct.friendlyUniqueId}` : undefined;
}

/** Whether an element is a resource of the provider, or the provider. */
export function isOfJetStream(element: TerraformElement): boolean {
  const { terraformResourceType: type } = element as { readonly terraformResourceType?: unknown };
  return isOfProvider(type) || type === DEFAULT_PROVIDER;
}

/** The addresses of the provider's resources in each stack of a program. */
export function addressesOf(root: IConstruct): Map<TerraformStack, string[]> {
  const found = new Map<TerraformStack, string[]>();
  for (const construct of root.node.findAll()) {
    const address = providerAddressOf(construct);
    if (address !== undefined) addTo(found, TerraformStack.of(construct), address);
  }
  return found;
}
