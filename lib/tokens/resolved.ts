import { DefaultTokenResolver, StringConcat, type TerraformElement, Tokenization } from "cdktf";
import { UNKNOWN } from "./expression";
import { isLiteral } from "./literal";

const resolver = new DefaultTokenResolver(new StringConcat());

/** What a token comes to, or why its producer gives nothing. */
export type Resolution = { readonly value: unknown } | { readonly failure: string };

/**
 * A value of an element as it is written.
 *
 * @throws what cdktf throws where it cannot resolve the value
 */
export const resolvedAll = (scope: TerraformElement, value: unknown): unknown =>
  isLiteral(value) ? value : Tokenization.resolve(value, { scope, resolver, preparing: false });

/** A value of an element as it is written, or why it cannot be. */
export function resolution(scope: TerraformElement, value: unknown): Resolution {
  try {
    return { value: resolvedAll(scope, value) };
  } catch (error) {
    return { failure: failureText(error) };
  }
}

/** What a producer threw: cdktf puts its own words before it, and behind it where the token was made. */
function failureText(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\nObject creation stack:");
  return line.replace(/^(Resolution error: )+/, "").replace(/\.$/, "");
}

/**
 * A value of an element, or all of its attributes, as it is written: `${jetstream_stream.prod_convex_wal.name}` in place of what is known
 * only at apply. For what cdktf cannot resolve stands an expression; cdktf refuses it when it writes the element.
 */
export function resolved<T>(scope: TerraformElement, value: T): T {
  return resolvedPart(scope, value, 0) as T;
}

/** As deep as the attributes of a resource go: `source[0].subject_transform[0].destination`. A circular value ends here. */
const MAX_DEPTH = 5;

function resolvedPart(scope: TerraformElement, value: unknown, depth: number): unknown {
  const whole = resolution(scope, value);
  if ("value" in whole) return whole.value;
  const part = (each: unknown) => resolvedPart(scope, each, depth + 1);
  if (depth < MAX_DEPTH && Array.isArray(value)) return value.map(part);
  if (depth < MAX_DEPTH && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value as object).map(([name, each]) => [name, part(each)] as const);
    return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
  }
  return UNKNOWN;
}
