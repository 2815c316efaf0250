import { basename } from "node:path";
import { masked } from "./masked";
import { type ServerFile, secretLines, textOf } from "./server-file";

/** The line of a file that a server complains of, counted from 1; undefined if it names none. */
function lineOf(refusal: string, path: string): number | undefined {
  const at = [...refusal.matchAll(/([^\s:']+):(\d+):\d+: /g)].find(
    ([, file = ""]) => basename(file) === basename(path),
  );
  if (at) return Number(at[2]);
  const included = /.*include file '([^']+)', Parse error on line (\d+)/.exec(refusal);
  return included && basename(included[1] ?? "") === basename(path) ? Number(included[2]) : undefined;
}

/**
 * Why a server refuses a file, in its words, with the line that it names: the file is not there any more. Of a line with
 * secrets nothing is said but its number, since the server may quote it.
 */
export function reasonOf(refusal: string, file: ServerFile): string {
  const { path, secrets = "" } = file;
  const line = lineOf(refusal, path);
  const ofSecrets = secretLines(file).split("\n").length - 1;
  if (line !== undefined && line <= ofSecrets) {
    const what = refusal.includes("unknown field")
      ? "a variable that nothing uses"
      : "not one that the server can read";
    return `line ${line} of the secrets is ${what}`;
  }
  const said = masked(refusal, secrets);
  const text = line === undefined ? undefined : textOf(file).split("\n")[line - 1]?.trim();
  return text ? `${said} (line ${Number(line) - ofSecrets} of the accounts: ${masked(text, secrets)})` : said;
}
