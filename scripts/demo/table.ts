import type { Resources } from "../../test/support/provider/apply";

const KINDS = [
  ["Key-value bucket", "jetstream_kv_bucket"],
  ["Stream", "jetstream_stream"],
  ["Consumer", "jetstream_consumer"],
] as const;

/** What a stack makes, one row for each resource: kind, name, subjects. */
export function resourceRows({ resource = {} }: Resources): string[][] {
  return KINDS.flatMap(([kind, type]) =>
    Object.entries(resource[type] ?? {}).map(([label, { name, subjects }]) => [
      String(name).startsWith("OBJ_") ? "Object store" : kind,
      label,
      ((subjects as string[] | undefined) ?? [`$KV.${label}.>`]).join("  "),
    ]),
  );
}

/** Rows below one another, each column as wide as it must be. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  return [header, widths.map((width) => "─".repeat(width)), ...rows].map(line).join("\n");
}
