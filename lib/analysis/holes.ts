import type { CatalogLine, CatalogResource } from "../catalog/catalog";
import type { Answer } from "./jetstream-api";
import type { Level } from "./level";

/**
 * What permissions cannot close, each found with real servers:
 *
 * - `answer`: whoever sends a request names the subject of the answer, which the server does not check. So the answer
 *   gets into every stream and every API of the sender's account.
 * - `responder`: the same with the answer of another user, which that user may have to be allowed to send.
 * - `inbox`: several users receive their answers under the same subjects, so that each receives those of all.
 * - `rollUp`: whoever may write one key of a bucket may delete all others by `Nats-Rollup: all`.
 * - `fetched`: what a consumer of another account delivers can be led into an import that stores it, under its own subject.
 * - `duplicate`: of two messages of a stream with one `Nats-Msg-Id` the server drops the second, whoever sent it.
 * - `sequence`: a message that expects the last sequence of another subject of its stream learns that sequence.
 * - `consumers`: whoever may make a consumer on a stream may make any number, which stay.
 * - `trace`: the trace of a message tells the names and queue groups of the clients that receive it.
 * - `storage`: whoever stores messages in a stream without a limit of its size fills the storage of the account.
 */
export type HoleKind =
  | "answer"
  | "responder"
  | "inbox"
  | "rollUp"
  | "fetched"
  | "duplicate"
  | "sequence"
  | "consumers"
  | "trace"
  | "storage";

/** A hole through which a user reaches more than its lines say. */
export interface Hole {
  readonly kind: HoleKind;
  /** What it does at worst to what it reaches; `none` where that is no stream or bucket, but the account. */
  readonly level: Level;
  /** The account in which it reaches every stream and bucket, or the one that `resource` is in. */
  readonly account: string;
  /** The only one that it reaches. */
  readonly resource?: CatalogResource;
  /** The users whose answers or permissions are misused, or who are harmed. */
  readonly users?: readonly string[];
  /** The lines that open it. */
  readonly lines: readonly CatalogLine[];
}

/** Whether a hole reaches the account as such, and no stream or bucket of it. */
export const reachesAccount = ({ level }: Hole): boolean => level === "none";

/**
 * What an answer does at worst in its account. Content of the sender's choice makes any request. Nothing at all deletes
 * any stream. A text overwrites keys; versions before 2.12 also take it for a request.
 */
export const LEVEL_OF_ANSWER: { readonly [answer in Answer]: Level } = {
  content: "manage",
  empty: "manage",
  text: "write",
};
