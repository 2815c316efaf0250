import type { AskedServer } from "./asked-server";
import type { ProgramFacts } from "./program-facts";

/** What is known beyond a plan. */
export interface Surroundings {
  /** What the program's catalog says. */
  readonly facts: ProgramFacts;
  /** What a server says, if it was asked. */
  readonly server?: AskedServer;
}
