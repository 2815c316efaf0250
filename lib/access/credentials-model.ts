/** How a user proves to the server who it is; never holds a secret in clear. */
export type CredentialsModel =
  | { readonly kind: "variable"; readonly variable: string }
  | { readonly kind: "nkey"; readonly publicKey: string }
  | { readonly kind: "bcrypt"; readonly hash: string };
