import type { Construct } from "constructs";
import type { CapabilityName } from "../access/capabilities";
import { ALL_CLIENTS } from "../access/clients";
import type { Credentials } from "../access/credentials";
import type { GrantValues } from "../access/grant";
import { grant, type UserModel } from "../access/models";
import * as names from "../naming/names";
import { Program } from "../problems/program";

/** A user as a construct declares it; its permissions come later, its source and credentials are filled in. */
export interface UserDeclaration extends Omit<UserModel, "credentials" | "grants" | "source"> {
  readonly credentials: Credentials | undefined;
}

/**
 * Takes the name of a NATS user for a construct and checks its credentials. User names must be unique across all accounts
 * of a server.
 */
export function declareUser(construct: Construct, { credentials, ...user }: UserDeclaration): UserModel {
  const program = Program.of(construct);
  const model = credentials?._model ?? { kind: "variable", variable: names.passwordVariable(user.name) };
  program.claim("user", user.name, construct);
  program.report(construct, credentials?._fault);
  return { ...user, credentials: model, grants: [], source: construct.node.path };
}

/** Declares a user as whom Terraform connects. */
export const declareTerraformUser = (
  construct: Construct,
  name: string,
  credentials: Credentials | undefined,
  permissionSet?: string,
): UserModel =>
  declareUser(construct, {
    name,
    role: "terraform",
    permissionSet,
    clients: ALL_CLIENTS,
    inboxPrefix: names.DEFAULT_INBOX_PREFIX,
    credentials,
  });

/**
 * Lets a user do something; what the lines need of the user itself is filled in.
 *
 * @param server the path of the app that answers, of a call
 */
export function give(
  construct: Construct,
  user: UserModel,
  capability: CapabilityName,
  values: GrantValues,
  server?: string,
): void {
  const { inboxPrefix: inbox, group = user.name } = user;
  const given = grant(user, capability, { inbox, group, ...values });
  user.grants.push(server === undefined ? given : { ...given, server });
  Program.of(construct).changed();
}
