/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Random choices, the same for the same seed. */
export class Random {
  private readonly next: () => number;

  public constructor(seed: number) {
    this.next = randomNumbers(seed);
  }

  /** A whole number from 0 to below a limit. */
  public below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** Whether something happens that has a chance of one in so many. */
  public oneIn(many: number): boolean {
    return this.next() * many < 1;
  }

  /** One of some. */
  public of<T>(all: readonly T[]): T {
    if (all.length === 0) throw new Error("there is nothing to choose from");
    return all[this.below(all.length)] as T;
  }

  /** One of some, if there is any. */
  public any<T>(all: readonly T[]): T | undefined {
    return all.length === 0 ? undefined : this.of(all);
  }

  /** The same in another order. */
  public shuffled<T>(all: readonly T[]): T[] {
    const order = [...all];
    for (let last = order.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other] as T, order[last] as T];
    }
    return order;
  }
}
