import type { CatalogFinding } from "../../catalog/catalog";
import { type Change, type ChangeKind, otherChange } from "./change";
import { inBoth, pairs, without } from "./pairs";

const fullKey = ({ id, source, message }: CatalogFinding) => `${id} ${source} ${message}`;

/**
 * Findings under keys by which those of two catalogs are paired: one that says the same as one of the others, and
 * otherwise one in the same place after another of its id.
 */
function keyed(findings: readonly CatalogFinding[], others: readonly CatalogFinding[]) {
  const same = new Set(others.map(fullKey));
  const counts = new Map<string, number>();
  return findings.map((finding) => {
    if (same.has(fullKey(finding))) return { key: fullKey(finding), finding };
    const place = `${finding.id} ${finding.source}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    return { key: `${place}\n${count}`, finding };
  });
}

const idAndText = ({ id, message }: CatalogFinding) => `${id}: ${message}`;

function detailsOf({ source, acknowledged }: CatalogFinding): string[] {
  return [`at ${source}`, ...(acknowledged === undefined ? [] : [`acknowledged: ${acknowledged}`])];
}

const changeOf = (kind: ChangeKind, text: string, finding: CatalogFinding) =>
  otherChange(kind, `${text}${idAndText(finding)}`, { details: detailsOf(finding) });

function differs(before: CatalogFinding, after: CatalogFinding): Change[] {
  const texts = [
    ...(before.message === after.message && before.level === after.level ? [] : [`now ${after.level} `]),
    ...(before.acknowledged === after.acknowledged
      ? []
      : [after.acknowledged === undefined ? "no longer acknowledged: " : "acknowledged: "]),
  ];
  return texts.map((text) => changeOf("changed", text, after));
}

/** What a program is newly told of, errors first, what is said otherwise or acknowledged, and what is gone. */
export function findingChanges(before: readonly CatalogFinding[], after: readonly CatalogFinding[]): Change[] {
  const all = pairs(keyed(before, after), keyed(after, before), ({ key }) => key);
  const fresh = all.flatMap(({ before: old, after: now }) => (now && !old ? [now.finding] : []));
  const gone = all.flatMap(({ before: old, after: now }) => (old && !now ? [old.finding] : []));
  const errors = fresh.filter(({ level }) => level === "error");
  return [
    ...[...errors, ...without(fresh, errors)].map((each) => changeOf("added", `new ${each.level} `, each)),
    ...inBoth(all).flatMap(({ before: old, after: now }) => differs(old.finding, now.finding)),
    ...gone.map((each) => changeOf("removed", `gone: ${each.level} `, each)),
  ];
}
