import type { Fault, Problem } from "../problems/fault";
import { overlaps } from "../subjects/subject-pattern";
import type { NatsClient } from "./clients";
import type { CredentialsModel } from "./credentials-model";
import type { AccountLimits, JetStreamLimits } from "./limits";
import type { Permissions } from "./permissions";

/** What a user is for. */
export type Role = "node" | "terraform" | "app" | "litestream" | "monitor";

/** A NATS user. */
export interface User {
  readonly name: string;
  readonly role: Role;
  readonly credentials: CredentialsModel;
  readonly permissions: Permissions;
  /** The name under which the server's file keeps the permissions: `PROD_CONVEX_ONLY`. */
  readonly permissionSet: string;
  /** What the user's clients must set as inbox prefix: `_INBOX`, the default of all clients, or a private one. */
  readonly inboxPrefix: string;
  /** What the user's clients must set as JetStream domain, if anything. */
  readonly domain?: string;
  readonly clients: readonly NatsClient[];
  /** The path of the construct that declares the user. */
  readonly source: string;
}

/** Subjects are delivered from one account to another (`stream`), or requests are sent from one to another (`service`). */
export type ExchangeKind = "stream" | "service";

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
  /** The users with their permissions, made when they are first asked for. */
  readonly users: readonly User[];
  readonly exports: readonly Export[];
  readonly imports: readonly Import[];
  /** The path of the construct that declares the account. */
  readonly source: string;
}

/** One way between two accounts; the export and the import are both made from it, so that they always fit. */
export interface Exchange {
  readonly kind: ExchangeKind;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** The subject in the importing account, where it differs. */
  readonly as?: string;
  readonly manyResponses?: boolean;
  readonly source: string;
}

/** The exports that an account needs for these ways. */
export function exportsOf(account: string, exchanges: readonly Exchange[]): Export[] {
  const bySubject = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    if (exchange.from !== account) continue;
    const key = `${exchange.kind} ${exchange.subject}`;
    bySubject.set(key, [...(bySubject.get(key) ?? []), exchange]);
  }
  return [...bySubject.values()].map((same) => {
    const { kind, subject, manyResponses, source } = same[0] as Exchange;
    const accounts = [...new Set(same.map(({ to }) => to))].sort();
    return { kind, subject, accounts, ...(manyResponses && { manyResponses }), source };
  });
}

/** The imports that an account needs for these ways. */
export function importsOf(account: string, exchanges: readonly Exchange[]): Import[] {
  return exchanges
    .filter(({ to }) => to === account)
    .map(({ kind, from, subject, as, source }) => ({
      kind,
      account: from,
      subject,
      ...(as !== undefined && { to: as }),
      source,
    }));
}

/**
 * What is wrong with accounts as a whole. `nats-server -t` does not notice overlapping imports, of which each delivers
 * the message once more.
 */
export function accountProblems(accounts: readonly Account[]): Problem[] {
  return accounts.flatMap((account) => [...overlappingImports(account), ...uncoveredImports(account, accounts)]);
}

function overlappingImports({ imports }: Account): Problem[] {
  const problems: Problem[] = [];
  for (const [index, one] of imports.entries()) {
    for (const other of imports.slice(index + 1)) {
      const [mine, theirs] = [one.to ?? one.subject, other.to ?? other.subject];
      if (one.kind !== other.kind || !overlaps(mine, theirs)) continue;
      const fault: Fault = {
        what: `import overlaps with that of ${mine} from ${one.account} [${one.source}]`,
        value: theirs,
        allowed: "imports that have no subject in common: the server delivers a message once for each",
        fix: "Remove the narrower one",
      };
      problems.push({ path: other.source, ...fault });
    }
  }
  return problems;
}

function uncoveredImports({ name, imports }: Account, accounts: readonly Account[]): Problem[] {
  return imports
    .filter(({ account, kind, subject }) => {
      const exporter = accounts.find((other) => other.name === account);
      return !exporter?.exports.some(
        (offer) => offer.kind === kind && offer.subject === subject && offer.accounts.includes(name),
      );
    })
    .map(({ account, subject, source }) => ({
      path: source,
      what: `account ${name} imports what account ${account} does not export to it`,
      value: subject,
      allowed: "subjects that the other account exports, written the same",
      fix: "Declare the export, or remove the import",
    }));
}
