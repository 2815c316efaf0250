import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Catalog } from "../catalog/catalog";
import { CATALOG_VERSION, catalogFrom } from "../catalog/catalog-text";
import { isInStacks, staleness } from "../catalog/manifest";
import { retiredAt } from "../catalog/retired";
import { grouped } from "../collections/groups";
import { inOrder } from "../collections/order";
import { CatalogView } from "./catalog-view";
import { Refusal } from "./refusal";

const NAME = "catalog.json";
const SYNTH = "Run the program first (`npx tsx main.ts`, `cdktf synth`), or say where it is with --catalog FILE.";

/** The catalogs of all stacks in a folder such as `cdktf.out`: those of its last synth, or else those that are there. */
function catalogsBelow(folder: string): string[] {
  const stacks = join(folder, "stacks");
  if (!existsSync(stacks)) return [];
  const files = readdirSync(stacks).map((stack) => join(stacks, stack, NAME));
  const there = files.filter((file) => existsSync(file)).sort(inOrder);
  const last = there.filter((file) => staleness(file) !== "of an earlier synth");
  return last.length > 0 ? last : there;
}

function only(files: readonly string[], where: string, cwd: string): string {
  const [file, ...others] = files;
  if (file === undefined) throw new Refusal(`no ${NAME} in ${where}`, [SYNTH]);
  if (others.length > 0) {
    const options = files.map((each) => `  --catalog ${relative(cwd, each)}`);
    throw new Refusal(`${files.length} catalogs in ${where}`, ["Choose one:", ...options]);
  }
  return file;
}

/** The file that holds the catalog at a path, which may be a folder with one catalog in it. */
function fileAt(path: string, cwd: string): string {
  const full = resolve(cwd, path);
  if (!existsSync(full)) throw new Refusal(`no such file: ${path}`, [SYNTH]);
  if (!statSync(full).isDirectory()) return full;
  const direct = join(full, NAME);
  return existsSync(direct) ? direct : only(catalogsBelow(full), path, cwd);
}

function isCatalog(value: unknown): value is { readonly [member: string]: unknown } {
  if (typeof value !== "object" || value === null) return false;
  const { platforms, accounts, resources, findings, reasons } = value as { readonly [key: string]: unknown };
  return [platforms, accounts, resources, findings, reasons].every(Array.isArray);
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(`not a catalog, since it is not JSON: ${path}`, [SYNTH]);
  }
}

const staleRefusal = (path: string, why: string) =>
  new Refusal(`${path} is ${why}`, ["Run the program again, or copy the file elsewhere if you want to ask this one."]);

/** The names that several have, of which a catalog of a synth has none. */
function repeated(items: readonly { readonly name: string }[]): string[] {
  return [...grouped(items, ({ name }) => name)].flatMap(([name, same]) => (same.length > 1 ? [name] : []));
}

/** The catalog at a path: a file, or a folder such as `cdktf.out` with one catalog in it. */
export function readCatalog(path: string, cwd: string): Catalog {
  const file = fileAt(path, cwd);
  const stale = staleness(file);
  if (stale) throw staleRefusal(path, stale);
  const value = parsed(readFileSync(file, "utf8"), path);
  const version = typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
  if (version !== undefined && version !== CATALOG_VERSION) {
    throw new Refusal(`a catalog of version ${version}, which this command does not know: ${path}`, [
      `It reads version ${CATALOG_VERSION}. Use the command of the version that wrote the catalog.`,
    ]);
  }
  if (!isCatalog(value) || version === undefined) {
    throw new Refusal(`not a catalog: ${path}`, ["It is the file catalog.json that synth writes beside cdk.tf.json."]);
  }
  const catalog = catalogFrom(value);
  const first = catalog.resources.find(({ address }) => !retiredAt(catalog, address));
  if (first && !isInStacks(file, first.address.replace(/^.*\./, ""))) throw staleRefusal(path, "of an earlier synth");
  const { accounts } = catalog;
  const [twice] = [...repeated(accounts), ...repeated(accounts.flatMap(({ users }) => users))];
  if (twice !== undefined) throw new Refusal(`not a catalog, since it has ${twice} twice: ${path}`, [SYNTH]);
  return catalog;
}

/** The catalog that was asked for, or else the only one in `cdktf.out`, with what follows from it. */
export function chosenCatalog(path: string | undefined, cwd: string): CatalogView {
  const chosen = path ?? only(catalogsBelow(join(cwd, "cdktf.out")), "cdktf.out/stacks", cwd);
  return new CatalogView(readCatalog(chosen, cwd));
}

/** The catalogs near a file: beside it, in the stacks of its output folder, and in `cdktf.out`. */
function catalogsNear(file: string, cwd: string): string[][] {
  const folder = dirname(resolve(cwd, file));
  const stacks = dirname(folder);
  const beside = join(folder, NAME);
  return [
    existsSync(beside) ? [beside] : [],
    basename(stacks) === "stacks" ? catalogsBelow(dirname(stacks)) : [],
    catalogsBelow(join(cwd, "cdktf.out")),
  ];
}

/** The catalog that is near a file, or why there is none. */
export type NearCatalog = { readonly catalog: Catalog } | { readonly why: string; readonly isThere: boolean };

/**
 * The catalog that is near a file: beside it, else the only one in the stacks of its output folder, else the only one in
 * `cdktf.out`.
 */
export function catalogNear(file: string, cwd: string): NearCatalog {
  const [near, ...others] = catalogsNear(file, cwd).find((place) => place.length > 0) ?? [];
  if (near === undefined) return { why: `there is none near ${file}`, isThere: false };
  if (others.length > 0) return { why: `there are ${others.length + 1} near ${file}`, isThere: true };
  try {
    return { catalog: readCatalog(relative(cwd, near), cwd) };
  } catch (error) {
    if (error instanceof Refusal) return { why: error.message, isThere: true };
    throw error;
  }
}
