import type { Construct } from "constructs";
import type { Credentials } from "../access/credentials";
import type { Grant } from "../access/grant";
import { Isolation } from "../access/isolation";
import { type AccountLimits, type JetStreamLimits, limitFaults } from "../access/limits";
import { type AccessAccountModel, type DelegatedAppModel, grant, type UserModel } from "../access/models";
import { terraformGrants } from "../access/users";
import type { AppNaming } from "../naming/app-naming";
import { nameFault } from "../naming/name-rules";
import * as names from "../naming/names";
import type { Fault } from "../problems/fault";
import { Program } from "../problems/program";
import { declareTerraformUser } from "../program/declare-user";
import { declareDataAccount } from "./data-account";

/** What another program may make for an app that it declares. */
export interface DelegatedAppOptions {
  /**
   * How the app is kept apart from the others. With `Isolation.ACCOUNT` it has an account for its data, `{PLATFORM}_{APP}`,
   * where the other program makes whatever it wants; the other program says `isolation: Isolation.ACCOUNT` of the app too.
   *
   * @default Isolation.PERMISSIONS
   */
  readonly isolation?: Isolation;

  /**
   * The last parts of the names of further streams, buckets and stores that the other program may make in the platform's
   * account: `["jobs"]` for `prod_search_jobs`. The app's bucket, `wal` and `snapshots` it may make anyway. Not with
   * `Isolation.ACCOUNT`, where nothing limits it.
   *
   * @default - none
   */
  readonly resources?: string[];

  /**
   * Limits of the account for the app's data, with `Isolation.ACCOUNT`.
   *
   * @default - no limits
   */
  readonly accountLimits?: AccountLimits;

  /**
   * Limits of the JetStream of that account, with `Isolation.ACCOUNT`.
   *
   * @default - no limits
   */
  readonly jetStreamLimits?: JetStreamLimits;

  /**
   * How the user `{platform}-{app}-terraform` proves to the server who it is, as whom the other program makes what the app has.
   *
   * @default - a password in the server's environment: `PROD_SEARCH_TERRAFORM_PASSWORD`
   */
  readonly terraformCredentials?: Credentials;

  /**
   * How the user `{platform}-{app}-access-terraform` proves to the server who it is, as whom the other program writes the access
   * documents of the app.
   *
   * @default - a password in the server's environment: `PROD_SEARCH_ACCESS_TERRAFORM_PASSWORD`
   */
  readonly accessTerraformCredentials?: Credentials;
}

/** The last parts of the names of what every app may have. */
const ALWAYS = ["wal", "snapshots"] as const;

/** Declares the account with access documents, of which Terraform has the only user. */
export function declareAccessAccount(
  construct: Construct,
  platform: string,
  app: string | undefined,
  credentials: Credentials | undefined,
): AccessAccountModel {
  const name = names.accessAccount(platform, app);
  Program.of(construct).claim("account", name, construct);
  const terraform = declareTerraformUser(construct, names.accessTerraformUser(platform, app), credentials);
  const bucket = names.accessStore(platform, app);
  terraform.grants.push(...terraformGrants(terraform, grant(terraform, "terraform.entries", { bucket })));
  return { name, ...(app !== undefined && { app }), jetStream: {}, limits: {}, terraform };
}

/** Declares what an app has that another program declares: users for Terraform, and accounts. */
export function declareDelegatedApp(
  construct: Construct,
  naming: AppNaming,
  options: DelegatedAppOptions,
): DelegatedAppModel {
  const { platform, app } = naming;
  const isolated = options.isolation === Isolation.ACCOUNT;
  const access = declareAccessAccount(construct, platform, app, options.accessTerraformCredentials);
  if (isolated) {
    Program.of(construct).report(construct, options.resources && STRAY_RESOURCES_FAULT);
    return { access, terraform: undefined, account: declareDataAccount(construct, naming, options) };
  }
  const before = names.prefixes(platform, app);
  const further = options.resources ?? [];
  Program.of(construct).report(
    construct,
    ...further.map((name) => nameFault("stream", name, before)),
    ...limitFaults(options.accountLimits, options.jetStreamLimits),
    (options.accountLimits ?? options.jetStreamLimits) && STRAY_LIMITS_FAULT,
  );
  const terraform = declareTerraformUser(construct, names.user(naming.user, "terraform"), options.terraformCredentials);
  terraform.grants.push(...grantsFor(terraform, naming, [...ALWAYS, ...further]));
  return { access, terraform, account: undefined };
}

/** What Terraform may make for an app in the account of its platform. */
function grantsFor(user: UserModel, { platform, app }: AppNaming, resources: readonly string[]): Grant[] {
  const inbox = user.inboxPrefix;
  const buckets = [names.resource(platform, app), ...resources.map((name) => names.resource(platform, app, name))];
  const streams = [
    ...buckets.slice(1),
    ...buckets.map(names.keyValueStream),
    ...buckets.slice(1).map(names.objectStream),
  ];
  return [
    ...streams.map((stream) => grant(user, "terraform.stream", { stream, inbox })),
    ...buckets.map((bucket) => grant(user, "terraform.bucket", { bucket, inbox })),
    grant(user, "terraform.consumer", { stream: names.resource(platform, "events"), consumer: app, inbox }),
  ];
}

const STRAY_RESOURCES_FAULT: Fault = {
  what: "resources are given for an app with an account of its own",
  allowed: "resources of an app in the platform's account: in its own one the other program makes whatever it wants",
  fix: "Remove resources",
};

const STRAY_LIMITS_FAULT: Fault = {
  what: "limits are given for an app without an account of its own",
  allowed: "accountLimits and jetStreamLimits together with Isolation.ACCOUNT",
  fix: "Add isolation: Isolation.ACCOUNT, or remove the limits",
};
