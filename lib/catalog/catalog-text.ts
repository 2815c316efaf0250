import type { Catalog, CatalogLine, CatalogReason, CatalogUser } from "./catalog";

/*
 * In the file, each reason stands once, in `reasons`: the same sentences are behind the lines of thousands of users. A
 * line has the positions there; `[position, source]` where another construct than that of the user gives the reason.
 */

/** The version of the file. */
export const CATALOG_VERSION = 2;

type WrittenReason = number | readonly [position: number, source: string];
type Written<T> = Omit<T, "reasons"> & { readonly reasons: readonly WrittenReason[] };

/** The reasons of a catalog, each once. */
class Reasons {
  public readonly all: { why: string; capability: string }[] = [];
  private readonly positions = new Map<string, number>();

  /** How a reason of a construct's user is written. */
  public write({ why, capability, source }: CatalogReason, of: string): WrittenReason {
    const key = `${capability} ${why}`;
    let position = this.positions.get(key);
    if (position === undefined) {
      position = this.all.push({ why, capability }) - 1;
      this.positions.set(key, position);
    }
    return source === of ? position : [position, source];
  }
}

function eachLine<From, To>(user: { publish: unknown; subscribe: unknown }, change: (line: From) => To) {
  const changed = (direction: unknown) => {
    const { allow, ...rest } = direction as { readonly allow: readonly From[] };
    return { allow: allow.map(change), ...rest };
  };
  return { ...user, publish: changed(user.publish), subscribe: changed(user.subscribe) };
}

/** How long a value may be that stands on one line. */
const WIDTH = 120;

/** JSON on as few lines as are well read, so that a changed fact is a changed line. */
function pretty(value: unknown, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Array.isArray(value)
    ? value.map((each) => pretty(each, `${indent} `))
    : Object.entries(value).flatMap(([name, each]) =>
        each === undefined ? [] : [`${JSON.stringify(name)}: ${pretty(each, `${indent} `)}`],
      );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const flat = `${open}${entries.join(", ")}${close}`;
  if (flat.length <= WIDTH && !flat.includes("\n")) return flat;
  return `${open}\n${entries.map((entry) => `${indent} ${entry}`).join(",\n")}\n${indent}${close}`;
}

/** The content of `catalog.json`. */
export function catalogText({ accounts, ...rest }: Catalog): string {
  const reasons = new Reasons();
  const writtenUser = (user: CatalogUser) =>
    eachLine(user, (line: CatalogLine) => ({
      ...line,
      reasons: line.reasons.map((reason) => reasons.write(reason, user.source)),
    }));
  const written = accounts.map((account) => ({ ...account, users: account.users.map(writtenUser) }));
  return `${pretty({ version: CATALOG_VERSION, ...rest, accounts: written, reasons: reasons.all })}\n`;
}

/** The catalog that a text of this version holds. */
export function catalogFrom({
  reasons,
  accounts,
  version: _,
  ...rest
}: {
  readonly [member: string]: unknown;
}): Catalog {
  const known = reasons as readonly Pick<CatalogReason, "why" | "capability">[];
  const reasonOf = (written: WrittenReason, of: string): CatalogReason => {
    const [position, source] = typeof written === "number" ? [written, of] : written;
    const { why = "", capability = "" } = known[position] ?? {};
    return { why, capability, source };
  };
  const userOf = (user: CatalogUser) =>
    eachLine(user, (line: Written<CatalogLine>) => ({
      ...line,
      reasons: line.reasons.map((written) => reasonOf(written, user.source)),
    }));
  const read = (accounts as Catalog["accounts"]).map((account) => ({ ...account, users: account.users.map(userOf) }));
  return { ...rest, accounts: read } as unknown as Catalog;
}
