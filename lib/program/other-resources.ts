import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { OtherResource } from "../access/models";
import { overridesOf } from "../tokens/overrides";
import { isDeclared } from "./declaration";
import { isEntry } from "./entries";
import { providerAddressOf } from "./stack-addresses";

/** What a stack writes of the provider's resources by no class of it. */
export interface WrittenResources {
  /** The addresses of those that overrides of the stack make. */
  readonly overridden: readonly string[];
  /** What elements write themselves, whichever provider it is of. */
  readonly raw: readonly OtherResource[];
}

/** What overrides of a stack have of the provider's resources. */
export function overriddenIn(stack: TerraformStack): string[] {
  const types = Object.entries(overridesOf(stack).resource ?? {}).filter(([type]) => type.startsWith("jetstream_"));
  return types.flatMap(([type, blocks]) => Object.keys(blocks ?? {}).map((name) => `${type}.${name}`));
}

/** Whether a resource is that of a stream, bucket or consumer of the library, and not another one below it. */
function isMadeByLibrary(construct: IConstruct): boolean {
  const { scope } = construct.node;
  return isDeclared(scope) && (scope as { readonly resource?: unknown } | undefined)?.resource === construct;
}

/**
 * The provider's streams, buckets and consumers that the library did not make: by classes of the provider, by overrides of
 * a stack, or by elements that write their blocks themselves. Entries are not among them, since the buckets' owners may write any.
 */
export function otherResources(
  root: IConstruct,
  writtenIn: ReadonlyMap<TerraformStack, WrittenResources>,
): OtherResource[] {
  const found = root.node.findAll().flatMap((construct) => {
    const address = providerAddressOf(construct);
    return address === undefined ? [] : [{ construct, address, stack: TerraformStack.of(construct) }];
  });
  const known = new Set(found.map(({ address, stack }) => `${stack.node.path} ${address}`));
  const written = [...writtenIn].flatMap(([{ node }, { overridden, raw }]) =>
    [...overridden.map((address) => ({ address, source: node.path })), ...raw].filter(
      ({ address }) => address.startsWith("jetstream_") && !known.has(`${node.path} ${address}`),
    ),
  );
  const made = found
    .filter(({ construct }) => !isEntry(construct) && !isMadeByLibrary(construct))
    .map(({ construct, address }) => ({ address, source: construct.node.path }));
  return [...made, ...written];
}
