import type { Existing } from "./existing";
import { lossesIn } from "./losses";
import type { PlannedChange } from "./plan";

/** What a server could have of anything: messages, and no attribute as the plan wants it. */
const SOMETHING: Existing = {
  attributes: { filter_subjects: [""] },
  origins: {},
  messages: 1,
  owner: undefined,
  retention: undefined,
};

/** Whether a plan loses more if the server has already what the plan makes, of which nobody asked it. */
export function dependsOnNewness(changes: readonly PlannedChange[]): boolean {
  const isUnasked = ({ actions, existing }: PlannedChange) => actions.join() === "create" && existing === undefined;
  if (!changes.some(isUnasked)) return false;
  const filled = changes.map((change) => (isUnasked(change) ? { ...change, existing: SOMETHING } : change));
  return lossesIn(filled).length > lossesIn(changes).length;
}
