import type { Act } from "../analysis/jetstream-api";
import { withoutGroups } from "../analysis/queue-groups";
import type { PermissionLine } from "../analysis/server-model";
import type { Ability, Cell, UserAccess } from "../analysis/user-access";
import { holeText, holeVerb } from "../wording/holes";
import { resourceText } from "../wording/resources";
import { resourcePhrases } from "./access/phrase";
import { groupedText } from "./access/queue-lines";
import { partsByAct, usesOfCell } from "./access/uses";
import { effectiveHoles, reachText } from "./beyond";
import { chosenCatalog } from "./catalog-file";
import { CatalogView } from "./catalog-view";
import { CATALOG_OPTION, type Command } from "./command";
import { connectionRows } from "./connection";
import { ExitStatus } from "./exit-status";
import { columns, counted, listed } from "./layout";
import { plain, reasonTexts, wayText } from "./phrases";

const ORDER: readonly Act[] = ["look", "read", "write", "manage"];

const byAct = (one: Ability, other: Ability) => ORDER.indexOf(one.act) - ORDER.indexOf(other.act);

function abilityRow({ act, by, line, through }: Ability): string[] {
  const way = through.length === 0 ? "" : ` by ${wayText(through)}`;
  const verb = by === "subscribe" ? "subscribes to" : "publishes";
  return [act, `${verb} ${line.pattern}`, `${reasonTexts(line.reasons).join("; ")}${way}`];
}

/** What a user can do to one stream or bucket, in words. */
function cellText({ resource, abilities }: Cell): string {
  const phrases = resourcePhrases(resource, partsByAct(usesOfCell({ resource, abilities })), true);
  const receives = abilities.some(({ by }) => by === "subscribe")
    ? [`receive new messages of the ${resourceText(resource)}`]
    : [];
  return plain([...phrases.map(({ text }) => text), ...receives].join("; "));
}

/** What a user can do, with the lines by which it can; what it can by the same lines is said once. */
function cellLines(cells: readonly Cell[]): string[] {
  const byRows = new Map<string, { readonly rows: string[][]; readonly texts: string[] }>();
  for (const cell of cells) {
    const rows = [...cell.abilities].sort(byAct).map(abilityRow);
    const key = JSON.stringify(rows);
    const known = byRows.get(key) ?? { rows, texts: [] };
    byRows.set(key, known);
    known.texts.push(`  ${cellText(cell)} (${cell.resource.account}, ${cell.resource.owner})`);
  }
  return [...byRows.values()].flatMap(({ rows, texts }) => [...texts, ...columns(rows, "    "), ""]);
}

function otherLines(title: string, lines: readonly PermissionLine[], used: ReadonlySet<PermissionLine>): string[] {
  const rest = withoutGroups(lines).filter((line) => !used.has(line));
  if (rest.length === 0) return [];
  return [
    title,
    ...columns(
      rest.map((line) => [groupedText(line), reasonTexts(line.reasons).join("; ")]),
      "  ",
    ),
    "",
  ];
}

function holeLines(view: CatalogView, access: UserAccess): string[] {
  const name = access.member.user.name;
  return effectiveHoles(view, access).flatMap((hole) => {
    const lines = [...hole.lines].map(({ pattern }) => pattern);
    return [
      `  It can ${holeVerb(hole)} ${plain(reachText(view, access, hole))}:`,
      `    ${plain(holeText(hole, name))}`,
      `    opened by ${listed(lines.length > 3 ? [...lines.slice(0, 3), counted(lines.length - 3, "more line")] : lines)}`,
      "",
    ];
  });
}

/** Everything about one user. */
export const show: Command = {
  name: "show",
  words: ["USER"],
  about: "what a user is, what its clients must set, and what it can do to each stream and bucket, with reasons",
  help: [
    "What a user reaches only through holes of the server, which no permission can close, has a section of its own.",
    "An account of its own for an app (`isolation: Isolation.ACCOUNT`) limits them to what is in that account.",
  ],
  options: CATALOG_OPTION,
  examples: ["show prod-cache", "show monitor --catalog cdktf.out/stacks/prod/catalog.json"],
  run({ words: [name = ""], options }, io) {
    const view = new CatalogView(chosenCatalog(options.catalog, io.cwd));
    const member = view.member(name);
    const user = view.user(member);
    const access = view.accessOf(member);
    const cells = [...access.cells.values()];
    const used = new Set(cells.flatMap(({ abilities }) => abilities.map(({ line }) => line)));
    const holes = holeLines(view, access);
    const { about } = view.account(member.account);
    const lines = [
      name,
      ...columns(
        [
          ["role", user.role],
          ["account", `${member.account} (${about})`],
          ["declared at", user.source],
          ["permissions for", user.clients.join(", ")],
        ],
        "  ",
      ),
      "",
      "Its clients set",
      ...columns(connectionRows(user), "  "),
      "",
      "By its permissions it can",
      ...(cells.length > 0 ? cellLines(cells) : ["  none", ""]),
      ...otherLines("It may also publish", user.publish.allow.length > 0 ? member.permissions.publish : [], used),
      ...otherLines(
        "It may also subscribe to",
        user.subscribe.allow.length > 0 ? member.permissions.subscribe : [],
        used,
      ),
      "Only through holes that permissions cannot close",
      ...(holes.length > 0 ? holes : ["  nothing"]),
    ];
    io.out(`${lines.join("\n").trimEnd()}\n`);
    return ExitStatus.OK;
  },
};
