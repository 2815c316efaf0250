import { createHash } from "node:crypto";
import type { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { Fault, Problem } from "../problems/fault";

/** A block of Terraform's JSON, with where it is declared. */
interface Block {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
}

/** Terraform's JSON of a stack, as far as it is about what the provider makes; overrides may have set anything. */
interface Json {
  readonly resource?: { readonly [type: string]: { readonly [name: string]: Block } };
  readonly provider?: { readonly jetstream?: readonly { readonly alias?: string }[] };
  readonly removed?: readonly { readonly from?: string }[];
  readonly import?: readonly { readonly to?: string }[];
}

interface Part {
  /** The path of the construct; undefined for a block that belongs to the whole stack. */
  readonly path: string | undefined;
  readonly hash: string;
}

/** What a stack makes, takes in and lets go of by the provider, by its addresses in Terraform. */
export type Snapshot = ReadonlyMap<string, Part>;

const partOf = (block: object, path?: string): Part => ({
  path,
  hash: createHash("sha256")
    .update(JSON.stringify(block) ?? "")
    .digest("base64"),
});

/** The blocks of a list, by what they are about. */
const listed = <T extends object>(blocks: readonly T[] | undefined, nameOf: (block: T) => string) =>
  [blocks ?? []].flat().map((block) => [nameOf(block), partOf(block)] as const);

/** What a stack is now; cdktf is asked for it as when it writes the stack. */
export function snapshotOf(stack: TerraformStack): Snapshot {
  const { resource, provider, removed, import: imported } = stack.toTerraform() as Json;
  const resources = Object.entries(resource ?? {})
    .filter(([type]) => type.startsWith("jetstream_"))
    .flatMap(([type, blocks]) =>
      Object.entries(blocks ?? {}).map(
        ([name, block]) => [`${type}.${name}`, partOf(block, block?.["//"]?.metadata?.path)] as const,
      ),
    );
  return new Map([
    ...resources,
    ...listed(provider?.jetstream, ({ alias = "" }) => `provider jetstream.${alias}`),
    ...listed(removed, ({ from = "" }) => `removed ${from}`),
    ...listed(imported, ({ to = "" }) => `import ${to}`),
  ]);
}

/** What of a stack is not as it was when it was written. */
export function lateChanges(stack: TerraformStack, before: Snapshot): Problem[] {
  const now = snapshotOf(stack);
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((address) => {
    const [old, other] = [before.get(address), now.get(address)];
    if (old?.hash === other?.hash) return [];
    return [{ path: other?.path ?? old?.path ?? stack.node.path, ...LATE_FAULT, value: address }];
  });
}

/** What is wrong with a stack that is not among those that cdktf prepared. */
export const lateStack = ({ node }: IConstruct): Problem => ({
  path: node.path,
  what: "stack is made by an Aspect",
  value: node.id,
  allowed: "stacks that are there before app.synth(): cdktf writes no others",
  fix: "Make the stack in the program itself",
});

/** What is wrong with a text of the whole program that a written stack has as it was before. */
export const lateText = ({ node }: IConstruct, name: string, stack: IConstruct): Problem => ({
  path: node.path,
  what: `an attribute of a stack that is written already has ${name} as it was before an Aspect of a later stack changed it`,
  value: stack.node.path,
  allowed: "declarations before app.synth(), and Aspects of that stack or of an earlier one",
  fix: "Declare it in the program itself, or use the text in the last stack",
});

const LATE_FAULT: Omit<Fault, "value"> = {
  what: "resource is no longer as it was written: an Aspect of a later stack changes it, or a Lazy gives another value each time",
  allowed:
    "declarations before app.synth(), Aspects of its own stack or of a construct in that, and a Lazy with one value",
  fix: "Declare it in the program itself, or add the Aspect to the stack of what it changes; cdktf calls no Aspects of the App",
};
