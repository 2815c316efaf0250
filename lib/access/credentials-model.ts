import { createHash } from "node:crypto";

/** How a user proves to the server who it is; never holds a secret in clear. */
export type CredentialsModel =
  | { readonly kind: "variable"; readonly variable: string }
  | { readonly kind: "nkey"; readonly publicKey: string }
  | { readonly kind: "bcrypt"; readonly hash: string };

/**
 * What tells the credentials of a user from others of their kind: the variable, the public key, or a fingerprint of the
 * hash, from which nobody can guess the password.
 */
export function identityOf(credentials: CredentialsModel): string {
  switch (credentials.kind) {
    case "variable":
      return credentials.variable;
    case "nkey":
      return credentials.publicKey;
    case "bcrypt":
      return `sha256:${createHash("sha256").update(credentials.hash).digest("hex").slice(0, 16)}`;
  }
}
