import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ISynthesisSession, TerraformStack } from "cdktf";
import type { Fault, Problem } from "../problems/fault";

/** Blocks of Terraform's JSON by type and name. */
interface Blocks {
  readonly [type: string]: { readonly [name: string]: { readonly "//"?: { readonly metadata?: { path?: string } } } };
}

/**
 * The provider's resources in a stack that are not as they were written: an Aspect of a later stack has changed, added or
 * removed them. (Of a stack that is written as HCL, nothing is found.)
 */
export function lateChanges(stack: TerraformStack, { manifest, outdir }: ISynthesisSession): Problem[] {
  const file = join(outdir, manifest.forStack(stack).synthesizedStackPath);
  if (!file.endsWith(".json")) return [];
  const written = resourcesOf(JSON.parse(readFileSync(file, "utf8")));
  const now = resourcesOf(JSON.parse(JSON.stringify(stack.toTerraform())));
  return [...new Set([...written.keys(), ...now.keys()])]
    .filter((address) => !isDeepStrictEqual(written.get(address), now.get(address)))
    .map((address) => {
      const { metadata } = (now.get(address) ?? written.get(address))?.["//"] ?? {};
      return { path: metadata?.path ?? stack.node.path, ...LATE_FAULT, value: address };
    });
}

function resourcesOf({ resource = {} }: { readonly resource?: Blocks }) {
  return new Map(
    Object.entries(resource)
      .filter(([type]) => type.startsWith("jetstream_"))
      .flatMap(([type, blocks]) => Object.entries(blocks).map(([name, block]) => [`${type}.${name}`, block] as const)),
  );
}

const LATE_FAULT: Omit<Fault, "value"> = {
  what: "resource is changed by an Aspect of a stack that is written after its own",
  allowed: "declarations before app.synth(), and Aspects of its own stack, or of a construct in that",
  fix: "Add the Aspect to the stack of what it changes; cdktf calls no Aspects of the App",
};
