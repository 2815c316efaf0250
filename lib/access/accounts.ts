import { grouped } from "../collections/groups";
import { by } from "../collections/order";
import type { Fault, Problem } from "../problems/fault";
import { SubjectIndex } from "../subjects/subject-index";
import { covers } from "../subjects/subject-pattern";
import type { ExchangeKind, ExchangeTemplate } from "./capabilities";
import type { AccountLimits, JetStreamLimits } from "./limits";
import type { UserModel } from "./models";
import type { Permissions } from "./permissions";

/** A NATS user. */
export interface User extends Omit<UserModel, "grants" | "group" | "app" | "account"> {
  readonly permissions: Permissions;
  /** What the user's clients must set as JetStream domain, if anything. */
  readonly domain?: string;
  /** The queue group in which it may subscribe, and in those that begin with it and a dot; undefined if there is none. */
  readonly queueGroup?: string;
}

/** Who a user is and how it proves it. */
export type Identity = Pick<User, "name" | "credentials" | "permissionSet" | "source">;

/** What an account offers to others. */
export interface Export {
  readonly kind: ExchangeKind;
  readonly subject: string;
  /** The accounts that may import it; never empty, since an empty list makes it public. */
  readonly accounts: readonly string[];
  /** Whether a request may have several answers. */
  readonly manyResponses?: boolean;
  readonly source: string;
}

/** What an account takes from another. */
export interface Import {
  readonly kind: ExchangeKind;
  readonly account: string;
  readonly subject: string;
  /** The subject under which the importing account sees it, where that differs. */
  readonly to?: string;
  /** What the other account offers, where that is more. */
  readonly offered?: string;
  /** Whether a request may have several answers. */
  readonly manyResponses?: boolean;
  readonly source: string;
}

/** A NATS account. */
export interface Account {
  readonly name: string;
  /** Whether the account is part of the accounts file. */
  readonly inFile: boolean;
  /** What the account is, in one line. */
  readonly about: string;
  /** The account's JetStream, or undefined for none. */
  readonly jetStream: JetStreamLimits | undefined;
  readonly limits: AccountLimits;
  /** Who its users are, without what they may do. */
  readonly identities: readonly Identity[];
  /** The users with their permissions, made when they are first asked for. */
  readonly users: readonly User[];
  readonly exports: readonly Export[];
  readonly imports: readonly Import[];
  /** Subjects that the account's users publish to under another name: the name they use, and the one that counts. */
  readonly mappings: { readonly [subject: string]: string };
  /** The path of the construct that declares the account. */
  readonly source: string;
}

/** What an account has to do with others. */
type Wired = Pick<Account, "name" | "exports" | "imports">;

/** One way between two accounts; the export and the import are both made from it, so that they always fit. */
export interface Exchange extends Omit<ExchangeTemplate, "clients"> {
  readonly from: string;
  readonly to: string;
  readonly source: string;
}

/** The exports and imports of each account, by its name. */
export interface Wiring {
  readonly exports: ReadonlyMap<string, Export[]>;
  readonly imports: ReadonlyMap<string, Import[]>;
}

const mapped = <T, U>(groups: ReadonlyMap<string, T>, change: (group: T) => U): Map<string, U> =>
  new Map([...groups].map(([key, group]) => [key, change(group)]));

/**
 * What accounts export and import for these ways between them, sorted, so that the same ways from elsewhere make the same file.
 * A way that is given twice is there once.
 */
export function wiringOf(exchanges: readonly Exchange[]): Wiring {
  const ways = grouped(exchanges, ({ kind, from, to, subject }) => `${from} ${to} ${kind} ${subject}`);
  const once = [...ways.values()].map(([first]) => first as Exchange);
  const given = grouped(once, ({ from }) => from);
  const taken = grouped(once, ({ to }) => to);
  const offerOf = ({ kind, subject, offered = subject }: Exchange) => `${kind} ${offered}`;
  return {
    exports: mapped(given, (own) => sortedByOffer([...grouped(own, offerOf).values()].map(exportOf))),
    imports: mapped(taken, (own) =>
      own.map(importOf).sort(by(({ kind, account, subject }) => `${account} ${kind} ${subject}`)),
    ),
  };
}

const sortedByOffer = (exports: Export[]) => exports.sort(by(({ kind, subject }) => `${kind} ${subject}`));

function exportOf(given: readonly Exchange[]): Export {
  const same = [...given].sort(by(({ to, subject }) => `${to} ${subject}`));
  const { kind, subject, offered = subject, manyResponses, source } = same[0] as Exchange;
  const accounts = [...new Set(same.map(({ to }) => to))];
  return { kind, subject: offered, accounts, ...(manyResponses && { manyResponses }), source };
}

function importOf({ kind, from, subject, as, offered, manyResponses, source }: Exchange): Import {
  return {
    kind,
    account: from,
    subject,
    ...(as !== undefined && { to: as }),
    ...(offered !== undefined && offered !== subject && { offered }),
    ...(manyResponses && { manyResponses }),
    source,
  };
}

/**
 * What is wrong with accounts as a whole. `nats-server -t` does not notice overlapping imports, of which each delivers
 * the message once more.
 *
 * @param elsewhere accounts that other programs declare, of whose exports nothing is known
 */
export function accountProblems(accounts: readonly Wired[], elsewhere: ReadonlySet<string> = new Set()): Problem[] {
  return [...accounts.flatMap(overlappingImports), ...uncoveredImports(accounts, elsewhere)];
}

/** Two imports of a stream deliver one message twice if it comes from one account; of a service, if it goes to any two. */
function overlappingImports({ imports }: Wired): Problem[] {
  const problems: Problem[] = [];
  const groups = grouped(imports, ({ kind, account }) => (kind === "stream" ? account : ""));
  for (const group of groups.values()) {
    const index = new SubjectIndex<Import>();
    for (const other of group) {
      const theirs = other.to ?? other.subject;
      for (const one of index.overlapping(theirs)) {
        const fault: Fault = {
          what: `import overlaps with that of ${one.to ?? one.subject} from ${one.account} [${one.source}]`,
          value: theirs,
          allowed: "imports that have no subject in common: the server delivers a message once for each",
          fix: "Remove the narrower one",
        };
        problems.push({ path: other.source, ...fault });
      }
      index.add(theirs, other);
    }
  }
  return problems;
}

/** Whether an account offers what another imports, with the exports in a tree. */
function offersOf({ exports }: Wired): (wanted: Import, account: string) => boolean {
  const index = new SubjectIndex<Export & { readonly importers: ReadonlySet<string> }>();
  for (const each of exports) index.add(each.subject, { ...each, importers: new Set(each.accounts) });
  return ({ kind, subject }, account) =>
    index
      .overlapping(subject)
      .some((offer) => offer.kind === kind && offer.importers.has(account) && covers(offer.subject, subject));
}

function uncoveredImports(accounts: readonly Wired[], elsewhere: ReadonlySet<string>): Problem[] {
  const offers = new Map(accounts.map((account) => [account.name, offersOf(account)]));
  return accounts.flatMap(({ name, imports }) =>
    imports
      .filter((wanted) => !elsewhere.has(wanted.account) && !offers.get(wanted.account)?.(wanted, name))
      .map(({ account, subject, source }) => ({
        path: source,
        what: `account ${name} imports what account ${account} does not export to it`,
        value: subject,
        allowed: "subjects that the other account exports",
        fix: "Declare the export, or remove the import",
      })),
  );
}
