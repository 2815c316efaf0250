import type { Direction } from "../access/grant";
import type { Act } from "../analysis/jetstream-api";
import { ACTS } from "../analysis/level";
import type { CatalogLine, CatalogResource } from "../catalog/catalog";
import { addTo, valueAt } from "../collections/groups";
import { inOrder } from "../collections/order";
import { listed } from "./lists";
import { type Part, partsText } from "./parts";

/** Something that a user can do, to be read behind "can". */
export interface Phrase {
  readonly text: string;
  /** How important it is; lower is more. */
  readonly rank: number;
}

const VERBS: { readonly [act in Act]: string } = {
  look: "see the configuration of",
  read: "read",
  write: "write",
  manage: "manage",
};

/** What somebody does with parts of one stream, by the act. */
export type PartsByAct = ReadonlyMap<Act, readonly Part[]>;

/** Phrases for one stream or bucket: acts on the same parts are one phrase, and to look is not worth one beside others. */
export function resourcePhrases(resource: CatalogResource, parts: PartsByAct, own: boolean): Phrase[] {
  const byObject = new Map<string, Act[]>();
  for (const act of ACTS) {
    const these = parts.get(act) ?? [];
    if (these.length === 0 || (act === "look" && parts.size > 1)) continue;
    addTo(byObject, partsText(these, resource), act);
  }
  return [...byObject].map(([object, acts]) => ({
    text: `${listed(acts.map((act) => VERBS[act]))} ${object}`,
    rank: (own ? 10 : 0) + ACTS.length - Math.max(...acts.map((act) => ACTS.indexOf(act))),
  }));
}

interface LineVerb {
  readonly verb: string;
  readonly why?: string;
  readonly rank: number;
}

function lineVerb({ subject: pattern, reasons }: CatalogLine, direction: Direction): LineVerb {
  const is = (name: string) => reasons.some(({ capability }) => capability === name);
  if (direction === "publish" && is("service.call")) return { verb: "call", rank: 5 };
  if (direction === "publish" && is("service.reply")) return { verb: "answer callers under", rank: 20 };
  if (direction === "subscribe" && is("service.serve")) return { verb: "answer calls of", rank: 15 };
  if (direction === "subscribe" && pattern.startsWith("_INBOX")) return { verb: "receive replies under", rank: 21 };
  const why = [...new Set(reasons.map((reason) => reason.why))].join("; ");
  return { verb: direction === "publish" ? "publish" : "receive", ...(why !== "" && { why }), rank: 6 };
}

const lineText = ({ subject: pattern, queue }: CatalogLine) =>
  queue === undefined ? `\`${pattern}\`` : `\`${pattern}\` in the queue group \`${queue}\``;

/** Phrases for lines: those of the same purpose are one. */
export function linePhrases(lines: readonly CatalogLine[], direction: Direction): Phrase[] {
  const byPurpose = new Map<string, { readonly of: LineVerb; readonly names: string[] }>();
  for (const line of lines) {
    const of = lineVerb(line, direction);
    const { names } = valueAt(byPurpose, `${of.verb}|${of.why}`, () => ({ of, names: [] }));
    names.push(lineText(line));
  }
  return [...byPurpose.values()].map(({ of: { verb, why, rank }, names }) => ({
    text: `${verb} ${listed(names.sort(inOrder))}${why === undefined ? "" : ` (${why})`}`,
    rank,
  }));
}
