/**
 * In how many ways one thing is looked at. Streams that copy in layers have a number of ways that is exponential in their
 * layers, and further ways to the same subjects of the same stream lead nowhere else.
 */
const MAX_WAYS = 8;

/** How often something has been come to. */
export class Visits {
  private readonly counts = new Map<string, number>();

  /** Whether something is to be looked at, when it is come to once more. */
  public again(key: string): boolean {
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count <= MAX_WAYS;
  }
}
