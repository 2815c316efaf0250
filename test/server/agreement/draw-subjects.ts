import * as fc from "fast-check";

/** A token that functions take apart. */
export const LONG = "ab-c";

/** A token of all drawn subjects. */
export const literal = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom("a", "b", "c") },
  { weight: 2, arbitrary: fc.constant(LONG) },
);
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

/** The server's functions, of each a call of the first wildcard, of both, or of none. */
export const mappingCall = fc.constantFrom(
  "{{split(1,-)}}",
  "{{partition(3,1)}}",
  "{{partition(2,1,2)}}",
  "{{left(1,1)}}",
  "{{right(1,2)}}",
  "{{splitFromLeft(1,1)}}",
  "{{SplitFromRight(1,2)}}",
  "{{sliceFromLeft(1,2)}}",
  "{{SliceFromRight(1,1)}}",
  "{{split(1,-)}}",
  "{{random(3)}}",
  "{{partition(2)}}",
);

/** A destination of a pattern in which a function stands for a wildcard; the same where the pattern has not as many. */
export function calling(source: string, full: string, call: string | undefined): string {
  const wildcards = source.split(".").filter((token) => token === "*").length;
  if (call === undefined || wildcards < (call.includes("1,2)") && call.startsWith("{{partition") ? 2 : 1)) return full;
  return full.replace(/\$1(?=\.|$)/, () => call);
}

/** Whether a rewriting makes something that only the server knows. */
export const isVagueCall = (destination: string) => destination.includes("{{");
