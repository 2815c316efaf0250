import { Unsupported, within } from "./client";

/** Something that is tried with clients, and throws where it does not work. */
export type Check = () => Promise<unknown>;

/** After how many milliseconds a check counts as failed: some clients wait for ever for what is refused. */
const LIMIT = 25_000;

/** How many checks that failed beside one another are run again: more are no accident. */
const MAX_AGAIN = 30;

/** How something ended: `works`, what the client library cannot do, or how it failed. */
export const outcomeOf = (name: string, check: Promise<unknown>, limit = LIMIT): Promise<string> =>
  within(name, check, limit).then(
    () => "works",
    (error) => {
      if (error instanceof Unsupported) return `cannot: ${error.message}`;
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    },
  );

/** What came of checks, which run beside one another before the tests that look at them. */
export class Outcomes {
  private readonly byName = new Map<string, string>();

  /** `works`, or how it failed. */
  public of(name: string): string | undefined {
    return this.byName.get(name);
  }

  /**
   * Runs checks beside one another. A few that fail are run again, one after another: a lease runs out while a machine is
   * busy, but what is not permitted fails twice.
   */
  public async run(checks: ReadonlyMap<string, Check>): Promise<void> {
    await Promise.all([...checks].map((each) => this.runOnce(each)));
    const failed = [...checks].filter(([name]) => !/^(works$|cannot: )/.test(this.of(name) ?? ""));
    if (failed.length > MAX_AGAIN) return;
    for (const each of failed) await this.runOnce(each);
  }

  private async runOnce([name, check]: [name: string, check: Check]): Promise<void> {
    this.byName.set(name, await outcomeOf(name, check()));
  }
}

/** Uses each of some things, so many at a time. */
export async function eachOf<T>(
  things: readonly T[],
  atATime: number,
  use: (thing: T) => Promise<void>,
): Promise<void> {
  const waiting = [...things];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await use(next);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
