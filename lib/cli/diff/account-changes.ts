import type { CatalogAccount, CatalogExport, CatalogImport } from "../../catalog/catalog";
import { by, inOrder } from "../../collections/order";
import { counted, names } from "../../wording/lists";
import type { CatalogView } from "../catalog-view";
import { settingTexts } from "../setting-changes";
import { accessChange, type Change, type ChangeKind, otherChange } from "./change";
import { casesOf, inBoth, type Pair, pairs, without } from "./pairs";
import type { KnownUser } from "./world";

const toWhom = (accounts: readonly string[]) => (accounts.length === 0 ? "every account" : names(accounts));

const exportKey = ({ kind, subject }: CatalogExport) => `${kind} ${subject}`;
const importKey = ({ kind, account, subject, to }: CatalogImport) => `${kind} ${account} ${subject} ${to}`;

function importText({ kind, account, subject, to }: CatalogImport): string {
  const renamed = to === undefined || to === subject ? "" : ` as \`${to}\``;
  return `the ${kind} \`${subject}\` from \`${account}\`${renamed}`;
}

/** Who uses an import: subscribes to what it brings, or publishes what it takes away. */
function importUsers(
  { model }: CatalogView,
  account: string,
  { kind, subject, to = subject }: CatalogImport,
): string[] {
  const local = to.replaceAll(/\$\d+/g, "*");
  const found = kind === "stream" ? model.receivers(account, local) : model.publishers(account, local);
  return [...new Set(found.map(({ member }) => member.user.name))].sort(inOrder);
}

function importChanges(view: CatalogView, name: string, pair: Pair<CatalogImport>): Change[] {
  return casesOf(pair, {
    added: (now) => {
      const users = importUsers(view, name, now);
      const details = [users.length === 0 ? "nobody there uses it" : `used by ${names(users)}`];
      return [accessChange("added", `\`${name}\` now imports ${importText(now)}`, { users, details })];
    },
    removed: (old) => [accessChange("removed", `\`${name}\` no longer imports ${importText(old)}`)],
    changed: () => [],
  });
}

const exportText = ({ kind, subject, accounts }: CatalogExport) => `the ${kind} \`${subject}\` to ${toWhom(accounts)}`;

function exportChanges(name: string, pair: Pair<CatalogExport>): Change[] {
  const now = (each: CatalogExport, more = "") =>
    accessChange("added", `\`${name}\` now exports ${exportText(each)}${more}`);
  const noLonger = (each: CatalogExport) =>
    accessChange("removed", `\`${name}\` no longer exports ${exportText(each)}`);
  return casesOf(pair, {
    added: (each) => [now(each)],
    removed: (each) => [noLonger(each)],
    changed: (before, after) => {
      const { kind, subject, accounts } = after;
      if (before.accounts.length > 0 && accounts.length === 0) return [now(after)];
      if (before.accounts.length === 0 && accounts.length > 0) {
        const text = `now exports the ${kind} \`${subject}\` to only ${toWhom(accounts)}`;
        return [accessChange("removed", `\`${name}\` ${text}`)];
      }
      const more = without(accounts, before.accounts);
      const fewer = without(before.accounts, accounts);
      return [
        ...(more.length > 0 ? [now({ ...after, accounts: more }, " too")] : []),
        ...(fewer.length > 0 ? [noLonger({ ...after, accounts: fewer })] : []),
      ];
    },
  });
}

function mappingChanges({ before, after }: Pair<CatalogAccount>): Change[] {
  const name = (after ?? before)?.name;
  const entries = (account: CatalogAccount | undefined) => Object.entries(account?.mappings ?? {});
  return pairs(entries(before), entries(after), ([source]) => source).flatMap((pair) => {
    const change = (kind: ChangeKind, text: string) => [accessChange(kind, `\`${name}\` ${text}`)];
    return casesOf(pair, {
      added: ([from, to]) => change("added", `now maps \`${from}\` to \`${to}\``),
      removed: ([from, to]) => change("removed", `no longer maps \`${from}\` to \`${to}\``),
      changed: ([from, old], [, to]) =>
        old === to ? [] : change("changed", `maps \`${from}\` to \`${to}\` instead of \`${old}\``),
    });
  });
}

function sortedBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...items].sort(by(keyOf));
}

/** What an account that is in one catalog only has to do with others. */
function wholeDetails(view: CatalogView, account: CatalogAccount, kind: "added" | "removed"): string[] {
  const { name, exports, imports, mappings } = account;
  const [taken, offered, mapped] =
    kind === "added" ? ["imports", "exports", "maps"] : ["imported", "exported", "mapped"];
  const isUnused = (each: CatalogImport) => kind === "added" && importUsers(view, name, each).length === 0;
  return [
    ...sortedBy(imports, importKey).map(
      (each) => `${taken} ${importText(each)}${isUnused(each) ? ", which nobody there uses" : ""}`,
    ),
    ...sortedBy(exports, exportKey).map((each) => `${offered} ${exportText(each)}`),
    ...sortedBy(Object.entries(mappings), ([from]) => from).map(([from, to]) => `${mapped} \`${from}\` to \`${to}\``),
  ];
}

function wholeAccount(view: CatalogView, account: CatalogAccount, kind: "added" | "removed"): Change[] {
  const { name, about, users, exports, imports, jetStream } = account;
  const parts = [
    counted(users.length, "user"),
    ...(imports.length > 0 ? [counted(imports.length, "import")] : []),
    ...(exports.length > 0 ? [counted(exports.length, "export")] : []),
    jetStream ? "with JetStream" : "without JetStream",
  ];
  const text = `account \`${name}\` ${kind}: ${about}; ${parts.join(", ")}`;
  return [accessChange(kind, text, { details: wholeDetails(view, account, kind) })];
}

function fileChanges({ notInFile: before = false }: CatalogAccount, after: CatalogAccount): Change[] {
  const { name, notInFile = false } = after;
  if (before === notInFile) return [];
  const text = `\`${name}\` is ${notInFile ? "no longer" : "now"} part of the accounts file`;
  return [accessChange(notInFile ? "removed" : "added", text)];
}

function jetStreamChanges({ jetStream: before }: CatalogAccount, { name, jetStream }: CatalogAccount): Change[] {
  if (before === jetStream) return [];
  const [kind, has] = jetStream ? (["added", "now has"] as const) : (["removed", "no longer has"] as const);
  return [accessChange(kind, `\`${name}\` ${has} JetStream`)];
}

function limitChanges({ limits: before }: CatalogAccount, { name, limits: after }: CatalogAccount): Change[] {
  return settingTexts(before, after).map(({ text }) => otherChange("changed", `\`${name}\`: the limit ${text}`));
}

function accountChanges(view: CatalogView, pair: Pair<CatalogAccount>): Change[] {
  const { key } = pair;
  return casesOf(pair, {
    added: (now) => wholeAccount(view, now, "added"),
    removed: (old) => wholeAccount(view, old, "removed"),
    changed: (before, after) => [
      ...jetStreamChanges(before, after),
      ...fileChanges(before, after),
      ...limitChanges(before, after),
      ...pairs(before.exports, after.exports, exportKey).flatMap((each) => exportChanges(key, each)),
      ...pairs(before.imports, after.imports, importKey).flatMap((each) => importChanges(view, key, each)),
      ...mappingChanges(pair),
    ],
  });
}

/** Platforms whose plans begin or cease to show what their users may do. */
function entryChanges({ catalog: before }: CatalogView, { catalog: after }: CatalogView): Change[] {
  return inBoth(pairs(before.platforms, after.platforms, ({ name }) => name)).flatMap(
    ({ key, before: old, after: now }) => {
      const [had, has] = [old.accessEntries, now.accessEntries];
      if (had === undefined || has === undefined || had === has) return [];
      if (has) return [accessChange("added", `platform \`${key}\` now has access entries`)];
      const details = [
        "the apply removes them; from then on no plan shows what its users may do, only this command does",
      ];
      return [accessChange("removed", `platform \`${key}\` no longer has access entries`, { details })];
    },
  );
}

/** What differs in the accounts and between them, and the users that are in another account now. */
export function betweenAccounts(before: CatalogView, after: CatalogView, users: readonly Pair<KnownUser>[]): Change[] {
  const moved = inBoth(users).flatMap(({ key, before: old, after: now }) => {
    if (old.account.name === now.account.name) return [];
    const text = `\`${key}\` moved from account \`${old.account.name}\` to \`${now.account.name}\``;
    return [accessChange("changed", text, { users: [key] })];
  });
  const all = pairs(before.catalog.accounts, after.catalog.accounts, ({ name }) => name);
  return [...moved, ...all.flatMap((pair) => accountChanges(after, pair)), ...entryChanges(before, after)];
}
