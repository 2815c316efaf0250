/** How an app is kept apart from the others of its platform. */
export enum Isolation {
  /** In the platform's account, by permissions: stops mistakes, not a hostile credential. */
  PERMISSIONS = "permissions",
  /** In accounts of its own: one for its data, to which nothing leads, and one for its messages. */
  ACCOUNT = "account",
}
