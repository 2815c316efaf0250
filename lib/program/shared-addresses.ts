import { type TerraformElement, TerraformProvider, TerraformResource, TerraformVariable } from "cdktf";
import { addTo, valueAt } from "../collections/groups";
import type { Problem } from "../problems/fault";

/** What kind of block an element is, of the kinds of which the library makes some; an address is one of a block of a kind. */
function kindOf(element: TerraformElement): string | undefined {
  if (element instanceof TerraformResource) return element.terraformResourceType;
  if (element instanceof TerraformVariable) return "var";
  return element instanceof TerraformProvider ? `provider ${element.terraformResourceType}` : undefined;
}

const nameOf = (element: TerraformElement): string =>
  element instanceof TerraformProvider ? (element.alias ?? "") : element.friendlyUniqueId;

/**
 * What has the address of something that the library makes in its stack: cdktf writes one block, merged of both.
 *
 * @param own what the library makes in the stack
 * @param others what it does not make
 */
export function sharedAddresses(own: readonly TerraformElement[], others: readonly TerraformElement[]): Problem[] {
  const kinds = new Map<string, Map<string, TerraformElement[]>>();
  for (const each of others) {
    const kind = kindOf(each);
    if (kind !== undefined)
      addTo(
        valueAt(kinds, kind, () => new Map()),
        nameOf(each),
        each,
      );
  }
  if (kinds.size === 0) return [];
  return own.flatMap((made) => {
    const kind = kindOf(made) ?? "";
    const found = kinds.get(kind)?.get(nameOf(made)) ?? [];
    return found.map((each) => sharedProblem(each, made, `${kind}.${nameOf(made)}`));
  });
}

function sharedProblem(element: TerraformElement, made: TerraformElement, value: string): Problem {
  const { path } = element.node;
  const taken = `has the address of what the library makes [${made.node.path}]`;
  if (element instanceof TerraformProvider) {
    return {
      path,
      what: `provider ${taken}`,
      value,
      allowed: "each alias once in a stack: of two, Terraform takes neither",
      fix: "Give it another alias, or use the one that is there",
    };
  }
  if (element instanceof TerraformVariable) {
    return {
      path,
      what: `variable ${taken}`,
      value,
      allowed: "each address once in a stack: Terraform would see one variable, merged of both",
      fix: "Remove it and use the one that is there, or give it another id",
    };
  }
  return {
    path,
    what: `resource ${taken}`,
    value,
    allowed: "each address once in a stack: Terraform would see one resource, merged of both",
    fix: "Remove it and set what the options do not cover on the `resource` of what the library makes, or give it another id",
  };
}
