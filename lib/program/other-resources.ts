import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { OtherResource } from "../access/models";
import { overridesOf } from "../tokens/overrides";
import { isDeclared } from "./declaration";
import { isEntry } from "./entries";
import { rawElementsIn } from "./raw-elements";
import { providerAddressOf } from "./stack-addresses";

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
export function otherResources(root: IConstruct): OtherResource[] {
  const all = root.node.findAll();
  const found = all.flatMap((construct) => {
    const address = providerAddressOf(construct);
    return address === undefined ? [] : [{ construct, address, stack: TerraformStack.of(construct) }];
  });
  const known = new Set(found.map(({ address, stack }) => `${stack.node.path} ${address}`));
  const overridden = all.filter(TerraformStack.isStack).flatMap((stack) =>
    overriddenIn(stack)
      .filter((address) => !known.has(`${stack.node.path} ${address}`))
      .map((address) => ({ address, source: stack.node.path })),
  );
  const made = found
    .filter(({ construct }) => !isEntry(construct) && !isMadeByLibrary(construct))
    .map(({ construct, address }) => ({ address, source: construct.node.path }));
  const raw = all
    .filter(TerraformStack.isStack)
    .flatMap((stack) =>
      rawElementsIn(stack).flatMap(({ source, addresses }) =>
        addresses
          .filter((address) => address.startsWith("jetstream_") && !known.has(`${stack.node.path} ${address}`))
          .map((address) => ({ address, source })),
      ),
    );
  return [...made, ...overridden, ...raw];
}
