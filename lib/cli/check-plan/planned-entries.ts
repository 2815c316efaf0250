import { UNKNOWN } from "../attribute-effects";
import type { AskedServer, Key } from "./asked-server";
import type { PlannedChange } from "./plan";
import { resourceOf } from "./planned-resource";
import type { Surroundings } from "./surroundings";

/** Access documents say what users may do, which other files say too: no data. They are in the bucket of a platform. */
export function isAccessDocument({ type, before, after }: PlannedChange): boolean {
  const [key, bucket] = [before.key ?? after.key, before.bucket ?? after.bucket].map(String);
  return (
    type === "jetstream_kv_entry" &&
    /^access\.(users|accounts|imports)\./.test(key ?? "") &&
    /^[a-z][a-z0-9-]*_platform$/.test(bucket ?? "")
  );
}

/** The key that a plan makes, where it may be there already; undefined for any other change. */
export function madeKey(change: PlannedChange): Key | undefined {
  const { type, actions, after } = change;
  if (type !== "jetstream_kv_entry" || actions.join() !== "create" || isAccessDocument(change)) return undefined;
  return { stream: resourceOf(change).stream, key: String(after.key) };
}

const TAKEN_IN = "is written anew, since this stack takes in its bucket: a value that was changed is overwritten";

/** What a server says of a key that is made; undefined where it was asked for another account, or has no such bucket. */
function answerOf(key: Key, value: unknown, account: string | undefined, server: AskedServer | undefined) {
  if (!server?.find(key.stream, account)) return undefined;
  const found = server.valueOf(key);
  if (found === UNKNOWN)
    return "may be on the server with another value, which is overwritten: the user may not read it";
  return found === undefined || found === value ? "" : "is on the server with another value, which is overwritten";
}

/** What is said of a key that is written over what is there, behind its name; nothing, where that is not known. */
export function overwrittenText(
  change: PlannedChange,
  changes: readonly PlannedChange[],
  { facts, server }: Surroundings,
): string {
  const key = madeKey(change);
  if (key === undefined) return "";
  const answer = answerOf(key, change.after.value, facts.accountOf(key.stream), server);
  const isTakenIn = () => changes.some((each) => each.isImported && resourceOf(each).stream === key.stream);
  return answer ?? (isTakenIn() ? TAKEN_IN : "");
}
