import type { Catalog, CatalogFinding } from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { by } from "../collections/order";
import { someOf } from "../wording/lists";
import type { Acknowledgement, Found } from "./finding";
import { RULES } from "./rules";

/** The path of a construct and of those around it, the nearest first; the last is the root. */
function scopesOf(path: string): string[] {
  const ids = path === "" ? [] : path.split("/");
  return [...ids.map((_, index) => ids.slice(0, ids.length - index).join("/")), ""];
}

/** The id of what is found about acknowledgements themselves. */
export const UNUSED_ACKNOWLEDGEMENT = "NP010";

const BY_OTHERS = new Set(RULES.flatMap(({ id, byOthers }) => (byOthers ? [id] : [])));

/** A finding as it is told. */
interface Told {
  readonly message: string;
  readonly source: string;
  readonly acknowledged: Acknowledgement | undefined;
}

/** How many parts a message names. */
const MOST_NAMED = 5;

/**
 * A finding with its acknowledgement. One about a platform is told apart for the parts that are acknowledged at their own
 * constructs, so that it does not change for them when others come and go.
 */
function told(
  { message, source, parts }: Found,
  acknowledgementOf: (source: string) => Acknowledgement | undefined,
): Told[] {
  if (typeof message === "string") return [{ message, source, acknowledged: acknowledgementOf(source) }];
  if (!parts || parts.length === 0) return [];
  const whole = acknowledgementOf(source);
  const groups = grouped(parts, (part) => whole ?? acknowledgementOf(part.source));
  return [...groups].map(([acknowledged, all]) => ({
    message: message(
      someOf(
        all.map(({ name }) => name),
        MOST_NAMED,
      ),
    ),
    source,
    acknowledged,
  }));
}

/** What is found in a program, sorted by id and construct, each with the acknowledgement that holds for it. */
export function evaluate(
  catalog: Omit<Catalog, "findings">,
  acknowledgements: readonly Acknowledgement[],
): CatalogFinding[] {
  const complete = { ...catalog, findings: [] };
  const used = new Set<Acknowledgement>();
  const byPlace = new Map(acknowledgements.map((each) => [`${each.id} ${each.source}`, each]));
  const acknowledgementOf = (id: string, source: string) => {
    const found = scopesOf(source).flatMap((scope) => byPlace.get(`${id} ${scope}`) ?? [])[0];
    if (found) used.add(found);
    return found;
  };
  const findings = RULES.flatMap(({ id, level, find }) =>
    find(complete)
      .flatMap((found) => told(found, (source) => acknowledgementOf(id, source)))
      .map(({ message, source, acknowledged }): CatalogFinding => {
        return { id, level, message, source, ...(acknowledged && { acknowledged: acknowledged.reason }) };
      }),
  );
  const unused = acknowledgements
    .filter((each) => !used.has(each) && !BY_OTHERS.has(each.id))
    .map(
      ({ id, source }): CatalogFinding => ({
        id: UNUSED_ACKNOWLEDGEMENT,
        level: "warning",
        message: `${id} is acknowledged, but nothing is found: remove the acknowledgement`,
        source,
      }),
    );
  const text = ({ id, source, message }: CatalogFinding) => `${id} ${source} ${message}`;
  return [...findings, ...unused].sort(by(text));
}
