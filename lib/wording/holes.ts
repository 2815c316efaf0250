import type { Hole, HoleKind } from "../analysis/holes";
import type { Level } from "../analysis/level";
import { resourceText } from "./resources";

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

/** Whether a hole reaches the account as such, and no stream or bucket of it. */
export const reachesAccount = ({ level }: Hole): boolean => level === "none";

/** Some names, and how many others there are. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** How a hole works, in one sentence without its full stop; names of the server's are between back-ticks. */
export function holeText({ kind, account, users = [], resource }: Hole, self: string): string {
  const others = someOf(
    users.filter((name) => name !== self),
    4,
  );
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
