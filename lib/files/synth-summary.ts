import { join, posix, relative } from "node:path";
import type { CatalogFinding } from "../catalog/catalog";
import { visible } from "../problems/visible";
import { counted, listed } from "../wording/lists";

/**
 * Who tells what a synth did, or does not want to hear it: the `cdktf` command (which says where to write to, and prints
 * findings itself) and runners of tests.
 */
const TOLD_BY = ["CDKTF_OUTDIR", "JEST_WORKER_ID", "VITEST", "NODE_TEST_CONTEXT"];

/** What a synth wrote and found, in a few lines for a terminal. */
export function summaryText(
  outdir: string,
  paths: readonly string[],
  findings: readonly CatalogFinding[],
  cwd = process.cwd(),
): string {
  const [folder = ""] = paths.map((path) => posix.dirname(path)).sort((one, other) => one.length - other.length);
  const direct = paths.filter((path) => posix.dirname(path) === folder).map((path) => posix.basename(path));
  const others = paths.length - direct.length;
  const full = join(outdir, folder);
  const near = relative(cwd, full) || ".";
  const where = near.startsWith("..") ? full : near;
  const written = [...direct, ...(others > 0 ? [`${counted(others, "file")} in accounts`] : [])];
  return `NATS platform: wrote ${listed(written)} to ${visible(where)}\n${findingsText(findings, paths)}`;
}

function findingsText(findings: readonly CatalogFinding[], paths: readonly string[]): string {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  if (open.length === 0) return "";
  const ids = [...new Set(open.map(({ id }) => id))];
  const report = paths.some((path) => path.endsWith("report.html")) ? "; report.html has them" : "";
  return `  ${counted(open.length, "warning")} (${ids.join(", ")})${report}\n`;
}

/** Says on standard error what a synth wrote and found, unless somebody else does. */
export function tellSummary(outdir: string, paths: readonly string[], findings: readonly CatalogFinding[]): void {
  if (TOLD_BY.some((variable) => (process.env[variable] ?? "") !== "") || process.env.NODE_ENV === "test") return;
  console.error(summaryText(outdir, paths, findings).trimEnd());
}
