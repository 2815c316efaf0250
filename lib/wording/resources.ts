import { isDeclared } from "../analysis/referred-streams";
import type { CatalogConsumer, CatalogResource } from "../catalog/catalog";
import { listed, names } from "./lists";

/** What kinds of streams and buckets are called. */
export const NOUNS: { readonly [kind in CatalogResource["kind"]]: string } = {
  stream: "stream",
  keyValue: "key-value bucket",
  objectStore: "object store",
};

/** The name of a stream or bucket as its clients use it: `prod_convex`, not `KV_prod_convex`. */
export function clientName({ stream, kind }: Pick<CatalogResource, "stream" | "kind">): string {
  return kind === "stream" ? stream : stream.replace(/^(?:KV|OBJ)_/, "");
}

/** A stream or bucket in words: ``key-value bucket `prod_convex` ``. */
export function resourceText(resource: Pick<CatalogResource, "stream" | "kind">): string {
  return `${NOUNS[resource.kind]} \`${clientName(resource)}\``;
}

/** A consumer in words: ``consumer `worker` of stream `prod_convex_jobs` ``. */
export function consumerText({ name, stream }: Pick<CatalogConsumer, "name" | "stream">): string {
  return `consumer \`${name}\` of stream \`${stream}\``;
}

/** Whose a stream or bucket is: `app convex of platform prod`, or `of another program` if this one only refers to it. */
export function ownerText(resource: CatalogResource): string {
  const { platform, app } = resource;
  if (!isDeclared(resource)) return "of another program";
  return app === undefined ? `platform ${platform}` : `app ${app} of platform ${platform}`;
}

/** Several streams and buckets in words, those of a kind together. */
export function resourcesText(resources: readonly Pick<CatalogResource, "stream" | "kind">[]): string {
  const kinds = Object.keys(NOUNS) as CatalogResource["kind"][];
  const texts = kinds.flatMap((kind) => {
    const these = resources.filter((resource) => resource.kind === kind).map(clientName);
    return these.length === 0 ? [] : [`the ${NOUNS[kind]}${these.length > 1 ? "s" : ""} ${names(these)}`];
  });
  return listed(texts);
}
