import { type TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { ALL_CLIENTS } from "../access/clients";
import type { Credentials } from "../access/credentials";
import { type AccountLimits, type JetStreamLimits, limitFaults } from "../access/limits";
import { type DelegatedAppModel, grant, type PlatformModel, type UserModel } from "../access/models";
import { terraformGrants } from "../access/users";
import { AppNaming } from "../naming/app-naming";
import { nameFault, nameOrIdFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { PlatformNaming } from "../naming/platform-naming";
import { checkedArguments, checkedProps, placed } from "../problems/checked-props";
import type { Fault } from "../problems/fault";
import { mark } from "../problems/kinds";
import { ownEntry } from "../problems/own-entry";
import { Program, problemsOf, reporterOf } from "../problems/program";
import { atConstruct, refuseSurplus, reportSurplus } from "../problems/surplus";
import { declareTerraformUser, declareUser, give } from "../program/declare-user";
import { join } from "../program/synth-guard";
import { OwnData } from "../storage/former-data";
import { KeyValueStore, type KeyValueStoreOptions } from "../storage/key-value-store";
import type { Ownership } from "../storage/ownership";
import { StorageOwner } from "../storage/storage-owner";
import { lastingFaults } from "../storage/storage-rules";
import { Stream } from "../storage/stream";
import type { StreamOptions } from "../storage/stream-options";
import { type DelegatedAppOptions, declareAccessAccount, declareDelegatedApp } from "./delegated-app";
import { Monitoring } from "./monitoring";
import {
  type IPlatform,
  NOT_OWNED,
  PlatformContext,
  type PlatformOptions,
  type PlatformReferenceOptions,
} from "./platform";

/** Properties of a platform. */
export interface PlatformConstructProps extends PlatformOptions {
  /**
   * The platform's name, the first part of every name: `prod`. It has lower-case letters, digits and hyphens, and begins
   * with a letter. It is not `monitor` and not `sys`.
   *
   * @default - the construct's id
   */
  readonly platformName?: string;

  /**
   * The names of the platform's nodes, each a NATS user `{platform}-{node}`: `["node-1", "node-2"]`.
   *
   * @default - none
   */
  readonly nodes?: string[];

  /**
   * How nodes prove to the server who they are, by the node's name.
   *
   * @default - a password in the server's environment: `PROD_NODE_1_PASSWORD`
   */
  readonly nodeCredentials?: { [node: string]: Credentials };

  /**
   * How the user `{platform}-terraform` proves to the server who it is.
   *
   * @default - a password in the server's environment: `PROD_TERRAFORM_PASSWORD`
   */
  readonly terraformCredentials?: Credentials;

  /**
   * How the user `{platform}-access-terraform`, who writes the access documents, proves to the server who it is.
   *
   * @default - a password in the server's environment: `PROD_ACCESS_TERRAFORM_PASSWORD`
   */
  readonly accessTerraformCredentials?: Credentials;

  /**
   * Limits of the platform's NATS account.
   *
   * @default - no limits
   */
  readonly accountLimits?: AccountLimits;

  /**
   * Limits of the JetStream of the platform's account. The server sets their bytes aside when it starts, and does not start
   * if the limits of all accounts together are above its `max_file_store` or `max_memory_store`.
   *
   * @default - no limits
   */
  readonly jetStreamLimits?: JetStreamLimits;

  /**
   * The stack of the program that the platform was in before, where that has nothing of it any more: the stack gets the
   * provider without which Terraform could not forget the platform. Remove it once both are applied.
   *
   * @default - none
   */
  readonly movedFrom?: TerraformStack;

  /**
   * The platform that this one was before, for a platform that gets another name, and so another account. Both are declared,
   * until the data is copied and the clients have changed. Each stream, bucket and store of this platform, and of its apps
   * that are called as those of the other, copies the one that is called alike, as an app's `formerly` does, from this account:
   * bring the streams of the other account there by `nats stream backup` and `restore`. Of the platform's bucket the keys
   * `config.…` and `lock.…` are copied.
   *
   * @default - none
   */
  readonly formerly?: IPlatform;

  /**
   * Whether the platform's account is part of the accounts file. Without it you bring the account and its users to the
   * server yourself, for example as JWTs.
   *
   * @default true
   */
  readonly accountsFile?: boolean;

  /**
   * What the account MONITOR receives of the platform.
   *
   * @default Monitoring.LIVE
   */
  readonly monitoring?: Monitoring;

  /**
   * Options of the platform's key-value bucket `{platform}_platform`.
   *
   * @default - the defaults of a key-value bucket
   */
  readonly keyValueStore?: KeyValueStoreOptions;

  /**
   * Options of the bucket `{platform}_access` with the access documents.
   *
   * @default - the defaults of a key-value bucket, without a time to live of single keys
   */
  readonly accessStore?: KeyValueStoreOptions;

  /**
   * Options of the stream `{platform}_events`, which is on the subjects `{platform}._.events.>`.
   *
   * @default - the defaults of a stream
   */
  readonly events?: StreamOptions;

  /**
   * Options of the stream `{platform}_audit`, which is on the subjects `{platform}._.audit.>`.
   *
   * @default - the defaults of a stream, with `denyDelete` and `denyPurge`
   */
  readonly audit?: StreamOptions;
}

/**
 * A platform: its key-value bucket, its streams of events and of audit messages, and what all its apps have in common.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { PlatformConstruct } from "cdktf-nats-platform";
 *
 * const stack = new TerraformStack(new App(), "nats");
 * const prod = new PlatformConstruct(stack, "prod", {
 *   nodes: ["node-1", "node-2"],
 *   servers: ["nats://nats.example.com:4222"],
 * });
 */
export class PlatformConstruct extends StorageOwner implements IPlatform {
  /**
   * A platform that another program owns, so that apps of this program can belong to it.
   *
   * @param scope where to put the reference
   * @param id its id
   * @param platformName the platform's name: `prod`
   * @param options how to reach the platform and what its apps inherit
   */
  public static fromPlatformName(
    scope: Construct,
    id: string,
    platformName: string,
    options: PlatformReferenceOptions = {},
  ): IPlatform {
    return new PlatformReference(scope, id, platformName, options);
  }

  /** The platform's name: `prod`. */
  public readonly platformName: string;

  /** Every name that the convention gives to the platform. */
  public readonly naming: PlatformNaming;

  /** The platform's key-value bucket, for platform-wide locks and configuration: `prod_platform`. */
  public readonly keyValueStore: KeyValueStore;

  /** The bucket with the access documents, in an account of its own: `prod_access`. None with `accessEntries: false`. */
  public readonly accessStore?: KeyValueStore;

  /** The stream of platform-wide events: `prod_events`. */
  public readonly events: Stream;

  /** The stream of audit messages: `prod_audit`. */
  public readonly audit: Stream;

  /** @internal */
  protected readonly _ownership: Ownership;

  private readonly nodeNames: readonly string[];
  private readonly context: PlatformContext;

  /**
   * Declares a platform.
   *
   * @param scope the stack, or a construct in it
   * @param id the construct's id, and the platform's name where `platformName` is left out
   * @param props the platform's properties
   */
  public constructor(scope: Construct, id: string, props: PlatformConstructProps = {}) {
    super(...placed("PlatformConstruct", scope, id));
    mark(this, "IPlatform");
    join(this);
    reportSurplus(this, "PlatformConstruct", arguments);
    props = checkedProps(this, "PlatformConstructProps", props);
    this.platformName = props.platformName ?? id;
    this.naming = PlatformNaming._unchecked(this.platformName, reporterOf(this));
    this.nodeNames = [...(props.nodes ?? [])];
    const program = Program.of(this);
    program.claim("platform", this.platformName, this);
    program.claim("account", this.naming.account, this);
    const { keyValueStore, events, audit: log } = props;
    program.report(
      this,
      ...limitFaults(props.accountLimits, props.jetStreamLimits),
      ...lastingFaults({ keyValueStore, events, audit: log }),
    );
    const context = PlatformContext.create(
      this,
      this.platformName,
      props,
      {
        owned: true,
        inFile: props.accountsFile ?? true,
        jetStream: props.jetStreamLimits ?? {},
        limits: props.accountLimits ?? {},
        monitored: props.retired ? "no" : monitored(props.monitoring),
        servers: (props.servers ?? []).filter((each) => !Token.isUnresolved(each)),
        nodes: props.retired ? [] : this.declareNodes(props),
        terraform: this.declareTerraform(props),
        access: this.declareAccess(props),
        delegated: [],
        documentsGo: props.accessStore?.retired !== undefined,
      },
      nameOrIdFault("platform", "platformName", props.platformName, id),
      this,
      new OwnData(this._formerData(props.formerly, formerFault(props.formerly))),
    );
    this.context = context;
    this._ownership = {
      construct: this,
      platform: this.platformName,
      app: undefined,
      user: undefined,
      account: this.naming.account,
      subjects: this.naming.subjects,
      defaults: context.defaults,
      provider: context.providerFor(this),
      declaredBy: props.owner,
      before: () => [],
      data: context.data,
    };
    const own = this._ownership;
    this.keyValueStore = KeyValueStore._create(own, "KeyValueStore", this.naming.keyValueStore, props.keyValueStore);
    if (context.model.access) this.accessStore = createAccessStore(this, context, props.accessStore);
    this.events = Stream._create(own, "events", props.events);
    const { denyDelete = true, denyPurge = true, ...audit } = props.audit ?? {};
    this.audit = Stream._create(own, "audit", { ...audit, denyDelete, denyPurge });
    if (props.monitoring === Monitoring.HISTORY) this.addConsumer(names.MONITOR.consumer, { stream: this.audit });
    this._declareFormer();
    this.addAccessEntries(context);
    context.letGo(this, props.movedFrom);
  }

  /**
   * Lets another program, as that of another repository, declare an app of the platform, with users for Terraform that can make
   * what this app has and nothing else. The other program refers to the platform by
   * `PlatformConstruct.fromPlatformName(stack, "prod", "prod", { delegatedApp: "search", … })`.
   *
   * Its access documents are in a bucket of their own, `{platform}_{app}_access`, in an account of their own. They can give the
   * app what any app may declare, and say nothing else: whoever writes them does not own the platform.
   *
   * @param appName the app's name: `search`
   * @param options what the other program may make for it
   */
  public delegateApp(appName: string, options: DelegatedAppOptions = {}): void {
    const call = "PlatformConstruct.delegateApp";
    [appName, options] = checkedArguments(this, call, [appName, options] as const);
    options = checkedProps(this, "DelegatedAppOptions", options, appName, call);
    const program = Program.of(this);
    const { model } = this.context;
    program.report(
      this,
      nameFault("app", appName, names.prefixes(this.platformName)),
      !model.access && { ...NO_ENTRIES_FAULT, value: appName },
    );
    program.atSynth(() =>
      problemsOf(this, [model.apps.some(({ app }) => app === appName) && declaredHereFault(appName)]),
    );
    const naming = AppNaming._unchecked(this.platformName, appName, reporterOf(this));
    const delegated = declareDelegatedApp(this, naming, options);
    model.delegated.push(delegated);
    this.addDelegatedEntries(delegated);
    if (!delegated.account) return;
    this.context.republish("events");
    if (model.monitored !== "no") this.context.republish("audit");
  }

  /** The names of the platform's nodes. */
  public get nodes(): string[] {
    return [...this.nodeNames];
  }

  private declareNodes({ nodeCredentials = {}, privateInbox }: PlatformConstructProps): UserModel[] {
    const program = Program.of(this);
    const nodes = this.nodeNames;
    for (const stray of Object.keys(nodeCredentials).filter((name) => !nodes.includes(name))) {
      program.report(this, {
        what: "credentials are given for a node that the platform does not have",
        value: stray,
        allowed: nodes.join(", ") || "none: the platform has no nodes",
        fix: "Correct the node's name, or add it to nodes",
      });
    }
    return nodes.flatMap((node, index) => {
      program.report(this, nameFault("node", node, names.prefixes(this.platformName)));
      if (nodes.indexOf(node) < index) {
        program.report(this, {
          what: "node is named twice",
          value: node,
          allowed: "each node once",
          fix: "Remove one of the two",
        });
        return [];
      }
      const user = declareUser(this, {
        name: names.user(this.platformName, node),
        role: "node",
        permissionSet: privateInbox ? undefined : names.permissionSet.nodes(this.platformName),
        clients: ALL_CLIENTS,
        group: this.platformName,
        inboxPrefix: privateInbox ? names.inboxPrefix(this.platformName, node) : names.DEFAULT_INBOX_PREFIX,
        credentials: ownEntry(nodeCredentials, node),
      });
      give(this, user, "node", { platform: this.platformName });
      return [user];
    });
  }

  private declareTerraform({ terraformCredentials, servers }: PlatformConstructProps): UserModel {
    Program.of(this).report(this, servers && nkeyFault("provider", terraformCredentials));
    const user = declareTerraformUser(this, this.naming.terraformUser, terraformCredentials);
    user.grants.push(
      ...terraformGrants(user, grant(user, "terraform.formerEntries", { bucket: this.naming.keyValueStore })),
    );
    return user;
  }

  private declareAccess(props: PlatformConstructProps): PlatformModel["access"] {
    const { accessEntries, accessTerraformCredentials, servers, accessProvider } = props;
    if (accessEntries === false) return undefined;
    Program.of(this).report(
      this,
      servers && !accessProvider && nkeyFault("accessProvider", accessTerraformCredentials),
    );
    return declareAccessAccount(this, this.platformName, undefined, accessTerraformCredentials);
  }

  private addDelegatedEntries({ access, account, terraform }: DelegatedAppModel): void {
    for (const each of [access, account]) {
      if (!each) continue;
      if (each.terraform) this.context.addUserEntry(this, each.terraform, each.name, this._ownership);
      this.context.addAccessEntry(this, names.accessKey.account(each.name), this._ownership);
    }
    if (terraform) this.context.addUserEntry(this, terraform, undefined, this._ownership);
  }

  private addAccessEntries(context: PlatformContext): void {
    const { nodes, terraform, access, monitored } = context.model;
    const add = (key: string) => context.addAccessEntry(this, key, this._ownership);
    add(names.accessKey.account(this.naming.account));
    for (const { name } of terraform ? [...nodes, terraform] : nodes) add(names.accessKey.user(name));
    if (access) context.addUserEntry(this, access.terraform, access.name, this._ownership);
    const shared = monitored === "no" ? [names.ACCESS] : [names.ACCESS, names.MONITOR];
    add(names.accessKey.account(this.naming.accessAccount));
    for (const { user, account } of shared) {
      add(names.accessKey.user(user));
      add(names.accessKey.account(account));
    }
  }
}

refuseSurplus(PlatformConstruct.prototype, "PlatformConstruct");
refuseSurplus(PlatformConstruct, "PlatformConstruct", (_, made) => atConstruct(made));

/** What is wrong with an nkey of a user for whom a provider with a password is made of servers. */
function nkeyFault(option: "provider" | "accessProvider", credentials: Credentials | undefined): Fault | undefined {
  if (credentials?._model.kind !== "nkey") return undefined;
  return {
    what: `servers is given together with an nkey for the Terraform user of ${option}`,
    allowed: `servers with a password for the Terraform user, or ${option} with its nkey`,
    fix: `Make a JetstreamProvider with the nkey and give it as ${option}`,
  };
}

const formerFault = (formerly: IPlatform | undefined): Fault => ({
  what: "formerly is no platform that this program declares",
  value: formerly?.platformName,
  allowed: "a PlatformConstruct of the same program",
  fix: "Declare the platform under its former name too, until its data is copied",
});

function monitored(monitoring: Monitoring | undefined): PlatformModel["monitored"] {
  if (monitoring === Monitoring.NONE) return "no";
  return monitoring === Monitoring.HISTORY ? "history" : "live";
}

const declaredHereFault = (value: string): Fault => ({
  what: "an app is delegated to another program and declared in this one",
  value,
  allowed: "one of the two",
  fix: "Remove delegateApp, or declare the app in the other program",
});

const NO_ENTRIES_FAULT: Fault = {
  what: "an app is delegated by a platform without access entries",
  allowed: "accessEntries: true on the platform: the other program writes access documents of the app",
  fix: "Remove accessEntries: false, or declare the app in this program",
};

/** The bucket of access documents, below the construct that they are of. */
function createAccessStore(
  owner: Construct,
  context: PlatformContext,
  options: KeyValueStoreOptions = {},
): KeyValueStore {
  const { naming, model, defaults } = context;
  const ownership: Ownership = {
    construct: owner,
    platform: naming.platform,
    app: model.delegatedTo,
    user: undefined,
    account: names.accessAccount(naming.platform, model.delegatedTo),
    subjects: naming.subjects,
    defaults,
    provider: context.accessProviderFor(owner),
    declaredBy: context.options.owner,
    before: () => [],
    data: new OwnData(),
  };
  return KeyValueStore._create(ownership, "AccessStore", context.accessStoreName, {
    limitMarkerTtlSeconds: 0,
    adopt: false,
    ...options,
  });
}

/** A platform that another program owns; makes no resource but the bucket for the documents of an app that it delegates. */
class PlatformReference extends Construct implements IPlatform {
  public readonly platformName: string;
  public readonly naming: PlatformNaming;
  public readonly accessStore?: KeyValueStore;

  public constructor(scope: Construct, id: string, platformName: string, options: PlatformReferenceOptions) {
    super(...placed("PlatformConstruct.fromPlatformName", scope, id));
    mark(this, "IPlatform");
    join(this);
    const given = [scope, id, platformName, options] as const;
    const [, , name, all] = checkedArguments(this, "PlatformConstruct.fromPlatformName", given);
    const checked = checkedProps(this, "PlatformReferenceOptions", all);
    this.platformName = name;
    const { delegatedApp: app, accessEntries } = checked;
    const fault = app === undefined ? undefined : nameFault("app", app, names.prefixes(name));
    Program.of(this).report(this, fault, app !== undefined && accessEntries === false && DELEGATED_ENTRIES_FAULT);
    const model = app === undefined ? NOT_OWNED : { ...NOT_OWNED, monitored: "live" as const };
    const context = PlatformContext.create(this, name, checked, model, undefined, this);
    this.naming = context.naming;
    if (app !== undefined && accessEntries !== false) this.accessStore = createAccessStore(this, context);
  }
}

const DELEGATED_ENTRIES_FAULT: Fault = {
  what: "a delegated app has no access entries",
  allowed: "delegatedApp with access entries: they are all that the servers learn of the app",
  fix: "Remove accessEntries: false",
};
