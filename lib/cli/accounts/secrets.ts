import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { settingText } from "../../server-config/server-syntax";
import { names } from "../../wording/lists";
import { Refusal } from "../refusal";
import { entriesIn } from "./entry-lines";

/** The value of a variable; undefined or empty where there is none. */
export type Secrets = (variable: string) => string | undefined;

/** What names the environment in place of a file or folder. */
const ENVIRONMENT = "env";

const LINE = /^\s*(?:export\s+)?([A-Za-z_][\w-]*)=(.*)$/;

const withoutQuotes = (text: string) => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;

/** The variable on a line, with its value. */
function variableOn(line: string): [name: string, value: string] | undefined {
  const [, name, value = ""] = LINE.exec(line) ?? [];
  return name === undefined ? undefined : [name, withoutQuotes(value)];
}

/** The value of a variable in a folder that has a file for each, as a mounted secret of Kubernetes. */
function valueIn(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, "utf8").replace(/\r?\n$/, "") : undefined;
}

/**
 * The values of variables.
 *
 * @param path a file with a line `NAME=value` for each, a folder with a file for each, or `env` for the environment
 * @throws a refusal where there is no such file, or a line of it is none; no value is told
 */
export function secretsAt(path: string, cwd: string): Secrets {
  if (path === ENVIRONMENT) return (name) => process.env[name];
  const source = resolve(cwd, path);
  if (!existsSync(source)) throw new Refusal(`no such file or folder: ${path}`);
  if (statSync(source).isDirectory()) return (name) => valueIn(source, name);
  const values = new Map(entriesIn(source, path, variableOn, "NAME=value"));
  return (name) => values.get(name);
}

/** The line of the server's configuration that gives a variable its value. */
export const secretLine = (name: string, value: string): string => `${name}: ${settingText(value)}\n`;

/**
 * The lines of the server's configuration that give variables their values.
 *
 * @param path where the values are, as `secretsAt` takes it
 * @param variables those that are needed; what there is besides is left out, since a server refuses what nothing uses
 * @throws a refusal where one is missing, or empty; no value is told
 */
export function secretLinesFrom(path: string, cwd: string, variables: readonly string[]): string {
  const secrets = secretsAt(path, cwd);
  const missing = variables.filter((name) => !secrets(name));
  if (missing.length > 0) {
    throw new Refusal(`${path} lacks ${names(missing)}`, [
      "The accounts file names these variables: give each a value.",
    ]);
  }
  return variables.map((name) => secretLine(name, secrets(name) ?? "")).join("");
}
