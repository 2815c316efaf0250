import type { Construct } from "constructs";
import { ALL_CLIENTS } from "../access/clients";
import type { Credentials } from "../access/credentials";
import { type AccountLimits, type JetStreamLimits, limitFaults } from "../access/limits";
import type { AppAccountModel } from "../access/models";
import { terraformGrants } from "../access/users";
import type * as jetstream from "../jetstream";
import type { AppNaming } from "../naming/app-naming";
import * as names from "../naming/names";
import type { PlatformContext } from "../platform/platform";
import { Connection } from "../platform/platform-connection";
import { Program } from "../problems/program";
import { declareUser } from "../program/declare-user";

/** What an app says about accounts of its own. */
export interface AppAccountProps {
  readonly accountLimits?: AccountLimits;
  readonly jetStreamLimits?: JetStreamLimits;
  readonly provider?: jetstream.JetstreamProvider;
  readonly terraformCredentials?: Credentials;
}

/** The account for the data of an isolated app, and how Terraform reaches it. */
export interface AppAccount {
  readonly model: AppAccountModel;
  readonly connection: Connection;
}

/** Declares the account for the data of an isolated app, with a Terraform user of its own. */
export function declareAppAccount(
  app: Construct,
  naming: AppNaming,
  platform: PlatformContext,
  props: AppAccountProps,
): AppAccount {
  const program = Program.of(app);
  const name = names.appAccount(naming.platform, naming.app);
  const userName = names.user(naming.user, "terraform");
  program.claim("account", name, app);
  program.report(
    app,
    ...limitFaults(props.accountLimits, props.jetStreamLimits),
    !platform.model.owned && {
      what: "app has accounts of its own, but its platform is declared by another program",
      allowed: "Isolation.ACCOUNT for apps of a platform of the same program, whose account exports what they need",
      fix: "Declare the app in the program of the platform, or leave isolation out",
    },
    !platform.options.servers &&
      !props.provider && {
        what: "app has an account of its own, which the platform's provider does not reach",
        allowed: "servers on the platform, or provider on the app",
        fix: "Give the platform servers, or the app a JetstreamProvider with a user of the app's account",
      },
  );
  const terraform = declareUser(app, {
    name: userName,
    role: "terraform",
    permissionSet: names.permissionSet.appTerraform(naming.platform),
    clients: ALL_CLIENTS,
    inboxPrefix: names.DEFAULT_INBOX_PREFIX,
    credentials: props.terraformCredentials,
  });
  terraform.grants.push(...terraformGrants(terraform));
  return {
    model: {
      name,
      naming,
      jetStream: props.jetStreamLimits ?? {},
      limits: props.accountLimits ?? {},
      terraform,
      source: app.node.path,
    },
    connection: new Connection(
      {
        id: `nats-${names.resource(naming.platform, naming.app)}`,
        account: name,
        alias: names.resource(naming.platform, naming.app),
        user: userName,
        passwordVariable: names.terraformPasswordVariable(naming.user),
      },
      props.provider ? { provider: props.provider } : { servers: platform.options.servers },
    ),
  };
}

/** Declares the account in which an isolated app exchanges messages with others. */
export function declareMessagingAccount(
  app: Construct,
  naming: AppNaming,
  limits: AccountLimits = {},
): AppAccountModel {
  const name = names.messagingAccount(naming.platform, naming.app);
  Program.of(app).claim("account", name, app);
  return { name, naming, jetStream: undefined, limits, terraform: undefined, source: app.node.path };
}
