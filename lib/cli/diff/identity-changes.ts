import { credentialsText } from "../../wording/connection";
import type { Change } from "./change";
import type { Pair } from "./pairs";
import type { KnownUser } from "./world";

/** Users that prove otherwise who they are: who has the new credentials is the user now. */
export function identityChanges(users: readonly Pair<KnownUser>[]): Change[] {
  return users.flatMap(({ key, before, after }): Change[] => {
    if (!before || !after) return [];
    const old = before.facts.connection;
    const now = after.facts.connection;
    if (old.credentials === now.credentials && old.identity === now.identity) return [];
    const text = `\`${key}\`: credentials are ${credentialsText(now)}; before, ${credentialsText(old)}`;
    return [{ kind: "changed", text, users: [key], access: true }];
  });
}
