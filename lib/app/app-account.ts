import type { Construct } from "constructs";
import type { AccountLimits } from "../access/limits";
import type { AppAccountModel } from "../access/models";
import type * as jetstream from "../jetstream";
import type { AppNaming } from "../naming/app-naming";
import * as names from "../naming/names";
import { type DataAccountProps, declareDataAccount } from "../platform/data-account";
import type { PlatformContext } from "../platform/platform";
import { Connection } from "../platform/platform-connection";
import { Program } from "../problems/program";

/** What an app says about accounts of its own. */
export interface AppAccountProps extends DataAccountProps {
  readonly provider?: jetstream.JetstreamProvider;
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
  const { isDelegated } = platform;
  Program.of(app).report(
    app,
    !platform.model.owned &&
      !isDelegated && {
        what: "app has accounts of its own, but its platform is declared by another program",
        allowed:
          "Isolation.ACCOUNT for apps of a platform of the same program, and for one that it delegates to this program",
        fix: "Delegate the app in the program of the platform (prod.delegateApp) and give the reference delegatedApp, or leave isolation out",
      },
    !platform.options.servers &&
      !props.provider && {
        what: "app has an account of its own, which the platform's provider does not reach",
        allowed: "servers on the platform, or provider on the app",
        fix: "Give the platform servers, or the app a JetstreamProvider with a user of the app's account",
      },
  );
  const model = declareDataAccount(app, naming, props);
  const user = names.user(naming.user, "terraform");
  return {
    model,
    connection: new Connection(
      {
        id: `nats-${names.resource(naming.platform, naming.app)}`,
        account: model.name,
        alias: names.resource(naming.platform, naming.app),
        user,
        passwordVariable: names.terraformPasswordVariable(user),
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
