/** What came of bringing a file into force. Each reason is in words for people, without secrets. */
export type Outcome =
  /** The server has the file in force as it was. It was asked, and not told to do anything. */
  | { readonly kind: "unchanged"; readonly digest: string }
  /** The server has taken the file. The digest is that of its configuration. A warning says what it has not done. */
  | { readonly kind: "inForce"; readonly digest: string; readonly warning?: string }
  /** The server does not take the file. What was in force still is, and is on disk. */
  | { readonly kind: "refused"; readonly reason: string }
  /** The server has read its configuration, and nothing shows that this file is part of it. The file is on disk. */
  | { readonly kind: "unproven"; readonly reason: string }
  /** The server was told to read the file and does not answer. The file is on disk; the next call finds out. */
  | { readonly kind: "unknown"; readonly reason: string }
  /** The server does not answer, and was told nothing. */
  | { readonly kind: "unreachable"; readonly reason: string };

/** What came of it, in a sentence. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "unchanged":
      return `In force as it was: ${outcome.digest}`;
    case "inForce":
      return `In force: ${outcome.digest}${outcome.warning ? `\n  but ${outcome.warning}` : ""}`;
    case "refused":
      return `Refused, and what was in force still is: ${outcome.reason}`;
    case "unproven":
      return `Not in force, as far as can be seen: ${outcome.reason}`;
    case "unknown":
      return `Not known: ${outcome.reason}. Call the command again.`;
    case "unreachable":
      return `Not in force: ${outcome.reason}`;
  }
}

/** Whether all of a file is in force. */
export const isInForce = (outcome: Outcome): boolean =>
  outcome.kind === "unchanged" || (outcome.kind === "inForce" && outcome.warning === undefined);
