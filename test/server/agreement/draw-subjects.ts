import * as fc from "fast-check";

const LITERALS = ["a", "b", "c"];
/** A token of all drawn subjects. */
export const literal = fc.constantFrom(...LITERALS);
const patternToken = fc.oneof({ weight: 3, arbitrary: literal }, { weight: 2, arbitrary: fc.constant("*") });

/** A pattern over the tokens of all drawn subjects. */
export const pattern = fc
  .tuple(fc.array(patternToken, { minLength: 0, maxLength: 3 }), fc.boolean())
  .map(([tokens, open]) => [...tokens, ...(open || tokens.length === 0 ? [">"] : [])].join("."));

/** Where a pattern is mapped to: some tokens, and the wildcards of the pattern in their order or the other way round. */
export interface Destination {
  readonly tokens: readonly string[];
  readonly swap: boolean;
  /** Whether a service with one subject takes many. */
  readonly many: boolean;
}

/** A destination of any pattern. */
export const destination: fc.Arbitrary<Destination> = fc.record({
  tokens: fc.array(literal, { minLength: 1, maxLength: 2 }),
  swap: fc.boolean(),
  many: fc.boolean(),
});

/** What a pattern is mapped to, its wildcards by their places (`$1`) or as they are. */
export function mappedTo(source: string, { tokens, swap }: Destination, placeholders: boolean): string {
  const count = source.split(".").filter((token) => token === "*").length;
  const swapped = swap && count === 2;
  const wildcards = Array.from({ length: count }, (_, index) =>
    placeholders || swapped ? `$${swapped ? count - index : index + 1}` : "*",
  );
  return [...tokens, ...wildcards, ...(source.endsWith(">") ? [">"] : [])].join(".");
}
