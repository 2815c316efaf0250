import type { CatalogUser } from "../../catalog/catalog";
import { listed } from "../../wording/lists";
import { type Change, otherChange } from "./change";
import { inBoth, type Pair, without } from "./pairs";
import type { KnownUser } from "./world";

function texts({ connection: old, ...before }: CatalogUser, { connection: now, ...after }: CatalogUser): string[] {
  const more = without(after.clients, before.clients);
  const fewer = without(before.clients, after.clients);
  return [
    ...(old.inboxPrefix === now.inboxPrefix
      ? []
      : [`clients must set the inbox prefix \`${now.inboxPrefix}\` instead of \`${old.inboxPrefix}\``]),
    ...(old.domain === now.domain
      ? []
      : [
          now.domain === undefined
            ? `clients no longer set the JetStream domain \`${old.domain}\``
            : `clients must set the JetStream domain \`${now.domain}\`${old.domain ? ` instead of \`${old.domain}\`` : ""}`,
        ]),
    ...(old.queueGroup === now.queueGroup
      ? []
      : [
          now.queueGroup === undefined
            ? `clients no longer have the queue group \`${old.queueGroup}\``
            : `clients may be in the queue group \`${now.queueGroup}\` and in those that begin with \`${now.queueGroup}.\`, in no other where others subscribe too`,
        ]),
    ...(more.length > 0 ? [`permissions now suit ${listed(more)}`] : []),
    ...(fewer.length > 0 ? [`permissions no longer suit ${listed(fewer)}`] : []),
    ...(before.role === after.role ? [] : [`role is ${after.role} instead of ${before.role}`]),
  ];
}

/** What the clients of users in both catalogs must set otherwise. */
export function clientChanges(users: readonly Pair<KnownUser>[]): Change[] {
  return inBoth(users).flatMap(({ key, before, after }) =>
    texts(before.facts, after.facts).map((text) => otherChange("changed", `\`${key}\`: ${text}`, { users: [key] })),
  );
}
