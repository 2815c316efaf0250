import { grouped } from "../../collections/groups";
import type { Candidate } from "./proposal";

/** What speaks against some changes: a sentence, and where what it is about was found. */
export interface Objection {
  /** Where that was found; undefined where it is not known. */
  readonly origin?: string;
  readonly text: string;
}

/** Says what speaks against some changes together; nothing if they can be made. */
export type Judge = (candidates: readonly Candidate[]) => Promise<readonly Objection[]>;

/** The changes that can be made, and what speaks against each other one. */
export interface Choice {
  readonly taken: readonly Candidate[];
  readonly refused: ReadonlyMap<Candidate, readonly Objection[]>;
}

/** Chooses changes so that one that is wrong holds up no other. */
class Choosing {
  public readonly refused = new Map<Candidate, readonly Objection[]>();
  public taken: readonly Candidate[] = [];
  /** How many were taken when one was refused. */
  private readonly takenBefore = new Map<Candidate, number>();

  public constructor(private readonly judge: Judge) {}

  /** Takes all of some changes, or of what can be taken of them each part. */
  public async takeOf(candidates: readonly Candidate[]): Promise<void> {
    if (candidates.length === 0) return;
    const objections = await this.take(candidates);
    if (objections.length === 0) return;
    const [only, ...others] = candidates;
    if (only && others.length === 0) {
      this.refused.set(only, objections);
      this.takenBefore.set(only, this.taken.length);
      return;
    }
    const [first, second] = parts(candidates, objections);
    await this.takeOf(first);
    await this.takeOf(second);
  }

  /** Takes what was refused before others were taken, which it may need. */
  public async takeLate(): Promise<void> {
    for (const each of [...this.refused.keys()])
      if ((this.takenBefore.get(each) ?? 0) < this.taken.length) await this.takeOf([each]);
  }

  /** Takes what is refused of each platform together: what fits only so. */
  public async takeTogether(): Promise<void> {
    for (const together of grouped([...this.refused.keys()], ({ platform }) => platform).values())
      if (together.length > 1) await this.take(together);
  }

  private async take(candidates: readonly Candidate[]): Promise<readonly Objection[]> {
    const objections = await this.judge([...this.taken, ...candidates]);
    if (objections.length > 0) return objections;
    this.taken = [...this.taken, ...candidates];
    for (const each of candidates) this.refused.delete(each);
    return [];
  }
}

/** Two parts of several changes: those that nothing is said against and the others, or else two halves. */
function parts(candidates: readonly Candidate[], objections: readonly Objection[]) {
  const origins = new Set(objections.map(({ origin }) => origin));
  const isBlamed = ({ unit }: Candidate) => unit !== undefined && origins.has(unit.origin);
  const [free, blamed] = [candidates.filter((each) => !isBlamed(each)), candidates.filter(isBlamed)];
  if (free.length > 0 && blamed.length > 0) return [free, blamed] as const;
  const half = Math.ceil(candidates.length / 2);
  return [candidates.slice(0, half), candidates.slice(half)] as const;
}

/**
 * The changes that can be made: all if nothing speaks against it. Else those that nothing is said against, then part by part what
 * can be added, in the given order, as long as one more is taken; and at last those of a platform that fit only together.
 */
export async function chosen(candidates: readonly Candidate[], judge: Judge): Promise<Choice> {
  const choosing = new Choosing(judge);
  await choosing.takeOf(candidates);
  for (let before = -1; choosing.taken.length > before && choosing.refused.size > 0; ) {
    before = choosing.taken.length;
    await choosing.takeLate();
    if (choosing.refused.size < candidates.length) await choosing.takeTogether();
  }
  return choosing;
}
