import type { CapabilityName } from "../../../lib/access/capabilities";
import { KEY_VALUE_CHECKS, SHARED_KEY_CHECKS } from "./key-value-checks";
import { MESSAGE_CHECKS } from "./message-checks";
import { OBJECT_CHECKS } from "./object-checks";
import type { Check, Checks } from "./scene";
import { STREAM_CHECKS } from "./stream-checks";

/** What an app can be allowed to do, and the checks that it really can. */
export const CHECKS: { readonly [capability in CapabilityName]?: Checks } = {
  ...MESSAGE_CHECKS,
  ...KEY_VALUE_CHECKS,
  ...SHARED_KEY_CHECKS,
  ...STREAM_CHECKS,
  ...OBJECT_CHECKS,
};

/** All checks by name. */
export const ALL_CHECKS: ReadonlyMap<string, Check> = new Map(Object.values(CHECKS).flatMap(Object.entries<Check>));

/** The checks that need a bucket or lock for themselves: they remove what others look for. */
export const LONE_CHECKS: ReadonlySet<string> = new Set(
  (["kv.purgeDeletes", "sharedKv.writeKey"] as const).flatMap((capability) => Object.keys(CHECKS[capability] ?? {})),
);
