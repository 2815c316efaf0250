import { grouped } from "../../collections/groups";
import { nearest } from "../../problems/nearest";
import { withoutMarks, withTicks } from "../../wording/code-marks";
import { Refusal } from "../refusal";
import type { Sentence } from "../written-report";
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

/** A name that was given and allows nothing, in words. */
interface Unneeded extends Sentence {
  readonly name: string;
}

/** What can be no name on the server and no address: two names with a comma, a wildcard, a space that is in no quotes. */
const isMalformed = (name: string) =>
  !/^[\p{L}\p{N}./=_-]+$/u.test(name.replaceAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, ""));

/** The losses that were allowed by their name or address, and how each loss is allowed. */
export class Allowed {
  /** What is said of names that were given and allow nothing: one list may be for several plans. */
  public readonly unneeded: readonly Unneeded[];

  private readonly addresses: ReadonlyMap<string, readonly string[]>;
  private readonly names: ReadonlySet<string>;

  /** Refuses a name that nothing can have, and one that several losses have. */
  public constructor(given: readonly string[], changes: readonly PlannedChange[], losses: readonly Loss[]) {
    this.addresses = addressesByName(losses);
    this.names = new Set(given.map(withoutMarks));
    const known = new Set(changes.flatMap((change) => [resourceOf(change).name, change.address]));
    for (const name of this.names) {
      if (!known.has(name) && isMalformed(name)) {
        throw new Refusal(`no name that --allow can have: ${withTicks(name)}`, [
          "Give the name of a stream or bucket, or an address, and the option once for each: --allow prod_cache",
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
    const needed = new Set(losses.filter(isLoss).flatMap(({ resource, address }) => [resource.name, address]));
    const isRefused = ({ kind }: Loss) => kind === "refused";
    const refused = new Set(losses.filter(isRefused).flatMap(({ resource, address }) => [resource.name, address]));
    const open = [
      ...new Set(losses.filter((loss) => isLoss(loss) && !this.has(loss)).map((loss) => this.nameOf(loss))),
    ];
    const why = (name: string) => {
      if (refused.has(name)) return "cannot be allowed, since what the server refuses is no loss";
      if (known.has(name)) return "loses nothing of its own by this plan";
      const near = nearest(name, open).map((each) => `\`${each}\``);
      return `is in this plan nowhere${near.length > 0 ? `; did you mean ${near.join(" or ")}?` : ""}`;
    };
    this.unneeded = [...this.names]
      .filter((name) => !needed.has(name))
      .map((name) => ({ kind: "changed", text: `\`${name}\` ${why(name)}`, name }));
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
