import { DefaultTokenResolver, StringConcat, type TerraformElement, Tokenization } from "cdktf";
import { isLiteral } from "./literal";

const resolver = new DefaultTokenResolver(new StringConcat());

/**
 * A value of an element as it is written: `${jetstream_stream.prod_convex_wal.name}` in place of what is known only at
 * apply. What cdktf cannot resolve stays as it is; cdktf refuses it when it writes the element.
 */
export function resolved<T>(scope: TerraformElement, value: T): T {
  if (isLiteral(value)) return value;
  try {
    return Tokenization.resolve(value, { scope, resolver, preparing: false });
  } catch {
    return value;
  }
}
