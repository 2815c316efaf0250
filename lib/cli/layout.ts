import { visible } from "../problems/visible";
import type { Answer } from "../wording/answer";

/** Rows in columns as wide as they must be. Empty cells at the end of a row take no room. */
export function columns(rows: readonly (readonly string[])[], indent = ""): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) => {
    const cells = row.map((cell, index) => cell.padEnd(widths[index] ?? 0));
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
}

function linesOf({ heads, rows: given, parts }: Answer, depth: number): string[] {
  const rows = given.map((row) => row.map(visible));
  const indent = "  ".repeat(Math.max(0, depth - 1));
  return [
    ...heads.map((head) => `${indent}${visible(head)}`),
    ...columns(rows, `${indent}  `),
    ...(depth === 0 ? [""] : []),
    ...parts.flatMap((part) => [...linesOf(part, depth + 1), ...(part.parts.length > 0 ? [] : [""])]),
  ];
}

/** An answer as text: its pieces apart from each other, and details below their headings. */
export function text(answer: Answer): string {
  return `${linesOf(answer, 0).join("\n").trimEnd()}\n`;
}
