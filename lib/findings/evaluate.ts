import type { Catalog, CatalogFinding } from "../catalog/catalog";
import { by } from "../naming/order";
import type { Acknowledgement } from "./finding";
import { RULES } from "./rules";

const isBelow = (path: string, scope: string) => scope === "" || path === scope || path.startsWith(`${scope}/`);

/** The id of what is found about acknowledgements themselves. */
export const UNUSED_ACKNOWLEDGEMENT = "NP010";

/** What is found in a program, sorted by id and construct, each with the acknowledgement that holds for it. */
export function evaluate(
  catalog: Omit<Catalog, "findings">,
  acknowledgements: readonly Acknowledgement[],
): CatalogFinding[] {
  const complete = { ...catalog, findings: [] };
  const used = new Set<Acknowledgement>();
  const findings = RULES.flatMap(({ id, level, find }) =>
    find(complete).map(({ message, source }): CatalogFinding => {
      const acknowledged = acknowledgements.find((each) => each.id === id && isBelow(source, each.source));
      if (acknowledged) used.add(acknowledged);
      return { id, level, message, source, ...(acknowledged && { acknowledged: acknowledged.reason }) };
    }),
  );
  const unused = acknowledgements
    .filter((each) => !used.has(each))
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
