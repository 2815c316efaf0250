import { counted, listed } from "../../wording/lists";
import type { CatalogView } from "../catalog-view";
import { gained, lost, userPairs } from "./access-changes";
import { betweenAccounts } from "./account-changes";
import type { Change, Report } from "./change";
import { clientChanges } from "./client-changes";
import { consumerChanges } from "./consumer-changes";
import { findingChanges } from "./finding-changes";
import { beyondPermissions } from "./hole-changes";
import { identityChanges } from "./identity-changes";
import { lineChanges } from "./line-changes";
import { resourceChanges } from "./resource-changes";
import { riskChanges } from "./risk-changes";

type Sections = Report["sections"];

const usersIn = (changes: readonly Change[]) => new Set(changes.flatMap(({ users = [] }) => users)).size;

function summaryOf(sections: Sections, accessChanged: boolean): string {
  const all = Object.values(sections).flat();
  if (all.length === 0) return "Nothing differs.";
  const { risks, gained: more, lost: less, identities, accounts, findings, resources, clients } = sections;
  const news = findings.filter(({ kind }) => kind === "added").length;
  const verb = (count: number, text: string) => (count === 1 ? text : text.slice(0, -1));
  const parts = [
    ...(risks.length > 0 ? [`${counted(risks.length, "change")} ${verb(risks.length, "puts")} data at risk`] : []),
    ...(usersIn(more) > 0 ? [`${counted(usersIn(more), "user")} ${verb(usersIn(more), "gains")} access`] : []),
    ...(usersIn(less) > 0 ? [`${counted(usersIn(less), "user")} ${verb(usersIn(less), "loses")} access`] : []),
    ...(identities.length > 0
      ? [`${counted(identities.length, "user")} ${verb(identities.length, "proves")} otherwise who it is`]
      : []),
    ...(accounts.length > 0 ? [`${counted(accounts.length, "change")} between accounts`] : []),
    ...(news > 0 ? [counted(news, "new finding")] : []),
    ...(resources.length > 0 ? [`${counted(resources.length, "change")} of streams and buckets`] : []),
    ...(clients.length > 0 ? [`${counted(clients.length, "client setting")} to change`] : []),
  ];
  const text = listed(parts);
  const first = text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  if (!accessChanged) return `Nobody's access differs. ${first}`.trim();
  return first === "" ? "Only lines differ that give nobody more or less." : first;
}

/** What differs between two catalogs. */
export function compare(old: CatalogView, now: CatalogView): Report {
  const users = userPairs(old, now);
  const sections: Sections = {
    risks: riskChanges(old, now),
    gained: gained(users),
    lost: lost(users),
    identities: identityChanges(users),
    accounts: betweenAccounts(old, now, users),
    beyond: beyondPermissions(users),
    findings: findingChanges(old.catalog.findings, now.catalog.findings),
    resources: [...resourceChanges(old, now), ...consumerChanges(old, now)],
    clients: clientChanges(users),
    lines: lineChanges(users),
  };
  const accessChanged = Object.values(sections).some((changes: readonly Change[]) =>
    changes.some((each) => each.access),
  );
  const dataAtRisk = sections.risks.length > 0;
  return { accessChanged, dataAtRisk, summary: summaryOf(sections, accessChanged), sections };
}
