import { valueAt } from "../collections/groups";
import { inOrder } from "../collections/order";
import { SYSTEM_ACCOUNT } from "../naming/names";
import {
  exportSettings,
  importSettings,
  jetStreamSettings,
  limitSettings,
  subjectSettings,
  userSettings,
} from "./account-settings";
import { type FileAccount, type FileLine, type FileUser, hasSystem } from "./file-account";
import { comment, nameText, type Settings, settingText, settingTexts, Variable } from "./server-syntax";

const indent = (lines: readonly string[]) => lines.map((line) => (line === "" ? line : `  ${line}`));

/** How far to the right comments are lined up; a longer line has its comment right behind it. */
const MAX_WIDTH = 60;

/** Lines with a comment behind each, the comments below one another. */
function commented(lines: readonly (readonly [line: string, why: string | undefined])[]): string[] {
  const width = Math.min(MAX_WIDTH, Math.max(0, ...lines.map(([line]) => line.length)));
  return lines.map(([line, why]) => (why === undefined ? line : `${line.padEnd(width)}  ${comment(why)}`));
}

function subjectLines(name: string, subjects: readonly FileLine[]): string[] {
  if (subjects.length === 0) return [`${name}: ${settingText(subjectSettings([]))}`];
  const lines = subjects.map(({ text, why }) => [settingText(text), why] as const);
  return [`${name}: [`, ...indent(commented(lines)), "]"];
}

/** The construct paths behind a user's permissions, as a comment. */
const declaredBy = (user: FileUser): string =>
  `declared by ${user.declaredBy.map((source) => `[${source}]`).join(" ")}`;

const permissionLines = ({ publish, subscribe }: FileUser): string[] =>
  indent([...subjectLines("publish", publish), ...subjectLines("subscribe", subscribe)]);

function permissionSetLines(set: string, user: FileUser, others = ""): string[] {
  return [comment(`${set}: ${declaredBy(user)}${others}`), `${nameText(set)} = {`, ...permissionLines(user), "}"];
}

/**
 * A user with its permissions, or with the name of those that others have too. Only those have a name: the server's check
 * of a file goes through a set where it is defined and wherever it is used (a sixth of the time with 10,000 isolated apps).
 */
function userLines(user: FileUser): readonly string[] {
  return valueAt(linesOfUsers, user, () => linesOf(user));
}

/** The lines of users that were written before: of thousands only few change at a time. */
const linesOfUsers = new WeakMap<FileUser, readonly string[]>();

function linesOf(user: FileUser): string[] {
  const set = user.permissionSet;
  const head = settingTexts(userSettings(user)).join(", ");
  return [
    comment(`${user.name}: ${declaredBy(user)}`),
    ...(set === undefined
      ? [`{ ${head}, permissions: {`, ...permissionLines(user), "} }"]
      : [`{ ${head}, permissions: ${settingText(new Variable(set))} }`]),
  ];
}

/** Entries of an account, each with the construct that declares it where that is not the account's. */
function list<T extends { readonly source: string }>(
  name: string,
  account: FileAccount,
  entries: readonly T[],
  settingsOf: (entry: T) => Settings,
): string[] {
  if (entries.length === 0) return [];
  const lines = entries.map((entry) => {
    return [settingText(settingsOf(entry)), entry.source === account.source ? undefined : `[${entry.source}]`] as const;
  });
  return [`${name}: [`, ...indent(commented(lines)), "]"];
}

function mappingLines({ mappings }: FileAccount): string[] {
  const entries = settingTexts(mappings);
  return entries.length === 0 ? [] : ["mappings: {", ...indent(entries), "}"];
}

/** The named sets of permissions of users, each with the first who has it. */
function setHolders(users: readonly FileUser[]): Map<string, FileUser> {
  const holders = new Map<string, FileUser>();
  for (const user of users) {
    if (user.permissionSet !== undefined && !holders.has(user.permissionSet)) holders.set(user.permissionSet, user);
  }
  return holders;
}

/** The sets of permissions that users of several accounts have: they stand before the accounts. */
function sharedSets(accounts: readonly FileAccount[]): Map<string, FileUser> {
  const known = new Set<string>();
  const shared = new Map<string, FileUser>();
  for (const account of accounts) {
    for (const [set, user] of setHolders(account.users)) {
      if (known.has(set) && !shared.has(set)) shared.set(set, user);
      known.add(set);
    }
  }
  return shared;
}

function accountLines(account: FileAccount, shared: ReadonlyMap<string, FileUser> = new Map()): string[] {
  const jetStream = jetStreamSettings(account);
  const limits = limitSettings(account);
  const body = [
    ...[...setHolders(account.users)]
      .filter(([set]) => !shared.has(set))
      .flatMap(([set, user]) => [...permissionSetLines(set, user), ""]),
    ...(jetStream ? [`jetstream: ${settingText(jetStream)}`] : []),
    ...(limits ? [`limits: ${settingText(limits)}`] : []),
    ...(account.users.length > 0 ? ["users: [", ...indent(account.users.flatMap(userLines)), "]"] : []),
    ...mappingLines(account),
    ...list("exports", account, account.exports, exportSettings),
    ...list("imports", account, account.imports, importSettings),
  ];
  return [comment(`${account.about} [${account.source}]`), `${nameText(account.name)} {`, ...indent(body), "}"];
}

/** One account as it stands inside of the server's `accounts { … }`. */
export function accountText(account: FileAccount): string {
  return `${accountLines(account).join("\n")}\n`;
}

/** The variables that the server must have in its environment, sorted. */
function environmentOf(accounts: readonly FileAccount[]): string[] {
  const credentials = accounts.flatMap(({ users }) => users.map((user) => user.credentials));
  return credentials.flatMap((each) => (each.kind === "variable" ? [each.variable] : [])).sort(inOrder);
}

/** The whole file: what the server's own configuration includes at its top level. */
export function accountsText(accounts: readonly FileAccount[]): string {
  const environment = environmentOf(accounts);
  const head = [
    comment("Accounts, users and permissions of NATS. Made by cdktf-nats-platform: change the program, not this file."),
    comment('Include it at the top level of the server\'s configuration: include "accounts.conf"'),
    comment(
      "Not beside a block `accounts` of your own: of two the server takes the last. Include the files of the folder accounts inside of that block.",
    ),
    ...(environment.length > 0
      ? [
          comment(
            "The server needs these variables, in its environment (with quotes inside of a value that is a number or has special characters) or in a file that is included here:",
          ),
        ]
      : []),
    ...environment.map((variable) => comment(`  ${variable}`)),
  ];
  const shared = sharedSets(accounts);
  const sets = [...shared].map(([set, user]) => `${permissionSetLines(set, user, " and others").join("\n")}\n\n`);
  const body = accounts.map((account) => indent(accountLines(account, shared)).join("\n"));
  const named = hasSystem(accounts) ? `system_account: ${settingText(SYSTEM_ACCOUNT)}\n\n` : "";
  return `${head.join("\n")}\n\n${named}${sets.join("")}accounts {\n${body.join("\n\n")}\n}\n`;
}
