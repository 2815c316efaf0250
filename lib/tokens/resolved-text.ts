import { DefaultTokenResolver, StringConcat, Token, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

const resolver = new DefaultTokenResolver(new StringConcat());

/** A name as text: `${jetstream_stream.prod_convex_wal.name}` where it is known only at apply. */
export const resolvedText = (scope: IConstruct, name: string): string =>
  Token.isUnresolved(name) ? String(Tokenization.resolve(name, { scope, resolver, preparing: false })) : name;
