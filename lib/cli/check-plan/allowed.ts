import { grouped } from "../../collections/groups";
import { didYouMean } from "../../problems/nearest";
import { withoutMarks, withTicks } from "../../wording/code-marks";
import { Refusal } from "../refusal";
import { type Loss, quoted } from "./losses";
import type { PlannedChange } from "./plan";
import { resourceOf } from "./planned-resource";

/** What nobody can allow, since it is no loss but a plan that fails. */
const isLoss = ({ kind }: Loss) => kind !== "refused" && kind !== "refusedByOld";

/** The addresses that lose something, by their name on the server. */
function addressesByName(losses: readonly Loss[]): Map<string, string[]> {
  const byName = grouped(losses.filter(isLoss), ({ resource }) => resource.name);
  return new Map([...byName].map(([name, these]) => [name, [...new Set(these.map(({ address }) => address))]]));
}

/** The losses that were allowed by their name or address, and how each loss is allowed. */
export class Allowed {
  private readonly addresses: ReadonlyMap<string, readonly string[]>;
  private readonly names: ReadonlySet<string>;

  /** Refuses a name that nothing in the plan has, and one that several losses have. */
  public constructor(given: readonly string[], changes: readonly PlannedChange[], losses: readonly Loss[]) {
    this.addresses = addressesByName(losses);
    this.names = new Set(given.map(withoutMarks));
    const known = new Set(changes.flatMap((change) => [resourceOf(change).name, change.address]));
    for (const name of this.names) {
      if (!known.has(name)) {
        const lost = [...new Set(losses.filter(isLoss).map((loss) => this.nameOf(loss)))];
        throw new Refusal(`nothing in the plan is called ${withTicks(name)}, so that it cannot be allowed`, [
          lost.length === 0 ? "Nothing is lost: leave --allow out." : withTicks(didYouMean(name, lost)),
        ]);
      }
      const several = this.addresses.get(name) ?? [];
      if (several.length > 1) {
        throw new Refusal(`${several.length} resources that are called ${withTicks(name)} lose something`, [
          "Say which:",
          ...several.map((address) => `  --allow ${withTicks(quoted(address))}`),
        ]);
      }
    }
  }

  /** Whether a loss is allowed. */
  public has(loss: Loss): boolean {
    return isLoss(loss) && (this.names.has(loss.resource.name) || this.names.has(loss.address));
  }

  /** How a loss is allowed: `--allow prod_cache`. */
  public optionFor(loss: Loss): string {
    return `--allow ${quoted(this.nameOf(loss))}`;
  }

  private nameOf({ resource: { name }, address }: Loss): string {
    return (this.addresses.get(name)?.length ?? 0) > 1 ? address : name;
  }
}
