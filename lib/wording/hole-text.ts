import { type Analyzed, reachedBy } from "../analysis/beyond";
import { type Hole, type HoleKind, reachesAccount } from "../analysis/holes";
import type { Level } from "../analysis/level";
import type { UserAccess } from "../analysis/user-access";
import { counted, listed, plain, someOf } from "./lists";
import { resourcesText, resourceText } from "./resources";

const LEVEL_VERBS: { readonly [level in Level]: string } = {
  none: "reach",
  look: "look at",
  read: "read",
  write: "write",
  manage: "read, write or delete",
};

/** What a user does through holes that do not read, write or delete. */
const KIND_VERBS: { readonly [kind in HoleKind]?: string } = {
  fetched: "store messages that it fetches in",
  duplicate: "suppress messages of others to",
  sequence: "learn the last sequence of each subject of",
  consumers: "leave consumers on",
  trace: "learn the names and queue groups of clients of",
  storage: "fill the storage of",
};

/** What a user can do through a hole at worst, to be read after "can". */
export function holeVerb({ kind, level }: Hole): string {
  return KIND_VERBS[kind] ?? LEVEL_VERBS[level];
}

/** What a user gets at through a hole, in words: streams and buckets, or the account. */
export function reachText(known: Analyzed, user: UserAccess, hole: Hole): string {
  return reachesAccount(hole) ? `account ${hole.account}` : resourcesText(reachedBy(known, user, hole));
}

/** How a hole works, in one sentence without its full stop; names of the server's are between back-ticks. */
export function holeText({ kind, account, users = [], resource }: Hole, self: string): string {
  const besides = users.filter((name) => name !== self);
  const others = someOf(besides, 4);
  const where = resource ? resourceText(resource) : "the bucket";
  switch (kind) {
    case "answer":
      return `whoever sends a request names the subject of the answer, which the server does not check: it gets into every stream and API of account ${account}`;
    case "responder":
      return `${others} answers its calls under any subject that ${others} may publish`;
    case "inbox":
      return `it receives its answers under the same subjects as ${others}, and so theirs too`;
    case "rollUp":
      return `a message with \`Nats-Rollup: all\` deletes everything else in ${where}`;
    case "fetched":
      return `a message that it fetches by a consumer of another account can be stored in ${where}, under the subject that it has`;
    case "duplicate":
      return `the server drops a message of ${others} to ${where} whose \`Nats-Msg-Id\` it has used before`;
    case "sequence":
      return `a message that expects a wrong last sequence of any subject of ${where} is refused with the right one`;
    case "consumers":
      return `it may make any number of consumers on ${where}, which stay when it is gone and can be more than the server allows`;
    case "trace":
      return "a message with `Nats-Trace-Dest` tells its sender which clients and queue groups receive it";
    case "storage":
      return `it stores messages in streams of account ${account} whose size is not limited`;
  }
}

/** How a hole works and which lines open it, as rows. */
export function holeRows(hole: Hole, self: string): string[][] {
  const lines = hole.lines.map(({ subject }) => subject);
  const shown = lines.length > 3 ? [...lines.slice(0, 3), counted(lines.length - 3, "more line")] : lines;
  return [[plain(holeText(hole, self))], [`opened by ${listed(shown)}`]];
}
