import type { CatalogAccount, CatalogExport, CatalogImport } from "../../catalog/catalog";
import { by, inOrder } from "../../collections/order";
import { counted, names } from "../../wording/lists";
import type { CatalogView } from "../catalog-view";
import type { Change } from "./change";
import { type Pair, pairs, without } from "./pairs";
import { settingTexts } from "./setting-changes";
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
  const { before, after } = pair;
  if (after && !before) {
    const users = importUsers(view, name, after);
    const by = users.length === 0 ? "nobody there uses it" : `used by ${names(users)}`;
    return [
      { kind: "added", text: `\`${name}\` now imports ${importText(after)}`, users, details: [by], access: true },
    ];
  }
  if (before && !after) {
    return [{ kind: "removed", text: `\`${name}\` no longer imports ${importText(before)}`, access: true }];
  }
  return [];
}

function exportChanges(name: string, { before, after }: Pair<CatalogExport>): Change[] {
  const change = (kind: Change["kind"], text: string) => [{ kind, text: `\`${name}\` ${text}`, access: true }];
  if (after && !before) {
    return change("added", `now exports the ${after.kind} \`${after.subject}\` to ${toWhom(after.accounts)}`);
  }
  if (before && !after) {
    return change(
      "removed",
      `no longer exports the ${before.kind} \`${before.subject}\` to ${toWhom(before.accounts)}`,
    );
  }
  if (!before || !after) return [];
  const what = `the ${after.kind} \`${after.subject}\``;
  const open = after.accounts.length === 0;
  if (open !== (before.accounts.length === 0)) {
    const to = open ? toWhom([]) : `only ${toWhom(after.accounts)}`;
    return change(open ? "added" : "removed", `now exports ${what} to ${to}`);
  }
  const more = without(after.accounts, before.accounts);
  const fewer = without(before.accounts, after.accounts);
  return [
    ...(more.length > 0 ? change("added", `now exports ${what} to ${names(more)} too`) : []),
    ...(fewer.length > 0 ? change("removed", `no longer exports ${what} to ${names(fewer)}`) : []),
  ];
}

function mappingChanges({ before, after }: Pair<CatalogAccount>): Change[] {
  const entries = (account: CatalogAccount | undefined) => Object.entries(account?.mappings ?? {});
  return pairs(entries(before), entries(after), ([source]) => source).flatMap(({ key, before: old, after: now }) => {
    const name = (after ?? before)?.name;
    const change = (kind: Change["kind"], text: string) => [{ kind, text: `\`${name}\` ${text}`, access: true }];
    if (now && !old) return change("added", `now maps \`${key}\` to \`${now[1]}\``);
    if (old && !now) return change("removed", `no longer maps \`${key}\` to \`${old[1]}\``);
    if (old?.[1] === now?.[1]) return [];
    return change("changed", `maps \`${key}\` to \`${now?.[1]}\` instead of \`${old?.[1]}\``);
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
    ...sortedBy(exports, exportKey).map(
      (each) => `${offered} the ${each.kind} \`${each.subject}\` to ${toWhom(each.accounts)}`,
    ),
    ...sortedBy(Object.entries(mappings), ([from]) => from).map(([from, to]) => `${mapped} \`${from}\` to \`${to}\``),
  ];
}

function wholeAccount(view: CatalogView, account: CatalogAccount, kind: "added" | "removed"): Change {
  const { name, about, users, exports, imports, jetStream } = account;
  const parts = [
    counted(users.length, "user"),
    ...(imports.length > 0 ? [counted(imports.length, "import")] : []),
    ...(exports.length > 0 ? [counted(exports.length, "export")] : []),
    jetStream ? "with JetStream" : "without JetStream",
  ];
  const text = `account \`${name}\` ${kind}: ${about}; ${parts.join(", ")}`;
  return { kind, text, details: wholeDetails(view, account, kind), access: true };
}

function fileChanges({ notInFile: before = false }: CatalogAccount, after: CatalogAccount): Change[] {
  const { name, notInFile = false } = after;
  if (before === notInFile) return [];
  const text = `\`${name}\` is ${notInFile ? "no longer" : "now"} part of the accounts file`;
  return [{ kind: notInFile ? "removed" : "added", text, access: true }];
}

function limitChanges({ limits: before }: CatalogAccount, { name, limits: after }: CatalogAccount): Change[] {
  return settingTexts(before, after).map(({ text }) => ({
    kind: "changed",
    text: `\`${name}\`: the limit ${text}`,
    access: false,
  }));
}

function accountChanges(view: CatalogView, pair: Pair<CatalogAccount>): Change[] {
  const { key, before, after } = pair;
  if (!before || !after) {
    return [wholeAccount(view, (after ?? before) as CatalogAccount, after ? "added" : "removed")];
  }
  const jetStream: Change[] =
    before.jetStream !== after.jetStream
      ? [
          {
            kind: after.jetStream ? "added" : "removed",
            text: `\`${key}\` ${after.jetStream ? "now has" : "no longer has"} JetStream`,
            access: true,
          },
        ]
      : [];
  return [
    ...jetStream,
    ...fileChanges(before, after),
    ...limitChanges(before, after),
    ...pairs(before.exports, after.exports, exportKey).flatMap((each) => exportChanges(key, each)),
    ...pairs(before.imports, after.imports, importKey).flatMap((each) => importChanges(view, key, each)),
    ...mappingChanges(pair),
  ];
}

/** What differs in the accounts and between them, and the users that are in another account now. */
export function betweenAccounts(before: CatalogView, after: CatalogView, users: readonly Pair<KnownUser>[]): Change[] {
  const moved = users.flatMap(({ key, before: old, after: now }): Change[] => {
    if (!old || !now || old.account.name === now.account.name) return [];
    const text = `\`${key}\` moved from account \`${old.account.name}\` to \`${now.account.name}\``;
    return [{ kind: "changed", text, users: [key], access: true }];
  });
  const all = pairs(before.catalog.accounts, after.catalog.accounts, ({ name }) => name);
  return [...moved, ...all.flatMap((pair) => accountChanges(after, pair))];
}
