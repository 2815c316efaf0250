import type { Resources } from "../tools/provider/apply";

const KINDS = [
  ["KV_", "Key-value bucket"],
  ["OBJ_", "Object store"],
  ["", "Stream"],
] as const;

/** What a stack makes that holds data, one row for each: kind, name, subjects. */
export function resourceRows({ resource = {} }: Resources): string[][] {
  const streams = Object.entries(resource.jetstream_stream ?? {});
  const kindOf = (stream: string) => KINDS.find(([prefix]) => stream.startsWith(prefix));
  return KINDS.flatMap((kind) =>
    streams
      .filter(([, { name }]) => kindOf(String(name)) === kind)
      .map(([label, { subjects }]) => [kind[1], label, (subjects as string[]).join("  ")]),
  );
}

/** Rows below one another, each column as wide as it must be. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  return [header, widths.map((width) => "─".repeat(width)), ...rows].map(line).join("\n");
}
