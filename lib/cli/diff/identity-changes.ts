import { credentialsText } from "../../wording/connection";
import { accessChange, type Change } from "./change";
import { inBoth, type Pair } from "./pairs";
import type { KnownUser } from "./world";

/** Users that prove otherwise who they are: who has the new credentials is the user now. */
export function identityChanges(users: readonly Pair<KnownUser>[]): Change[] {
  return inBoth(users).flatMap(({ key, before, after }) => {
    const old = before.facts.connection;
    const now = after.facts.connection;
    if (old.credentials === now.credentials && old.identity === now.identity) return [];
    const text = `\`${key}\`: credentials are ${credentialsText(now)}; before, ${credentialsText(old)}`;
    return [accessChange("changed", text, { users: [key] })];
  });
}
