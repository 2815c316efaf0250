import { Belongings } from "./belongings";
import type { Family } from "./family";
import { type Attacker, Field } from "./field";
import type { Place } from "./place";
import { Secrets } from "./secrets";
import { type Effort, type Outcome, Siege } from "./siege";

/** Lets attackers try families on what runs at a place, one after the other. */
export class Campaign {
  /** Hides secrets everywhere at a place. */
  public static async at(place: Place, effort: Effort): Promise<Campaign> {
    const secrets = new Secrets();
    return new Campaign(place, effort, secrets, await Belongings.of(place, secrets));
  }

  private constructor(
    private readonly place: Place,
    private readonly effort: Effort,
    private readonly secrets: Secrets,
    private readonly belongings: Belongings,
  ) {}

  /** What came of each family; without those for which the attacker or the server lacks what they take. */
  public async run(attacker: Attacker, families: readonly Family[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const field = await Field.of(this.place, this.belongings, this.secrets, attacker);
    try {
      for (const family of families) {
        const outcome = await new Siege(field, family, this.effort).run();
        if (outcome) outcomes.push(outcome);
      }
      return outcomes;
    } finally {
      await field.leave();
    }
  }
}
