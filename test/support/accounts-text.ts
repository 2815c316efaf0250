/*
 * Changes to the text of an accounts file, for what the library does not write: users who may do everything. They are
 * made in the text, so that what they are added to stays exactly as it was written.
 */

/** The user of a test that may do everything in an account: for what no user of the generated file may do there. */
export const keeperOf = (account: string) => `keeper-${account}`;

export const KEEPER_PASSWORD = "keeper";

/** An accounts file with a keeper in each account. */
export function withKeepers(accounts: string): string {
  return accounts.replace(/^ {2}([\w-]+) \{\n[\s\S]*?^ {4}users: \[\n/gm, (head, account) => {
    return `${head}      { user: "${keeperOf(account)}", password: "${KEEPER_PASSWORD}" }\n`;
  });
}

/** What a user may publish and subscribe to, as an accounts file or the file of one account says it, in its order. */
export function writtenPermissions(accounts: string, user: string): { publish: string[]; subscribe: string[] } {
  const [, set, own] =
    new RegExp(`\\{ user: "${user}",.* permissions: (?:\\$([\\w-]+) |\\{$([\\s\\S]*?)^ +\\} \\}$)`, "m").exec(
      accounts,
    ) ?? [];
  const [, , shared] = new RegExp(`^( *)${set} = \\{$([\\s\\S]*?)^\\1\\}$`, "m").exec(accounts) ?? [];
  const [publish = "", subscribe = ""] = (own ?? shared ?? "").split("subscribe:");
  const subjects = (part: string) => [...part.matchAll(/^ +"([^"]+)"/gm)].map(([, subject]) => subject as string);
  return { publish: subjects(publish), subscribe: subjects(subscribe) };
}

/** The permissions of a user, to the line that ends them: in a file they stand at the user. */
const permissionsOf = (user: string, more = "") =>
  new RegExp(`^( +\\{ user: "${user}",.*), permissions: \\{$${more}`, "m");

/** An accounts file in which a user has no permissions, so that it may do everything in its account. */
export function withoutPermissions(accounts: string, user: string): string {
  return replaced(accounts, permissionsOf(user, "\\n[\\s\\S]*?^ +\\} \\}$"), "$1 }");
}

/** An accounts file in which a user may answer any reply subject. */
export function withResponses(accounts: string, user: string): string {
  return replaced(accounts, permissionsOf(user), "$&\nallow_responses: true");
}

/** An accounts file in which the JetStream of an account has limits: `max_file: 1000000`. */
export function withLimits(accounts: string, account: string, limits: string): string {
  const enabled = new RegExp(`^( {2}${account} \\{\\n(?: {4}.*\\n|\\n)*? {4}jetstream: )enabled$`, "m");
  return replaced(accounts, enabled, `$1{ ${limits} }`);
}

function replaced(text: string, what: RegExp, by: string): string {
  if (!what.test(text)) throw new Error(`nothing matches ${what}`);
  return text.replace(what, by);
}
