import type { Construct } from "constructs";
import type { Credentials } from "../access/credentials";
import { type AccountLimits, type JetStreamLimits, limitFaults } from "../access/limits";
import type { AppAccountModel } from "../access/models";
import { terraformGrants } from "../access/users";
import type { AppNaming } from "../naming/app-naming";
import * as names from "../naming/names";
import { Program } from "../problems/program";
import { declareTerraformUser } from "../program/declare-user";

/** What is said of the account for the data of an isolated app. */
export interface DataAccountProps {
  readonly accountLimits?: AccountLimits;
  readonly jetStreamLimits?: JetStreamLimits;
  readonly terraformCredentials?: Credentials;
}

/** Declares the account for the data of an isolated app, with a Terraform user of its own. */
export function declareDataAccount(construct: Construct, naming: AppNaming, props: DataAccountProps): AppAccountModel {
  const program = Program.of(construct);
  const name = names.appAccount(naming.platform, naming.app);
  program.claim("account", name, construct);
  program.report(construct, ...limitFaults(props.accountLimits, props.jetStreamLimits));
  const terraform = declareTerraformUser(
    construct,
    names.user(naming.user, "terraform"),
    props.terraformCredentials,
    names.permissionSet.appTerraform(naming.platform),
  );
  terraform.grants.push(...terraformGrants(terraform));
  return {
    name,
    naming,
    jetStream: props.jetStreamLimits ?? {},
    limits: props.accountLimits ?? {},
    terraform,
    source: construct.node.path,
  };
}
