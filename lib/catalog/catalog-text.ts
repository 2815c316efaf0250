import { valueAt } from "../collections/groups";
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
    const position = valueAt(this.positions, `${capability} ${why}`, () => this.all.push({ why, capability }) - 1);
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

/** A list whose items are made one by one, since all of them would take much memory. */
class Lazy<T, U> {
  public constructor(
    private readonly items: readonly T[],
    private readonly change: (item: T) => U,
  ) {}

  public *[Symbol.iterator](): Iterator<U> {
    for (const item of this.items) yield this.change(item);
  }
}

const isPlain = (value: unknown) => typeof value !== "object" || value === null;

/** Whether a value holds nothing that holds something, but for lists of plain values. */
const isFlat = (value: object) =>
  Object.values(value).every((each) => isPlain(each) || (Array.isArray(each) && each.flat().every(isPlain)));

/** Adds JSON to a text, on as few lines as are well read, so that a changed fact is a changed line. */
function write(value: unknown, indent: string, text: string[]): void {
  const lazy = value instanceof Lazy;
  const flat = isPlain(value) || (!lazy && isFlat(value as object)) ? JSON.stringify(value) : undefined;
  if (flat !== undefined && (isPlain(value) || flat.length <= WIDTH)) {
    text.push(flat);
    return;
  }
  const list = lazy || Array.isArray(value);
  const members: Iterable<unknown> = list ? (value as Iterable<unknown>) : Object.entries(value as object);
  const open = list ? "[" : "{";
  let separator = open;
  for (const member of members) {
    const [name, each] = list ? [undefined, member] : (member as [string, unknown]);
    if (each === undefined) continue;
    text.push(`${separator}\n${indent} `, name === undefined ? "" : `${JSON.stringify(name)}: `);
    const part: string[] = lazy ? [] : text;
    write(each, `${indent} `, part);
    if (lazy) text.push(part.join(""));
    separator = ",";
  }
  text.push(separator === open ? open : `\n${indent}`, list ? "]" : "}");
}

/** A catalog as it is written; its users are made as they are written, which completes the reasons. */
function written({ accounts, ...rest }: Catalog) {
  const reasons = new Reasons();
  const user = (user: CatalogUser) =>
    eachLine(user, (line: CatalogLine) => ({
      ...line,
      reasons: line.reasons.map((reason) => reasons.write(reason, user.source)),
    }));
  const withUsers = accounts.map((account) => ({ ...account, users: new Lazy(account.users, user) }));
  return { version: CATALOG_VERSION, ...rest, accounts: withUsers, reasons: reasons.all };
}

/** What `catalog.json` holds, as one value. */
export function writtenCatalog(catalog: Catalog): object {
  const lazy = written(catalog);
  return { ...lazy, accounts: lazy.accounts.map((account) => ({ ...account, users: [...account.users] })) };
}

/** The content of `catalog.json`. */
export function catalogText(catalog: Catalog): string {
  const text: string[] = [];
  write(written(catalog), "", text);
  return `${text.join("")}\n`;
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
  return { consumers: [], ...rest, accounts: read } as unknown as Catalog;
}
