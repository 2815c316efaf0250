import type { CatalogConsumer, CatalogResource } from "../catalog/catalog";
import { addTo } from "../collections/groups";
import { inOrder } from "../collections/order";
import { streamKind } from "../naming/names";
import { StreamPassage } from "../subjects/stream-passage";

/** Whether the program declares a stream or bucket; it may also only refer to one of another program. */
export const isDeclared = ({ address }: Pick<CatalogResource, "address">): boolean => address !== "";

/** What refers to a stream of another program. */
interface Referral {
  /** Which of its subjects it takes. */
  readonly subjects: readonly string[];
  readonly source: string;
}

/** The streams of an account that consumers are of, or that streams copy, and that the program does not declare. */
function referralsOf(
  declared: readonly CatalogResource[],
  consumers: readonly CatalogConsumer[],
): ReadonlyMap<string, Referral[]> {
  const known = new Set(declared.map(({ stream }) => stream));
  const referrals = new Map<string, Referral[]>();
  const add = (stream: string, referral: Referral) => {
    if (!known.has(stream)) addTo(referrals, stream, referral);
  };
  for (const { stream, filters, source } of consumers) {
    add(stream, { subjects: filters.length > 0 ? filters : [">"], source });
  }
  for (const { origins = [], source } of declared) {
    for (const origin of origins.filter(({ externalApiPrefix }) => externalApiPrefix === undefined)) {
      const taken = StreamPassage.ofOrigin(origin).apply(">");
      add(origin.stream, { subjects: taken.map(({ from }) => from), source });
    }
  }
  return referrals;
}

/**
 * The streams of other programs that the program consumes or copies, with what it takes of them: nothing more is known. Of
 * bytes, age and roll-up the least is said, so that no hole is claimed that nobody knows of.
 */
export function referredStreams(
  account: string,
  declared: readonly CatalogResource[],
  consumers: readonly CatalogConsumer[],
): CatalogResource[] {
  return [...referralsOf(declared, consumers)].map(([stream, referrals]) => ({
    name: stream,
    kind: streamKind(stream),
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
    mayHold: [...new Set(referrals.flatMap(({ subjects }) => subjects))].sort(inOrder),
    source: referrals[0]?.source ?? "",
  }));
}
