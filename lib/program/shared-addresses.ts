import { type TerraformElement, TerraformProvider, TerraformResource, TerraformVariable } from "cdktf";
import { addTo } from "../collections/groups";
import type { Problem } from "../problems/fault";

/** The kinds of blocks of which the library makes some. An address is one of a block of a kind. */
interface Kind {
  /** What a message calls a block of it. */
  readonly what: string;
  readonly isOne: (element: TerraformElement) => boolean;
  /** What the address begins with. */
  readonly typeOf: (element: TerraformElement) => string;
  readonly nameOf: (element: TerraformElement) => string;
  readonly allowed: string;
  readonly fix: string;
}

const typed = (element: TerraformElement) => (element as TerraformResource | TerraformProvider).terraformResourceType;

const idOf = ({ friendlyUniqueId }: TerraformElement) => friendlyUniqueId;

const KINDS: readonly Kind[] = [
  {
    what: "resource",
    isOne: (element) => element instanceof TerraformResource,
    typeOf: typed,
    nameOf: idOf,
    allowed: "each address once in a stack: Terraform would see one resource, merged of both",
    fix: "Remove it and set what the options do not cover on the `resource` of what the library makes, or give it another id",
  },
  {
    what: "variable",
    isOne: (element) => element instanceof TerraformVariable,
    typeOf: () => "var",
    nameOf: idOf,
    allowed: "each address once in a stack: Terraform would see one variable, merged of both",
    fix: "Remove it and use the one that is there, or give it another id",
  },
  {
    what: "provider",
    isOne: (element) => element instanceof TerraformProvider,
    typeOf: (element) => `provider ${typed(element)}`,
    nameOf: (element) => (element as TerraformProvider).alias ?? "",
    allowed: "each alias once in a stack: of two, Terraform takes neither",
    fix: "Give it another alias, or use the one that is there",
  },
];

interface Addressed extends Kind {
  readonly address: string;
}

/** What writes blocks itself, whatever its class is. */
interface WritesItself {
  /** The path of the element. */
  readonly source: string;
  readonly addresses: readonly string[];
}

/** The kind and the address of an element; undefined for one of another kind. */
export function addressed(element: TerraformElement): Addressed | undefined {
  const kind = KINDS.find(({ isOne }) => isOne(element));
  return kind && { ...kind, address: `${kind.typeOf(element)}.${kind.nameOf(element)}` };
}

/**
 * What has the address of something that the library makes in its stack: cdktf writes one block, merged of both.
 *
 * @param own what the library makes in the stack
 * @param others what it does not make
 * @param raws what it does not make, and what writes its blocks itself
 */
export function sharedAddresses(
  own: readonly TerraformElement[],
  others: readonly TerraformElement[],
  raws: readonly WritesItself[],
): Problem[] {
  const byAddress = new Map<string, string[]>();
  for (const each of others) {
    const found = addressed(each);
    if (found) addTo(byAddress, found.address, each.node.path);
  }
  for (const { source, addresses } of raws) {
    for (const address of addresses) if (!byAddress.get(address)?.includes(source)) addTo(byAddress, address, source);
  }
  if (byAddress.size === 0) return [];
  return own.flatMap((made) => {
    const found = addressed(made);
    return (found && byAddress.get(found.address))?.map((each) => sharedProblem(each, made, found)) ?? [];
  });
}

const sharedProblem = (path: string, made: TerraformElement, { what, address, allowed, fix }: Addressed) => ({
  path,
  what: `${what} has the address of what the library makes [${made.node.path}]`,
  value: address,
  allowed,
  fix,
});
