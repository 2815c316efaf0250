import type { PlannedChange } from "./plan";

/** What the names of all users of an account begin with, of which this one makes its streams: `prod` of `prod-terraform`. */
const prefixOf = (user = ""): string | undefined => /^(.+)-terraform$/.exec(user)?.[1];

const isUserOf = (user: string, prefix: string) => user === prefix || user.startsWith(`${prefix}-`);

const firstToken = (name: string) => name.split("-")[0];

/**
 * Whether a change is in another account than that of a user, by the names of the library. A user of a name that it
 * does not give may be of any account.
 */
export function elsewhereFor(user: string | undefined, changes: readonly PlannedChange[]) {
  const prefixes = new Set([prefixOf(user), ...changes.map((change) => prefixOf(change.user))]);
  const own = [...prefixes]
    .filter((prefix) => prefix !== undefined && user !== undefined && isUserOf(user, prefix))
    .sort((one = "", other = "") => other.length - one.length)[0];
  return (change: PlannedChange): boolean => {
    const prefix = prefixOf(change.user);
    if (user === undefined || prefix === undefined || prefix === own) return false;
    return own !== undefined || firstToken(user) === firstToken(prefix);
  };
}
