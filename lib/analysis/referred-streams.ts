import type { CatalogConsumer, CatalogResource } from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { inOrder } from "../collections/order";

/** Whether the program declares a stream or bucket; it may also only refer to one of another program. */
export const isDeclared = ({ address }: Pick<CatalogResource, "address">): boolean => address !== "";

/** What consumers may deliver; one without filters anything. */
function deliveredBy(consumers: readonly CatalogConsumer[]): string[] {
  const filters = consumers.map((each) => each.filters);
  return filters.some(({ length }) => length === 0) ? [">"] : [...new Set(filters.flat())].sort(inOrder);
}

/**
 * The streams of other programs that consumers are of, with what these may deliver: nothing more is known of them. Of bytes,
 * age and roll-up the least is said, so that no hole is claimed that nobody knows of.
 */
export function referredStreams(
  account: string,
  declared: readonly CatalogResource[],
  consumers: readonly CatalogConsumer[],
): CatalogResource[] {
  const known = new Set(declared.map(({ stream }) => stream));
  const others = consumers.filter(({ stream }) => !known.has(stream));
  return [...grouped(others, ({ stream }) => stream)].map(([stream, own]) => ({
    name: stream,
    kind: "stream",
    stream,
    account,
    subjects: [],
    platform: "",
    address: "",
    bounded: true,
    sized: true,
    rollUp: false,
    copies: [],
    holds: [],
    mayHold: deliveredBy(own),
    source: own[0]?.source ?? "",
  }));
}
