import type { Account } from "../../../../lib/access/accounts";
import { passwordOf } from "../../world";
import type { Attacker } from "./field";

/** What kind of attacker it is, as it stands in the table. */
export const ATTACKER_KINDS = [
  "app with JetStream",
  "app without JetStream",
  "user of an app",
  "MONITOR",
  "ACCESS",
  "access documents",
  "platform",
] as const;

export type AttackerKind = (typeof ATTACKER_KINDS)[number];

/** An attacker and its kind. */
export interface KnownAttacker extends Attacker {
  readonly kind: AttackerKind;
}

/** Whether an account is that of a platform: whoever lets others use its JetStream, or has nodes. */
const isPlatform = ({ exports, users }: Account) =>
  exports.some(({ subject }) => subject.startsWith("$JS.API.")) || users.some(({ role }) => role === "node");

const isMonitor = ({ users }: Account) => users.some(({ role }) => role === "monitor");

/** Whether an account has the access documents of a platform, which it lets ACCESS read. */
const hasDocuments = ({ exports }: Account) => exports.some(({ accounts }) => accounts.includes("ACCESS"));

const isReader = ({ users }: Account) => users.some(({ role }) => role === "reader");

function kindOf(account: Account): AttackerKind {
  if (hasDocuments(account)) return "access documents";
  if (isReader(account)) return "ACCESS";
  if (isPlatform(account)) return "platform";
  if (isMonitor(account)) return "MONITOR";
  return account.jetStream ? "app with JetStream" : "app without JetStream";
}

/** Whoever may do everything in an account, for each account. */
export const keepersOf = (accounts: readonly Account[]): KnownAttacker[] =>
  accounts.map((account) => ({ kind: kindOf(account), account: account.name }));

/** How many exchanges an account has with others. */
const ways = ({ imports, exports }: Account) => imports.length + exports.length;

/** Of each kind of attackers at most so many, those first whose accounts exchange the most with others. */
export function fewOf(
  most: number,
  attackers: readonly KnownAttacker[],
  accounts: readonly Account[],
): readonly KnownAttacker[] {
  const waysOf = ({ account }: KnownAttacker) => ways(accounts.find(({ name }) => name === account) as Account);
  const sorted = [...attackers].sort((one, other) => waysOf(other) - waysOf(one));
  return ATTACKER_KINDS.flatMap((kind) => sorted.filter((each) => each.kind === kind).slice(0, most));
}

/** The users of the accounts of apps, with the permissions that they have. */
export const usersOf = (accounts: readonly Account[]): KnownAttacker[] =>
  accounts
    .filter((account) => kindOf(account).startsWith("app "))
    .flatMap(({ name: account, users }) =>
      users
        .filter(({ credentials }) => credentials.kind === "variable")
        .map(({ name: user }) => ({ kind: "user of an app", account, user, password: passwordOf(user) })),
    );
