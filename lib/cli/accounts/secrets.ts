import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { settingText } from "../../server-config/server-syntax";
import { names } from "../../wording/lists";
import { Refusal } from "../refusal";

const LINE = /^\s*(?:export\s+)?([A-Za-z_][\w-]*)=(.*)$/;

const withoutQuotes = (text: string) => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;

/** The values in a file: a line each, `NAME=value`; empty lines and those that begin with `#` are none. */
function valuesIn(file: string, path: string): ReadonlyMap<string, string> {
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  return new Map(
    lines.flatMap((line, index): [string, string][] => {
      if (line.trim() === "" || line.trim().startsWith("#")) return [];
      const [, name, value = ""] = LINE.exec(line) ?? [];
      if (name === undefined) throw new Refusal(`line ${index + 1} of ${path} is no NAME=value`);
      return [[name, withoutQuotes(value)]];
    }),
  );
}

/** The value of a variable in a folder that has a file for each, as a mounted secret of Kubernetes. */
function valueIn(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, "utf8").replace(/\r?\n$/, "") : undefined;
}

/**
 * The lines of the server's configuration that give variables their values.
 *
 * @param path a file with a line `NAME=value` for each, or a folder with a file for each
 * @param variables those that are needed; what there is besides is left out, since a server refuses what nothing uses
 * @throws a refusal where one is missing, or empty; no value is told
 */
export function secretLinesFrom(path: string, cwd: string, variables: readonly string[]): string {
  const source = resolve(cwd, path);
  if (!existsSync(source)) throw new Refusal(`no such file or folder: ${path}`);
  const isFolder = statSync(source).isDirectory();
  const values = isFolder ? undefined : valuesIn(source, path);
  const given = (name: string) => (values ? values.get(name) : valueIn(source, name));
  const missing = variables.filter((name) => !given(name));
  if (missing.length > 0) {
    throw new Refusal(`${path} lacks ${names(missing)}`, [
      "The accounts file names these variables: give each a value.",
    ]);
  }
  return variables.map((name) => `${name}: ${settingText(given(name) ?? "")}\n`).join("");
}
