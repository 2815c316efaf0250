import { type Analyzed, effectiveHoles } from "../analysis/beyond";
import { withoutGroups } from "../analysis/queue-groups";
import type { Cell, UserAccess } from "../analysis/user-access";
import type { CatalogAccount, CatalogLine, CatalogUser } from "../catalog/catalog";
import { valueAt } from "../collections/groups";
import { type Answer, answer } from "./answer";
import { abilityRows, cellText } from "./cell";
import { connectionRows } from "./connection";
import { holeRows, holeVerb, reachText } from "./hole-text";
import { plain } from "./lists";
import { groupedText, reasonTexts } from "./reasons";
import { ownerText } from "./resources";

/** What a user can do, with the lines by which it can; what it can by the same lines is said once. */
function cellParts(cells: readonly Cell[]): Answer[] {
  const byRows = new Map<string, { readonly rows: string[][]; readonly heads: string[] }>();
  for (const cell of cells) {
    const rows = abilityRows(cell);
    const { heads } = valueAt(byRows, JSON.stringify(rows), () => ({ rows, heads: [] }));
    heads.push(`${cellText(cell)} (${cell.resource.account}, ${ownerText(cell.resource)})`);
  }
  return [...byRows.values()].map((each) => ({ ...each, parts: [] }));
}

function otherPart(head: string, lines: readonly CatalogLine[], used: ReadonlySet<CatalogLine>): Answer[] {
  const rest = withoutGroups(lines).filter((line) => !used.has(line));
  const rows = rest.map((line) => [groupedText(line), reasonTexts(line.reasons).join("; ")]);
  return rows.length > 0 ? [answer(head, rows)] : [];
}

function holeParts(known: Analyzed, access: UserAccess): Answer[] {
  return effectiveHoles(known, access).map((hole) => {
    const head = `It can ${holeVerb(hole)} ${plain(reachText(known, access, hole))}:`;
    return answer(head, holeRows(hole, access.member.user.name));
  });
}

/** A piece with pieces of its own, or a word where there are none. */
const orElse = (head: string, parts: readonly Answer[], word: string): Answer =>
  answer(head, parts.length > 0 ? [] : [[word]], parts);

/** Everything about one user. */
export function userAnswer(
  known: Analyzed,
  access: UserAccess,
  user: CatalogUser,
  { name, about }: Pick<CatalogAccount, "name" | "about">,
): Answer {
  const cells = [...access.cells.values()];
  const used = new Set(cells.flatMap(({ abilities }) => abilities.map(({ line }) => line)));
  const { publish, subscribe } = access.member.permissions;
  const rows = [
    ["role", user.role],
    ["account", `${name} (${about})`],
    ["declared at", user.source],
    ["permissions for", user.clients.join(", ")],
  ];
  return answer(user.name, rows, [
    answer("Its clients set", connectionRows(user)),
    orElse("By its permissions it can", cellParts(cells), "none"),
    ...otherPart("It may also publish", user.publish.allow.length > 0 ? publish : [], used),
    ...otherPart("It may also subscribe to", user.subscribe.allow.length > 0 ? subscribe : [], used),
    orElse("Only through holes that permissions cannot close", holeParts(known, access), "nothing"),
  ]);
}
