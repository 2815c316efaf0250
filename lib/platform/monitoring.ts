/** What the account MONITOR receives of a platform. */
export enum Monitoring {
  /** Nothing. */
  NONE = "none",
  /** Health and audit messages, as they are published. */
  LIVE = "live",
  /**
   * Stored audit messages too, through a durable consumer `monitor`. The clients of MONITOR set the platform's name as
   * JetStream domain, and the inbox prefix `_INBOX_monitor`.
   */
  HISTORY = "history",
}
