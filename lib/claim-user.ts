import type { Construct } from "constructs";
import { passwordVariable } from "./naming/names";
import { Program } from "./problems/program";

/**
 * Takes the name of a NATS user, and of the server-side variable with its password, for a construct. User names must be
 * unique across all accounts of a server.
 */
export function claimUser(construct: Construct, user: string): void {
  const program = Program.of(construct);
  if (program.claim("user", user, construct)) program.claim("server variable", passwordVariable(user), construct);
}
