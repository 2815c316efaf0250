import { grouped } from "../../collections/groups";
import { nearest } from "../../problems/nearest";
import { withoutMarks, withTicks } from "../../wording/code-marks";
import { listed } from "../../wording/lists";
import { Refusal } from "../refusal";
import type { Sentence } from "../written-report";
import { ALLOWED_KINDS, type Loss, quoted } from "./loss";
import type { PlannedChange } from "./plan";
import { resourceOf } from "./planned-resource";

/** What nobody can allow, since it is no loss but a plan that fails. */
const isLoss = ({ kind }: Loss) => kind !== "refused" && kind !== "refusedByOld";

/** An entry of what is allowed: `prod_cache` for every loss of that, `destroyed:prod_cache` for one kind. */
interface Entry {
  /** As it was given. */
  readonly text: string;
  /** A name on the server, or an address. */
  readonly name: string;
  readonly kind?: string;
}

const KIND = new RegExp(`^(${ALLOWED_KINDS.join("|")}):(.+)$`, "s");

function entryOf(text: string): Entry {
  const [, kind, name = text] = KIND.exec(text) ?? [];
  return { text, name, ...(kind !== undefined && { kind }) };
}

/** Whether an entry is about a loss, whatever kind that has. */
const isAbout = ({ name }: Entry, { resource, address }: Loss) => name === resource.name || name === address;

const covers = (entry: Entry, loss: Loss) =>
  isAbout(entry, loss) && (entry.kind === undefined || entry.kind === loss.kind);

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
  private readonly entries: readonly Entry[];

  /** Refuses a name that nothing can have, and one that several losses have. */
  public constructor(given: readonly string[], changes: readonly PlannedChange[], losses: readonly Loss[]) {
    this.addresses = addressesByName(losses);
    this.entries = [...new Set(given.map(withoutMarks))].map(entryOf);
    const known = new Set(changes.flatMap((change) => [resourceOf(change).name, change.address]));
    for (const entry of this.entries) {
      const { text, name, kind } = entry;
      if (!known.has(name) && isMalformed(name)) {
        throw new Refusal(`no name that --allow can have: ${withTicks(text)}`, [
          "Give the name of a stream or bucket, or an address, and the option once for each: --allow prod_cache",
          `Before it there may be what becomes of it, ${listed(ALLOWED_KINDS)}: --allow destroyed:prod_cache`,
        ]);
      }
      const several = this.addresses.get(name) ?? [];
      if (several.length > 1) {
        const before = kind === undefined ? "" : `${kind}:`;
        throw new Refusal(`${several.length} resources that are called ${withTicks(name)} lose something`, [
          "Say which:",
          ...several.map((address) => `  --allow ${withTicks(quoted(`${before}${address}`))}`),
        ]);
      }
    }
    const why = (entry: Entry) => this.whyUnneeded(entry, known, losses);
    this.unneeded = this.entries
      .filter((entry) => !losses.some((loss) => isLoss(loss) && covers(entry, loss)))
      .map((entry) => ({ kind: "changed", text: `\`${entry.text}\` ${why(entry)}`, name: entry.text }));
  }

  /** Whether a loss is allowed. */
  public has(loss: Loss): boolean {
    return isLoss(loss) && this.entries.some((entry) => covers(entry, loss));
  }

  /** How a loss is allowed: `--allow destroyed:prod_cache`. */
  public optionFor(loss: Loss): string {
    return `--allow ${quoted(`${loss.kind}:${this.nameOf(loss)}`)}`;
  }

  private nameOf({ resource: { name }, address }: Loss): string {
    return (this.addresses.get(name)?.length ?? 0) > 1 ? address : name;
  }

  private whyUnneeded(entry: Entry, known: ReadonlySet<string>, losses: readonly Loss[]): string {
    const about = losses.filter((loss) => isAbout(entry, loss));
    const others = about.filter(isLoss).map(({ kind }) => `\`${kind}\``);
    if (others.length > 0) return `does not allow what becomes of it by this plan: ${listed([...new Set(others)])}`;
    if (about.some(({ kind }) => kind === "refused")) {
      return "cannot be allowed, since what the server refuses is no loss";
    }
    if (known.has(entry.name)) return "loses nothing of its own by this plan";
    const open = losses.filter((loss) => isLoss(loss) && !this.has(loss)).map((loss) => this.nameOf(loss));
    const near = nearest(entry.name, [...new Set(open)]).map((each) => `\`${each}\``);
    return `is in this plan nowhere${near.length > 0 ? `; did you mean ${near.join(" or ")}?` : ""}`;
  }
}
