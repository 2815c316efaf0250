import type { ExchangeKind } from "../access/accounts";

/** Why a line of a permission is there. */
export interface Reason {
  readonly why: string;
  /** The name of the capability that the line is part of. */
  readonly capability?: string;
  /** The path of the construct that gives it. */
  readonly source?: string;
}

/** One subject of a list of permissions, with all reasons for it. */
export interface PermissionLine {
  readonly pattern: string;
  /** The queue group, or a pattern of such, that a subscription must be part of; never in a list for publishing. */
  readonly queue?: string;
  readonly reasons: readonly Reason[];
}

/** What a client does with a subject. */
export type Direction = "publish" | "subscribe";

/** What the server's file says about one direction. Without `allow` everything is allowed; `deny` wins. */
export interface DirectionLines {
  readonly allow: readonly PermissionLine[];
  readonly deny: readonly PermissionLine[];
}

/** A user as the server knows it. */
export interface ServerUser {
  /** Unique among the users of all accounts, or the server refuses its file. */
  readonly name: string;
  readonly publish: DirectionLines;
  readonly subscribe: DirectionLines;
}

/** What an account offers to others. */
export interface ServerExport {
  readonly kind: ExchangeKind;
  readonly subject: string;
  /** The accounts that may import it; all, if there are none. */
  readonly accounts: readonly string[];
}

/** What an account takes from another. */
export interface ServerImport {
  readonly kind: ExchangeKind;
  /** The exporting account. */
  readonly account: string;
  /** The subject there. */
  readonly subject: string;
  /** The subject in the importing account, where it differs. */
  readonly to?: string;
}

/** What a stream is to those who use it. */
export type ResourceKind = "stream" | "keyValue" | "objectStore";

/** A stream of an account, or the stream that a bucket is. */
export interface Resource {
  /** The name of the stream on the server: `prod_events`, `KV_prod_convex`. */
  readonly name: string;
  readonly kind: ResourceKind;
  readonly account: string;
  /** What it stores. */
  readonly subjects: readonly string[];
  /** Whose it is, in words: `app convex of platform prod`. */
  readonly owner: string;
  /** Under which subjects it publishes again what it has stored. */
  readonly republish?: { readonly source: string; readonly destination: string };
  /** Whether a message may delete others of its stream by `Nats-Rollup`. */
  readonly rollUp: boolean;
  /** Whether its size in bytes is limited. */
  readonly sized: boolean;
}

/** An account as the server knows it. */
export interface ServerAccount {
  readonly name: string;
  readonly users: readonly ServerUser[];
  readonly exports: readonly ServerExport[];
  readonly imports: readonly ServerImport[];
  /** Subjects that the account's users publish to under another name. */
  readonly mappings: { readonly [source: string]: string };
  readonly resources: readonly Resource[];
}

/** A line without reasons, as it stands in the server's file: `prod.>`, or with a queue `prod.> workers`. */
export function permissionLine(text: string): PermissionLine {
  const [pattern = "", queue] = text.split(/\s+/);
  return { pattern, ...(queue !== undefined && { queue }), reasons: [] };
}
