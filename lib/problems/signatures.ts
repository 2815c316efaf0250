import { readFileSync } from "node:fs";
import { join } from "node:path";
import { valueAt } from "../collections/groups";

/** A type of the public API: a primitive, or made of others by their names. */
export type SignatureType =
  | "string"
  | "number"
  | "boolean"
  | "any"
  | { readonly list: SignatureType }
  | { readonly map: SignatureType }
  | { readonly struct: string }
  | { readonly enum: string }
  | { readonly object: string };

/** What may be given for an option or a parameter. */
export interface Signature {
  readonly type: SignatureType;
  readonly optional?: boolean;
  readonly variadic?: boolean;
  /** Whether it may be a value that Terraform knows only at apply, since it goes unchanged into what Terraform makes. */
  readonly atApply?: boolean;
}

/** A parameter of a public constructor or method. */
export interface Parameter extends Signature {
  readonly name: string;
}

/** What may be given to the public API. */
export interface Signatures {
  /** The options of each struct. */
  readonly structs: { readonly [struct: string]: { readonly [option: string]: Signature } };
  /** The values of each enum. */
  readonly enums: { readonly [name: string]: readonly string[] };
  /** The parameters of each constructor (`AppConstruct`) and method (`AppConstruct.addStream`). */
  readonly calls: { readonly [call: string]: readonly Parameter[] };
}

let known: Signatures | undefined;

/** The table that the build makes of the package's assembly (`scripts/signatures.mjs`). */
export function signatures(): Signatures {
  known ??= JSON.parse(readFileSync(join(__dirname, "..", "..", "build", "signatures.json"), "utf8")) as Signatures;
  return known;
}

const required = new Map<string, readonly string[]>();

/** The options of a struct that must be given. */
export function requiredOptions(struct: string): readonly string[] {
  return valueAt(required, struct, () => {
    const options = Object.entries(signatures().structs[struct] ?? {});
    return options.flatMap(([option, { optional }]) => (optional ? [] : [option]));
  });
}
