import { ownerOfAccessStore } from "../naming/names";
import type { StoredDocument } from "./joined-accounts";

/** What cdktf writes of a stack, as far as it matters here. */
export interface WrittenStack {
  readonly resource?: {
    readonly [type: string]: { readonly [name: string]: { readonly [attribute: string]: unknown } };
  };
}

/** A text as Terraform reads it: what would be an expression or a directive is written twice. */
const plainText = (text: string) => text.replace(/([$%])\1\{/g, "$1{");

/**
 * The access documents among the resources of a stack.
 *
 * @param origin where the stack was found
 */
export function documentsInStack({ resource }: WrittenStack, origin: string): StoredDocument[] {
  return Object.values(resource?.jetstream_kv_entry ?? {}).flatMap(({ bucket, key, value }) => {
    const owner = ownerOfAccessStore(String(bucket));
    if (owner === undefined || typeof value !== "string" || !String(key).startsWith("access.")) return [];
    return [{ ...owner, key: String(key), text: plainText(value), origin }];
  });
}
