import type { Resource, ResourceKind } from "../analysis/server-model";
import type { CatalogResource } from "../catalog/catalog";
import { listed, names } from "./lists";

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

/** As `resourceText`, of a resource in a catalog. */
export function catalogResourceText({ stream, kind }: CatalogResource): string {
  return resourceText({ name: stream, kind });
}

/** Several streams and buckets in words, those of a kind together. */
export function resourcesText(resources: readonly Pick<Resource, "name" | "kind">[]): string {
  const kinds = Object.keys(NOUNS) as Resource["kind"][];
  const texts = kinds.flatMap((kind) => {
    const these = resources.filter((resource) => resource.kind === kind).map(clientName);
    return these.length === 0 ? [] : [`the ${NOUNS[kind]}${these.length > 1 ? "s" : ""} ${names(these)}`];
  });
  return listed(texts);
}
