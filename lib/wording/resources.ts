import type { Resource, ResourceKind } from "../analysis/server-model";

/** What kinds of streams and buckets are called. */
export const NOUNS: { readonly [kind in ResourceKind]: string } = {
  stream: "stream",
  keyValue: "key-value bucket",
  objectStore: "object store",
};

/** The name of a stream or bucket as its clients use it: `prod_convex`, not `KV_prod_convex`. */
export function clientName({ name, kind }: Pick<Resource, "name" | "kind">): string {
  return kind === "stream" ? name : name.replace(/^(?:KV|OBJ)_/, "");
}

/** A stream or bucket in words: ``key-value bucket `prod_convex` ``. */
export function resourceText(resource: Pick<Resource, "name" | "kind">): string {
  return `${NOUNS[resource.kind]} \`${clientName(resource)}\``;
}
