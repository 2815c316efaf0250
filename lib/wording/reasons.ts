import type { Grouped } from "../analysis/queue-groups";
import type { CatalogReason } from "../catalog/catalog";
import { valueAt } from "../collections/groups";

/** The reasons for a line, each once, with the capabilities and constructs that it comes from. */
export function reasonTexts(reasons: readonly CatalogReason[]): string[] {
  const byWhy = new Map<string, Set<string>>();
  for (const { why, capability, source } of reasons) {
    const from = valueAt(byWhy, why, () => new Set());
    if (capability !== "") from.add(capability);
    if (source !== "") from.add(source);
  }
  return [...byWhy].map(([why, from]) => {
    const names = [...from].sort((one, other) => Number(one.includes("/")) - Number(other.includes("/")));
    return names.length > 0 ? `${why} (${names.join(", ")})` : why;
  });
}

/** A subject with its queue group in words. */
export function groupedText({ subject, queue }: Grouped): string {
  return queue === undefined ? subject : `${subject} in the queue group ${queue}`;
}
