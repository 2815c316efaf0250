import type { Account } from "../../../../lib/access/accounts";
import { World } from "../../world";
import { type AttackerKind, fewOf, type KnownAttacker, keepersOf, usersOf } from "./attackers";
import type { Effect } from "./attempt";
import { type AccountByHand, worldByHand } from "./by-hand";
import { Campaign } from "./campaign";
import { FAMILIES } from "./families";
import type { Family } from "./family";
import { knownOfApps, knownOfPlatforms, pinned } from "./pins";
import { Place } from "./place";
import { PROGRAMS } from "./programs";
import type { Effort } from "./siege";

/** What came of one family from all attackers of one kind in one program. */
export interface Cell {
  readonly program: string;
  readonly kind: AttackerKind;
  readonly family: string;
  readonly attempts: number;
  /** Effects that nobody has accepted. */
  readonly open: readonly Effect[];
  /** How many effects are known, by the reason. */
  readonly pinned: ReadonlyMap<string, number>;
}

/** How a program is attacked. */
export interface Plan {
  readonly effort: Effort;
  readonly families?: readonly Family[];
  /** How many attackers of each kind take part. */
  readonly attackers: number;
}

/**
 * Attacks the accounts of a program of the library.
 *
 * @param change what is different from the generated accounts, for attacks that must have an effect
 */
export async function attackProgram(
  name: string,
  plan: Plan,
  change: (accounts: readonly Account[]) => readonly Account[] = (accounts) => accounts,
): Promise<Cell[]> {
  const program = PROGRAMS[name];
  if (!program) throw new Error(`no program ${name}`);
  const world = await World.of(program, { change });
  try {
    const place = await Place.of(world.server, change(world.rendered.model));
    const attackers = [...keepersOf(place.accounts), ...usersOf(place.accounts)];
    const cells = await attack(name, place, attackers, plan);
    await place.leave();
    return cells;
  } finally {
    await world.stop();
  }
}

/** Attacks accounts that are written by hand. */
export async function attackByHand(name: string, accounts: readonly AccountByHand[], plan: Plan): Promise<Cell[]> {
  const { place, stop } = await worldByHand(accounts);
  try {
    return await attack(name, place, keepersOf(place.accounts), plan);
  } finally {
    await stop();
  }
}

async function attack(program: string, place: Place, all: readonly KnownAttacker[], plan: Plan): Promise<Cell[]> {
  const { effort, families = FAMILIES } = plan;
  const campaign = await Campaign.at(place, effort);
  const cells = new Map<string, Cell>();
  for (const attacker of fewOf(plan.attackers, all, place.accounts)) {
    const { kind } = attacker;
    const pin = kind === "platform" ? knownOfPlatforms : knownOfApps;
    for (const { family, attempts, effects } of await campaign.run(attacker, families)) {
      const { open, reasons } = pinned(effects, pin);
      const key = `${kind} ${family}`;
      const known = cells.get(key) ?? { program, kind, family, attempts: 0, open: [], pinned: new Map() };
      cells.set(key, {
        ...known,
        attempts: known.attempts + attempts,
        open: [...known.open, ...open],
        pinned: added(known.pinned, reasons),
      });
    }
  }
  return [...cells.values()];
}

function added(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): Map<string, number> {
  const sum = new Map(one);
  for (const [reason, count] of other) sum.set(reason, (sum.get(reason) ?? 0) + count);
  return sum;
}
