import type { Hole } from "../analysis/holes";
import type { Act } from "../analysis/jetstream-api";
import type { CatalogResource } from "../catalog/catalog";
import { holeText } from "../wording/hole-text";
import { plain } from "../wording/lists";

/** What acts are called. */
export const ACT_NAMES: { readonly [act in Act]: { readonly letter: string; readonly verb: string } } = {
  look: { letter: "L", verb: "looks at the configuration" },
  read: { letter: "R", verb: "reads" },
  write: { letter: "W", verb: "writes" },
  manage: { letter: "M", verb: "manages" },
};

/** What kinds of resources are called in little space. */
export const TAGS: { readonly [kind in CatalogResource["kind"]]: string } = {
  stream: "STR",
  keyValue: "KV",
  objectStore: "OBJ",
};

/** Subjects with those of JetStream behind all others: where only the first are shown, these say more. */
export function apiLast(subjects: readonly string[]): string[] {
  const rank = (subject: string) => Number(subject.startsWith("$"));
  return [...subjects].sort((one, other) => rank(one) - rank(other));
}

/** How a hole works, as a sentence. */
export function holeSentence(hole: Hole, self: string): string {
  const text = `${plain(holeText(hole, self))}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
