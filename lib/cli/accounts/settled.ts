import type { Outcome } from "./outcome";

/** How long a file that a server has refused is not tried again, in milliseconds, unless it or the server's configuration changes. */
const TRY_AGAIN_MILLIS = 60_000;

/** What a process remembers from one call to the next, so that a file that is settled costs the server one question. */
export class Settled {
  private last: { text: string; loadedAt: string; outcome: Outcome; at: number } | undefined;

  /** What came of the same text before; undefined if the server has read its configuration since, or if it is time to try again. */
  public recall(text: string, loadedAt: string): Outcome | undefined {
    if (this.last?.text !== text || this.last.loadedAt !== loadedAt) return undefined;
    const { outcome, at } = this.last;
    if (outcome.kind === "inForce") return { kind: "unchanged", digest: outcome.digest };
    return outcome.kind === "unchanged" || Date.now() - at < TRY_AGAIN_MILLIS ? outcome : undefined;
  }

  /** Remembers what came of a text, and when the server had read its configuration. */
  public remember(text: string, loadedAt: string, outcome: Outcome): void {
    this.last = { text, loadedAt, outcome, at: Date.now() };
  }
}
