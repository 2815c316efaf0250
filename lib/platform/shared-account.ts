import type { Construct } from "constructs";
import { ALL_CLIENTS } from "../access/clients";
import type { Credentials } from "../access/credentials";
import { type AccountLimits, limitFaults } from "../access/limits";
import type { MonitorModel, Role } from "../access/models";
import * as names from "../naming/names";
import { Program } from "../problems/program";
import { declareUser } from "../program/declare-user";

/** What a program says of an account that all its platforms lead to. */
interface SharedAccountProps {
  readonly credentials?: Credentials;
  readonly accountLimits?: AccountLimits;
}

/** Takes the names of an account that all platforms lead to, and of its only user, and checks what is said of them. */
export function declareSharedAccount(
  construct: Construct,
  { account, user, role }: { readonly account: string; readonly user: string; readonly role: Role },
  props: SharedAccountProps,
): MonitorModel {
  const program = Program.of(construct);
  program.claim("account", account, construct);
  program.report(construct, ...limitFaults(props.accountLimits));
  const { credentials, source } = declareUser(construct, {
    name: user,
    role,
    clients: ALL_CLIENTS,
    inboxPrefix: names.DEFAULT_INBOX_PREFIX,
    credentials: props.credentials,
  });
  return { credentials, limits: props.accountLimits ?? {}, source };
}
