import { valueAt } from "../collections/groups";
import type { Problem } from "../problems/fault";
import type { Account, Identity } from "./accounts";
import { type CredentialsModel, identityOf } from "./credentials-model";

/** What the kinds of credentials are called. */
const NOUNS: { readonly [kind in CredentialsModel["kind"]]: string } = {
  nkey: "nkey",
  bcrypt: "bcrypt hash",
  variable: "server variable",
};

/** Two users with one proof: whoever is the one is the other too. */
function sharedProofs(users: readonly Identity[]): Problem[] {
  const holders = new Map<string, Identity>();
  return users.flatMap((user) => {
    const noun = NOUNS[user.credentials.kind];
    const identity = identityOf(user.credentials);
    const holder = valueAt(holders, `${noun} ${identity}`, () => user);
    if (holder.name === user.name) return [];
    return [
      {
        path: user.source,
        what: `${noun} of the user ${user.name} is already taken by the user ${holder.name} [${holder.source}]`,
        ...(user.credentials.kind !== "bcrypt" && { value: identity }),
        allowed: `each ${noun} for one user of a program`,
        fix: "Give one of the two credentials of its own",
      },
    ];
  });
}

/** Variables that the server's file itself gives a meaning: it looks there before it looks in its environment. */
function hiddenVariables(accounts: readonly Pick<Account, "name" | "identities">[]): Problem[] {
  const users = accounts.flatMap(({ identities }) => identities);
  const sets = users.flatMap(({ permissionSet }) => (permissionSet === undefined ? [] : [permissionSet]));
  const names = new Set([...accounts.map(({ name }) => name), ...sets]);
  return users.flatMap(({ credentials, source }) => {
    if (credentials.kind !== "variable" || !names.has(credentials.variable)) return [];
    return [
      {
        path: source,
        what: "environment variable is called as an account or a set of permissions of the server's file",
        value: credentials.variable,
        allowed: "a name that the file does not define",
        fix: `Rename the variable: ${credentials.variable}_PASSWORD`,
      },
    ];
  });
}

/** What is wrong with the credentials of all users together. */
export function credentialProblems(accounts: readonly Pick<Account, "name" | "identities">[]): Problem[] {
  return [...sharedProofs(accounts.flatMap(({ identities }) => identities)), ...hiddenVariables(accounts)];
}
