import type { PlannedChange } from "./plan";

/** Whether a plan does nothing with something. */
export const isIdle = ({ actions }: PlannedChange): boolean =>
  actions.every((each) => each === "no-op" || each === "read");

/** Whether a plan makes something, and not in the place of what it destroys. */
export const isMade = ({ actions }: PlannedChange): boolean => actions.join() === "create";

/**
 * Whether a stack forgets something. The catalog may have that in another account by now, to which it was moved.
 */
export const isForgotten = ({ actions }: PlannedChange): boolean => actions.includes("forget");

/** Whether something is new: the plan makes it, and the server, where it was asked, has no messages of it. */
export const isNew = (change: PlannedChange): boolean => isMade(change) && !change.existing?.messages;

/** Whether something that a change is about is on the server when that is applied, and stays there. */
export const isThere = (change: PlannedChange): boolean =>
  isMade(change) ? !isNew(change) : !change.actions.some((each) => each === "delete" || each === "forget");
