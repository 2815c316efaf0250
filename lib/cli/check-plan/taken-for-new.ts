import { grouped } from "../../collections/groups";
import type { Existing } from "./existing";
import type { Loss } from "./loss";
import { lossesIn } from "./losses";
import { isMade } from "./newness";
import type { PlannedChange } from "./plan";
import type { Surroundings } from "./surroundings";

/** What a server could have of anything: messages, and no attribute as the plan wants it. */
const SOMETHING: Existing = {
  attributes: { filter_subjects: [""] },
  origins: {},
  messages: 1,
  owner: undefined,
  retention: undefined,
};

const isUnasked = (change: PlannedChange) => isMade(change) && change.existing === undefined;

const byPlace = (losses: readonly Loss[]) => grouped(losses, ({ kind, address }) => `${kind} ${address}`);

/** Whether a plan loses more if the server has already what the plan makes, of which nobody asked it. */
export function dependsOnNewness(changes: readonly PlannedChange[], { facts, accounts }: Surroundings): boolean {
  if (!changes.some(isUnasked)) return false;
  const filled = changes.map((change) => (isUnasked(change) ? { ...change, existing: SOMETHING } : change));
  const known = byPlace(lossesIn(changes, { facts, accounts }));
  const more = byPlace(lossesIn(filled, { facts, accounts }));
  return [...more].some(([place, these]) => these.length > (known.get(place)?.length ?? 0));
}
