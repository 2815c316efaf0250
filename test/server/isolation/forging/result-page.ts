import { ATTACKER_KINDS } from "./attackers";
import type { ControlResult } from "./controls";
import { FAMILIES } from "./families";
import { pinLines, sum, totals } from "./report";
import type { Cell } from "./shape-run";

/** What came of everything on one version of the server. */
export interface VersionResult {
  readonly version: string;
  readonly controls: readonly ControlResult[];
  readonly cells: readonly Cell[];
}

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}

/** The families that were tried by one kind of attackers, with what was tried, its effects and the known ones, by version. */
function kindTable(kind: string, results: readonly VersionResult[]): string {
  const rows = FAMILIES.flatMap(({ name }) => {
    const figures = results.map(({ cells }) => {
      const same = cells.filter((cell) => cell.kind === kind && cell.family === name);
      const [tried, open, known] = [
        sum(same.map(({ attempts }) => attempts)),
        sum(same.map((cell) => cell.open.length)),
        sum(same.flatMap(({ pinned }) => [...pinned.values()])),
      ];
      return tried === 0 ? "" : `${tried} / ${open} / ${known}`;
    });
    return figures.some((each) => each !== "") ? [[name, ...figures]] : [];
  });
  return markdown(["tried / effects / known", ...results.map(({ version }) => version)], rows);
}

function controlsTable(results: readonly VersionResult[]): string {
  const rows = FAMILIES.map(({ name }) => [
    name,
    ...results.map(({ controls }) => {
      const outcome = controls.find(({ family }) => family === name)?.outcome;
      return outcome ? `${outcome.attempts} / ${outcome.effects.length}` : "";
    }),
  ]);
  return markdown(["tried / effects", ...results.map(({ version }) => version)], rows);
}

/** The page of the docs that says what was tried and what came of it. */
export function resultPage(results: readonly VersionResult[]): string {
  const cells = results.flatMap((each) => each.cells);
  const controls = results.flatMap((each) => each.controls);
  const known = pinLines(cells).map((line) => line.replace(/^known, /, "- "));
  const kinds = ATTACKER_KINDS.filter((kind) => cells.some((cell) => cell.kind === kind));
  return `# Isolation attacks

\`npm run test:isolation\` writes this page. It attacks the accounts of three programs, and accounts written by hand, each on
nats-server ${results.map(({ version }) => version).join(", ")}: ${totals(cells, controls)}.

**How.** An attacker may do everything in one account, or is a generated user with its permissions. It makes messages in every way
that the server has: the families below. It leads each into every import, export and mapping of its account, into the JetStream
API, and into inboxes. Where it can, it gives them names and contents that mean something in other accounts: requests to their
JetStream API, their messages, keys and acknowledgements, their inboxes and APIs. All of this is generated from the accounts.
Before and after, everything in every other account is compared: streams, messages, consumers. Every message that reaches another
account is looked at, and every answer to the attacker is searched for secrets of the others. An effect is whatever the exports
and imports do not plainly allow.

**What is known** and accepted, with how often it was seen:

${known.join("\n")}

## Each family works where there is a fault

The same attacks on accounts that have the fault: JetStream and imports in one account, or an import that the attack is not told
of. A family without effect there would prove nothing elsewhere. Two have none on any version: the server refuses a source whose
external API is the account's own, and a call whose answer is to go into another call.

${controlsTable(results)}

${kinds.map((kind) => `## By ${TITLES[kind]}\n\n${kindTable(kind, results)}`).join("\n\n")}
`;
}

const TITLES: { readonly [kind in (typeof ATTACKER_KINDS)[number]]: string } = {
  "app with JetStream": "whoever may do everything in the account for an isolated app's data",
  "app without JetStream": "whoever may do everything in the account for an isolated app's messages",
  "user of an app": "the generated users of isolated apps",
  MONITOR: "whoever may do everything in MONITOR",
  ACCESS: "whoever may do everything in ACCESS",
  "access documents": "whoever may do everything in the account of a platform's access documents",
  platform: "whoever may do everything in the platform's account",
};
