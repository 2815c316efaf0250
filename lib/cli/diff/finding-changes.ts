import type { CatalogFinding } from "../../catalog/catalog";
import type { Change } from "./change";
import { pairs } from "./pairs";

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

function differs(before: CatalogFinding, after: CatalogFinding): Change[] {
  const changed = (text: string): Change => ({ kind: "changed", text, details: detailsOf(after), access: false });
  return [
    ...(before.message === after.message && before.level === after.level
      ? []
      : [changed(`now ${after.level} ${idAndText(after)}`)]),
    ...(before.acknowledged === after.acknowledged
      ? []
      : [
          changed(
            `${after.acknowledged === undefined ? "no longer acknowledged" : "acknowledged"}: ${idAndText(after)}`,
          ),
        ]),
  ];
}

/** What a program is newly told of, errors first, what is said otherwise or acknowledged, and what is gone. */
export function findingChanges(before: readonly CatalogFinding[], after: readonly CatalogFinding[]): Change[] {
  const all = pairs(numbered(before), numbered(after), ({ key }) => key);
  const fresh = all.flatMap(({ before: old, after: now }) => (now && !old ? [now.finding] : []));
  const gone = all.flatMap(({ before: old, after: now }) => (old && !now ? [old.finding] : []));
  const isError = ({ level }: CatalogFinding) => level === "error";
  const added = (finding: CatalogFinding): Change => {
    return {
      kind: "added",
      text: `new ${finding.level} ${idAndText(finding)}`,
      details: detailsOf(finding),
      access: false,
    };
  };
  const removed = (finding: CatalogFinding): Change => {
    return {
      kind: "removed",
      text: `gone: ${finding.level} ${idAndText(finding)}`,
      details: detailsOf(finding),
      access: false,
    };
  };
  return [
    ...fresh.filter(isError).map(added),
    ...fresh.filter((finding) => !isError(finding)).map(added),
    ...all.flatMap(({ before: old, after: now }) => (old && now ? differs(old.finding, now.finding) : [])),
    ...gone.map(removed),
  ];
}
