import type { Effect } from "./attempt";
import type { ControlResult } from "./controls";
import { FAMILIES } from "./families";
import type { Cell } from "./shape-run";

/** One line of the list of everything that was checked. */
export interface Check {
  readonly title: string;
  readonly failure?: string;
}

/** The sum of some numbers. */
export const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);

/** A table of texts, its columns lined up. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return rows.map((row) => line(row).join("  ").trimEnd()).join("\n");
}

const count = (pins: ReadonlyMap<string, number>) => sum(pins.values());

const figures = ({ attempts, open, pinned }: Cell) =>
  `${attempts}/${open.length}${count(pinned) > 0 ? `+${count(pinned)}` : ""}`;

/** Families by kinds of attackers of one program, each with what was tried, its effects, and the known ones. */
export function programTable(cells: readonly Cell[]): string {
  const kinds = [...new Set(cells.map(({ kind }) => kind))];
  const rows = FAMILIES.map(({ name }) => [
    name,
    ...kinds.map((kind) => {
      const cell = cells.find((each) => each.kind === kind && each.family === name);
      return cell && cell.attempts > 0 ? figures(cell) : "-";
    }),
  ]);
  return table([["tried/effects+known", ...kinds], ...rows]);
}

/** What the controls have shown. */
export function controlTable(results: readonly ControlResult[]): string {
  const rows = results.map(({ family, outcome, failure }) => [
    family,
    outcome ? `${outcome.attempts}/${outcome.effects.length}` : "-",
    failure ?? "",
  ]);
  return table([["controls", "tried/effects", ""], ...rows]);
}

/** An effect in one line. */
export const effectLine = ({ attacker, via, target, stored, kind, account, what }: Effect): string =>
  `${attacker}: ${via ? `answer of ${via} to ` : "to "}${target}${stored ? ` called ${stored}` : ""} => ${kind}, ${account}: ${what}`;

/** The checks of a program: one for each family and kind of attacker. */
export const cellChecks = (cells: readonly Cell[]): Check[] =>
  cells
    .filter(({ attempts }) => attempts > 0)
    .map(({ program, kind, family, open }) => ({
      title: `${program}, ${kind}: ${family}`,
      ...(open.length > 0 && {
        failure: [`${open.length} effects`, ...open.slice(0, 3).map(effectLine)].join("\n    "),
      }),
    }));

/** Why effects are known, with how many there are. */
export function pinLines(cells: readonly Cell[]): string[] {
  const reasons = new Map<string, number>();
  for (const { kind, pinned } of cells) {
    for (const [reason, number] of pinned) {
      const line = `known, ${kind}: ${reason}`;
      reasons.set(line, (reasons.get(line) ?? 0) + number);
    }
  }
  return [...reasons].map(([line, number]) => `${line}: ${number}`);
}

/** All that was tried, what of it had effects that nobody knows, and what had known ones. */
export function totals(cells: readonly Cell[], controls: readonly ControlResult[]): string {
  const tried = sum(cells.map(({ attempts }) => attempts)) + sum(controls.map(({ outcome }) => outcome?.attempts ?? 0));
  const effects = sum(cells.map(({ open }) => open.length));
  return `${tried} tried, ${effects} effects, ${sum(cells.map(({ pinned }) => count(pinned)))} pinned`;
}
