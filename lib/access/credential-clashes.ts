import type { Problem } from "../problems/fault";
import type { Account, Identity } from "./accounts";

/** What proves to the server who a user is: the words for it, what identifies it, and whether a message may repeat it. */
function proofOf({ credentials }: Identity): {
  readonly kind: string;
  readonly proof: string;
  readonly shown: boolean;
} {
  switch (credentials.kind) {
    case "nkey":
      return { kind: "nkey", proof: credentials.publicKey, shown: true };
    case "bcrypt":
      return { kind: "bcrypt hash", proof: credentials.hash, shown: false };
    case "variable":
      return { kind: "server variable", proof: credentials.variable, shown: true };
  }
}

/** Two users with one proof: whoever is the one is the other too. */
function sharedProofs(users: readonly Identity[]): Problem[] {
  const holders = new Map<string, Identity>();
  return users.flatMap((user) => {
    const { kind, proof, shown } = proofOf(user);
    const holder = holders.get(`${kind} ${proof}`);
    if (!holder) holders.set(`${kind} ${proof}`, user);
    if (!holder || holder.name === user.name) return [];
    return [
      {
        path: user.source,
        what: `${kind} of the user ${user.name} is already taken by the user ${holder.name} [${holder.source}]`,
        ...(shown && { value: proof }),
        allowed: `each ${kind} for one user of a program`,
        fix: "Give one of the two credentials of its own",
      },
    ];
  });
}

/** Variables that the server's file itself gives a meaning: it looks there before it looks in its environment. */
function hiddenVariables(accounts: readonly Account[]): Problem[] {
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
export function credentialProblems(accounts: readonly Account[]): Problem[] {
  return [...sharedProofs(accounts.flatMap(({ identities }) => identities)), ...hiddenVariables(accounts)];
}
