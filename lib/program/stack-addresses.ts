import { TerraformElement, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { addTo } from "../collections/groups";

/** Terraform's type of a resource of the provider; undefined for any other construct. */
function providerTypeOf(construct: IConstruct): string | undefined {
  const { terraformResourceType: type } = construct as { readonly terraformResourceType?: unknown };
  return typeof type === "string" && type.startsWith("jetstream_") ? type : undefined;
}

/** Whether a construct is a resource of the provider. */
export const isOfProvider = (construct: IConstruct): boolean =>
  providerTypeOf(construct) !== undefined && TerraformElement.isTerraformElement(construct);

/** The address of a resource of the provider in Terraform's state; undefined for any other construct. */
export function providerAddressOf(construct: IConstruct): string | undefined {
  const type = providerTypeOf(construct);
  if (type === undefined || !TerraformElement.isTerraformElement(construct)) return undefined;
  return `${type}.${construct.friendlyUniqueId}`;
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
