import { userOfKey } from "../../documents/document-key";
import type { Candidate, Units } from "./proposal";
import { isOfPlatform, type Unit } from "./unit";

/** The names of the users of units. */
export const usersOf = (units: readonly Unit[]): ReadonlySet<string> =>
  new Set(units.flatMap(({ documents }) => documents.flatMap(({ key }) => userOfKey(key) ?? [])));

/** Users that some changes take away, and the changes that do. */
export interface Removals {
  readonly users: readonly string[];
  readonly candidates: readonly Candidate[];
}

/**
 * The users that are gone if all changes are made, of those that are in force.
 *
 * @param units what is accepted before them
 * @param before all units that are in force before them, also those of the start
 * @param after all units that are in force behind them
 */
export function removalsBy(
  candidates: readonly Candidate[],
  units: Units,
  before: readonly Unit[],
  after: readonly Unit[],
): Removals {
  const left = usersOf(after);
  const isGone = (user: string) => !left.has(user);
  const users = [...usersOf(before)].filter(isGone);
  const formerly = ({ id, platform, unit }: Candidate): readonly Unit[] => {
    const replaced = units.get(id);
    const begins = unit !== undefined && isOfPlatform(unit);
    return begins ? before.filter((each) => each.platform === platform) : replaced ? [replaced] : [];
  };
  return {
    users,
    candidates: candidates.filter((each) => [...usersOf(formerly(each))].some(isGone)),
  };
}
