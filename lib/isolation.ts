/** How an app is kept apart from the others of its platform. */
export enum Isolation {
  /** In the platform's account, by permissions: stops mistakes, not a hostile credential. */
  PERMISSIONS = "permissions",
  /** In an account of its own, to which nothing leads but what is declared. */
  ACCOUNT = "account",
}
