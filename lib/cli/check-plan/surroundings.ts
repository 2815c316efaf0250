import type { AskedServer } from "./asked-server";
import type { PlannedAccounts } from "./planned-accounts";
import type { ProgramFacts } from "./program-facts";

/** What is known beyond a plan. */
export interface Surroundings {
  /** What the program's catalog says. */
  readonly facts: ProgramFacts;
  readonly accounts: PlannedAccounts;
  /** What a server has, if it was asked; the changes of the plan say what it has of themselves. */
  readonly server?: AskedServer;
}
