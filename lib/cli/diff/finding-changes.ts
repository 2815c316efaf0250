import type { CatalogFinding } from "../../catalog/catalog";
import { type Change, type ChangeKind, otherChange } from "./change";
import { inBoth, pairs, without } from "./pairs";

/** The same finding before and after, whatever it says now: one in the same place after another of its id. */
function numbered(findings: readonly CatalogFinding[]): { readonly key: string; readonly finding: CatalogFinding }[] {
  const counts = new Map<string, number>();
  return findings.map((finding) => {
    const place = `${finding.id} ${finding.source}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    return { key: `${place} ${count}`, finding };
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
  const all = pairs(numbered(before), numbered(after), ({ key }) => key);
  const fresh = all.flatMap(({ before: old, after: now }) => (now && !old ? [now.finding] : []));
  const gone = all.flatMap(({ before: old, after: now }) => (old && !now ? [old.finding] : []));
  const errors = fresh.filter(({ level }) => level === "error");
  return [
    ...[...errors, ...without(fresh, errors)].map((each) => changeOf("added", `new ${each.level} `, each)),
    ...inBoth(all).flatMap(({ before: old, after: now }) => differs(old.finding, now.finding)),
    ...gone.map((each) => changeOf("removed", `gone: ${each.level} `, each)),
  ];
}
