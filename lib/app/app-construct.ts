import type { TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type CapabilityName, MESSAGING } from "../access/capabilities";
import { ALL_CLIENTS, type NatsClient } from "../access/clients";
import type { Credentials } from "../access/credentials";
import type { GrantValues } from "../access/grant";
import { Isolation } from "../access/isolation";
import { type AccountLimits, type JetStreamLimits, limitFaults } from "../access/limits";
import { type AppAccountModel, subjectsOf, type UserModel } from "../access/models";
import type * as jetstream from "../jetstream";
import { AppNaming } from "../naming/app-naming";
import { componentKeyFault } from "../naming/key-rules";
import { nameFault, nameOrIdFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { type DocumentOwner, type IPlatform, PlatformContext } from "../platform/platform";
import { checkedArguments, checkedProps, ofCall, placed } from "../problems/checked-props";
import type { Fault, Faults } from "../problems/fault";
import { kindOf, mark } from "../problems/kinds";
import { Program, problemsOf, reporterOf } from "../problems/program";
import { atConstruct, refuseSurplus, reportSurplus } from "../problems/surplus";
import { declareUser, give } from "../program/declare-user";
import { join } from "../program/synth-guard";
import type { ConsumedStream } from "../storage/consumed-stream";
import { Consumer } from "../storage/consumer";
import type { ConsumerOptions } from "../storage/consumer-options";
import type { EventsConsumerOptions } from "../storage/consumer-props";
import type { ConsumerSettings } from "../storage/consumer-rules";
import type { OwnStream } from "../storage/foreign-stream";
import { KeyValueStore, type KeyValueStoreOptions } from "../storage/key-value-store";
import { ObjectStore, type ObjectStoreOptions } from "../storage/object-store";
import { type Ownership, storageDefaults, withDefaults } from "../storage/ownership";
import type { StorageDefaults } from "../storage/storage-options";
import { StorageOwner } from "../storage/storage-owner";
import { lastingFaults, storageFaults } from "../storage/storage-rules";
import { Stream } from "../storage/stream";
import type { StreamOptions } from "../storage/stream-options";
import { givenPatternFault } from "../storage/subject-rules";
import { apiCallFaults, closedCallFault, foreignAppFault, otherPlatformFault, retiredAppFault } from "./api-calls";
import type { IApp } from "./app";
import { declareAppAccount, declareMessagingAccount } from "./app-account";
import { AppReference } from "./app-reference";
import { Litestream, type LitestreamOptions } from "./litestream";

/** Properties of an app. */
export interface AppConstructProps extends StorageDefaults {
  /**
   * The app's name, the second part of its names: `convex`. It has lower-case letters, digits and hyphens, and begins with
   * a letter. It is not `access`, `platform`, `events`, `audit` or `terraform`.
   *
   * @default - the construct's id
   */
  readonly appName?: string;

  /**
   * The platform that the app belongs to, for an app that is not declared inside of it, such as one in another stack.
   *
   * @default - the platform that the app is declared in
   */
  readonly platform?: IPlatform;

  /**
   * The provider to use in the app's stack.
   *
   * @default - as the platform says
   */
  readonly provider?: jetstream.JetstreamProvider;

  /**
   * The provider for the app's access documents in the app's stack, whose user is in the account `{PLATFORM}_ACCESS`.
   *
   * @default - as the platform says
   */
  readonly accessProvider?: jetstream.JetstreamProvider;

  /**
   * The stack of the program that the app was in before, where that has nothing else of the platform, or the app an account of
   * its own: the stack gets the providers without which Terraform could not forget the app. Remove it once both are applied.
   *
   * @default - none
   */
  readonly movedFrom?: TerraformStack;

  /**
   * The app that this one was before, for an app that gets another name. Both are declared, until the data is copied and the
   * clients have changed: each stream, bucket and store of this app copies the one of the other that is called alike, under its
   * own subjects and in the same order, and goes on until the other is `retired`. Work queues, streams by interest, and streams
   * that have a mirror, sources or a transform are not copied. Copies have new sequence numbers, `maxAgeSeconds` counts anew,
   * and consumers begin anew. If the other app's data is in another account (it has another platform, or `Isolation.ACCOUNT`),
   * bring its streams into this one first, by `nats stream backup` and `restore`.
   *
   * @default - the app of the same name of the platform that this platform was `formerly`
   */
  readonly formerly?: IApp;

  /**
   * How the app is kept apart from the others. With `Isolation.ACCOUNT` it has an account `{PLATFORM}_{APP}` with its own
   * JetStream, where its bucket, streams and stores are, and a Terraform user of its own, `{platform}-{app}-terraform`.
   * Nothing leads into that account or out of it. What the app declares to do with others, it does as a second user
   * `{platform}-{app}-messaging`, in an account `{PLATFORM}_{APP}_MESSAGING` without JetStream; it has these only if it
   * declares something of the kind. Its audit messages, its health and live events are to be declared too. It cannot take
   * platform locks, and it can read keys of the platform's configuration but not watch them. A later change would
   * move the app to an account without its data; a plan refuses that.
   *
   * @default - as the platform says
   */
  readonly isolation?: Isolation;

  /**
   * Limits of each of the app's accounts, with `Isolation.ACCOUNT`.
   *
   * @default - no limits
   */
  readonly accountLimits?: AccountLimits;

  /**
   * Limits of the JetStream of the app's account, with `Isolation.ACCOUNT`. Nothing else stops a hostile app from filling
   * disk and memory of the server, so without `maxFileBytes` and `maxMemoryBytes` synth warns (NP011). The server sets
   * the bytes aside when it starts. It does not start if the limits of all accounts together are above its
   * `max_file_store` or `max_memory_store`.
   *
   * @default - no limits
   */
  readonly jetStreamLimits?: JetStreamLimits;

  /**
   * How the user `{platform}-{app}-terraform` proves to the server who it is, with `Isolation.ACCOUNT`.
   *
   * @default - a password in the server's environment: `PROD_CONVEX_TERRAFORM_PASSWORD`
   */
  readonly terraformCredentials?: Credentials;

  /**
   * How the user `{platform}-{app}-messaging` proves to the server who it is, with `Isolation.ACCOUNT`.
   *
   * @default - a password in the server's environment: `PROD_CONVEX_MESSAGING_PASSWORD`
   */
  readonly messagingCredentials?: Credentials;

  /**
   * Which platform events the app receives as they are published, as patterns below `{platform}._.events`:
   * `["order.>"]`; none with an empty list. Events that are stored are fetched by `consumeEvents`, with or without this.
   *
   * @default - all; none with `Isolation.ACCOUNT`
   */
  readonly liveEvents?: string[];

  /**
   * How the app proves to the server who it is.
   *
   * @default - a password in the server's environment: `PROD_CONVEX_PASSWORD`
   */
  readonly credentials?: Credentials;

  /**
   * The client libraries that the app uses. The fewer, the fewer permissions it has.
   *
   * @default - all
   */
  readonly clients?: NatsClient[];

  /**
   * Whether the app has an inbox of its own, `_INBOX_{platform}_{app}`, in place of `_INBOX`, where every user of the
   * account can read the replies of all others. Its clients must then set this inbox prefix.
   *
   * @default - as the platform says
   */
  readonly privateInbox?: boolean;

  /**
   * Options of the app's key-value bucket `{platform}_{app}`, which every app has.
   *
   * @default - the defaults of a key-value bucket
   */
  readonly keyValueStore?: KeyValueStoreOptions;

  /**
   * Gives the app a stream `{platform}_{app}_wal` for its write-ahead log, on the subjects `{platform}.{app}.wal.>`.
   *
   * @default - none
   */
  readonly wal?: StreamOptions;

  /**
   * Gives the app an object store `{platform}_{app}_snapshots` for its snapshots.
   *
   * @default - none
   */
  readonly snapshots?: ObjectStoreOptions;
}

/**
 * An app of a platform: its key-value bucket and whatever else it needs.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { AppConstruct, PlatformConstruct } from "cdktf-nats-platform";
 *
 * const stack = new TerraformStack(new App(), "nats");
 * const prod = new PlatformConstruct(stack, "prod", { servers: ["nats://nats.example.com:4222"] });
 * const convex = new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
 * convex.serveApi("query");
 * new AppConstruct(prod, "cache").callApi(convex, "query");
 */
export class AppConstruct extends StorageOwner implements IApp {
  /**
   * An app in the account of its platform that another program declares, so that apps of this program can call it.
   *
   * @param scope where to put the reference
   * @param id its id
   * @param appName the app's name: `convex`
   * @param platform the app's platform, by default the one that the reference is in
   */
  public static fromAppName(scope: Construct, id: string, appName: string, platform?: IPlatform): IApp {
    return new AppReference(scope, id, appName, platform);
  }

  /** The app's name: `convex`. */
  public readonly appName: string;

  /** Every name that the convention gives to the app. */
  public readonly naming: AppNaming;

  /** The NATS account that the app's data is in: `PROD`, or `PROD_CONVEX` for an isolated app. */
  public readonly accountName: string;

  /** The app's key-value bucket, for its keys, locks and elections: `prod_convex`. */
  public readonly keyValueStore: KeyValueStore;

  /** The stream of the app's write-ahead log, if it has one: `prod_convex_wal`. */
  public readonly wal?: Stream;

  /** The object store of the app's snapshots, if it has one: `prod_convex_snapshots`. */
  public readonly snapshots?: ObjectStore;

  /** @internal */
  public readonly _user: UserModel;

  /** @internal whether it is to go */
  public readonly _goes: boolean;

  /** @internal */
  protected readonly _ownership: Ownership;

  private readonly context: PlatformContext;
  private readonly props: AppConstructProps;
  private messagingUser: UserModel | undefined;
  private litestreamUser: UserModel | undefined;

  /**
   * Declares an app.
   *
   * @param scope the platform, or a construct in this or another stack
   * @param id the construct's id, and the app's name where `appName` is left out
   * @param props the app's properties
   */
  public constructor(scope: Construct, id: string, props: AppConstructProps = {}) {
    super(...placed("AppConstruct", scope, id));
    mark(this, "IApp");
    join(this);
    reportSurplus(this, "AppConstruct", arguments);
    props = checkedProps(this, "AppConstructProps", props);
    this.props = props;
    Program.of(this).report(
      this,
      ...storageFaults(props),
      ...lastingFaults({ keyValueStore: props.keyValueStore }),
      clientsFault(props.clients),
    );
    this.appName = props.appName ?? id;
    this.context = PlatformContext.of(this, props.platform);
    const before = names.prefixes(this.context.naming.platform);
    Program.of(this).report(this, nameOrIdFault("app", "appName", props.appName, id, before));
    this.naming = AppNaming._unchecked(this.context.naming.platform, this.appName, reporterOf(this));
    const { delegatedTo } = this.context.model;
    if (delegatedTo !== undefined && delegatedTo !== this.appName) {
      Program.of(this).report(this, notDelegatedFault(this.appName, delegatedTo));
    }
    Program.of(this).claim("app", `${this.naming.platform}.${this.appName}`, this);
    const isolated = (props.isolation ?? this.context.options.isolation) === Isolation.ACCOUNT;
    const account = isolated ? declareAppAccount(this, this.naming, this.context, props) : undefined;
    if (!isolated) {
      const limits = limitFaults(props.accountLimits, props.jetStreamLimits);
      Program.of(this).report(this, strayAccountFault(props), ...limits);
    }
    this._user = declareUser(this, {
      app: this.appName,
      account: account?.model,
      name: this.naming.user,
      role: "app",
      clients: props.clients ?? ALL_CLIENTS,
      group: this.naming.user,
      inboxPrefix: this.context.inboxPrefix(this.appName, props.privateInbox),
      credentials: props.credentials,
    });
    this.accountName = account?.model.name ?? this.context.naming.account;
    this._ownership = {
      construct: this,
      platform: this.naming.platform,
      app: this.appName,
      user: this._user,
      account: this.accountName,
      subjects: this.naming.subjects,
      defaults: withDefaults(storageDefaults(props), this.context.defaults),
      provider: account ? account.connection.providerFor(this) : this.sharedProvider(),
      declaredBy: this.context.options.owner,
      before: (construct) => this.keyValueStore._before(construct),
      data: this.context.data.ofApp(this.appName, this._formerData(props.formerly, formerFault(props.formerly))),
    };
    this._goes = this._ownership.defaults.retired !== undefined;
    this.allowWhatEveryAppDoes();
    const own = this._ownership;
    this.keyValueStore = KeyValueStore._create(own, "KeyValueStore", this.naming.keyValueStore, props.keyValueStore);
    if (props.wal) this.wal = Stream._create(own, "wal", props.wal);
    if (props.snapshots) this.snapshots = ObjectStore._create(own, "snapshots", props.snapshots);
    this._declareFormer();
    this.addToPlatform(account?.model);
    this.context.letGo(this, props.movedFrom, account?.connection);
    if (isolated && props.messagingCredentials) this.checkAtSynth(() => [!this.messagingUser && STRAY_MESSAGING_FAULT]);
  }

  /** @internal the user that talks to others: a second one, where the app is isolated and declares something of the kind */
  public get _speaker(): UserModel {
    return this.messagingUser ?? this._user;
  }

  /**
   * Lets the app publish platform events.
   *
   * @param subjects which, as patterns below `{platform}._.events`: `user.>`
   */
  public publishEvents(...subjects: string[]): void {
    for (const subject of this.checkedPatterns("publishEvents", "event subject", "events", subjects)) {
      const outbox = names.outboxSubject(this.naming.platform, subject);
      const offered = this.context.naming.componentSubjects("events");
      this.allow("events.publish", { subjects: this.platformSubject("events", subject), outbox, offered });
    }
    this.checkRollUps("events");
  }

  /**
   * Lets the app consume stored platform events: makes the durable consumer `{app}` on `{platform}_events` and lets the
   * app fetch and acknowledge its messages.
   *
   * @param options which events, and the consumer's options
   */
  public consumeEvents(options: EventsConsumerOptions = {}): Consumer {
    const call = "AppConstruct.consumeEvents";
    [options] = checkedArguments(this, call, [options]);
    const { subjects, name, ...consumer } = checkedProps(this, "EventsConsumerOptions", options, "", call);
    const program = Program.of(this);
    if (name !== undefined) program.report(this, nameFault("consumer", name, this.consumerPrefixes()));
    if (subjects?.length === 0) program.report(this, noneFault("event subject"));
    const events = subjects && this.checked("event subject", "events", subjects);
    const filterSubjects = events?.length ? events.map((each) => this.platformSubject("events", each)) : undefined;
    const consumerName = name === undefined ? this.appName : names.resource(this.appName, name);
    return this.consumeOfPlatform(consumerName, this.context.events(), { ...consumer, filterSubjects });
  }

  /**
   * Lets an isolated app write its part of the platform's audit log: `{platform}._.audit.{app}.>`. Every app in the
   * platform's account may do that anyway.
   */
  public publishAudit(): void {
    if (this._goes || !this._user.account || subjectsOf(this._speaker, "audit.publish").length > 0) return;
    this.allowAudit();
    this.checkRollUps("audit");
    if (this.context.model.monitored !== "no") this.context.republish("audit");
  }

  /**
   * Lets an isolated app publish its health, `{platform}.{app}.health.>`, so that MONITOR receives it. Every app in the
   * platform's account may do that anyway.
   */
  public publishHealth(): void {
    if (!this._user.account || subjectsOf(this._speaker, "health.publish").length > 0) return;
    this.allow("health.publish", { subjects: this.naming.componentSubjects("health") });
  }

  /**
   * Lets the app answer calls on `{platform}._.api.{app}.{name}`.
   *
   * @param apiNames the names, as patterns: `query`, `admin.>`
   */
  public serveApi(...apiNames: string[]): void {
    for (const name of this.checkedPatterns("serveApi", "API name", "api", apiNames)) {
      this.allow("service.serve", { subjects: this.platformSubject("api", `${this.appName}.${name}`) });
    }
  }

  /**
   * Lets the app call another app of its platform, which must serve what is called.
   *
   * @param app the other app
   * @param apiNames what is called, as patterns: `query`
   */
  public callApi(app: IApp, ...apiNames: string[]): void {
    const call = "AppConstruct.callApi";
    const [server, ...given] = checkedArguments(this, call, [app, ...apiNames] as const);
    if (kindOf(server) !== "IApp") {
      if (server || !app) Program.of(this).report(this, ofCall(call, foreignAppFault(server)));
      return;
    }
    if (apiNames.length === 0) Program.of(this).report(this, ofCall(call, noneFault("API name")));
    for (const name of this.checked("API name", "api", given)) {
      const subjects = this.platformSubject("api", `${server.appName}.${name}`);
      this.allow("service.call", { subjects }, declaredApp(server)?._user.source);
      if (this._goes) continue;
      this.checkAtSynth(() => this.callFaults(server, subjects));
    }
  }

  /**
   * Lets the app take, renew and release platform-wide locks: the keys `lock.{name}` of `{platform}_platform`. Whoever
   * can write one key of a bucket can wipe the bucket, with a roll-up; so an app with an account of its own cannot have a
   * lock there.
   *
   * @param lockNames the locks' names: `global-migration`
   */
  public usePlatformLocks(...lockNames: string[]): void {
    const keys = this.platformKeys("usePlatformLocks", "lock name", "lock", lockNames);
    if (this._user.account) {
      Program.of(this).report(this, LOCK_FAULT);
      return;
    }
    for (const key of keys) {
      this.allow("sharedKv.readKey", key);
      this.allow("sharedKv.writeKey", key);
    }
  }

  /**
   * Lets the app read and watch keys of the platform's configuration: `config.{name}` of `{platform}_platform`. Clients
   * of nats.js must open the bucket with `allow_direct`; nats.py can read the keys but not watch them.
   *
   * @param keyNames the keys' names: `flags`
   */
  public readPlatformConfig(...keyNames: string[]): void {
    for (const key of this.platformKeys("readPlatformConfig", "key name", "config", keyNames)) {
      this.allow("sharedKv.readKey", key);
    }
  }

  /**
   * Lets Litestream replicate a SQLite database of the app into one of its object stores, as a user of its own:
   * `{platform}-{app}-litestream`. It keeps the inbox `_INBOX`, since Litestream cannot set another. Call it once for
   * each database, and give each a `replicaPath`.
   *
   * @param options the database and the store
   */
  public addLitestream(options: LitestreamOptions): Litestream {
    [options] = checkedArguments(this, "AppConstruct.addLitestream", [options]);
    options = checkedProps(this, "LitestreamOptions", options, "", "AppConstruct.addLitestream");
    const store = options.objectStore ?? this.snapshots;
    const server = options.server ?? this.context.options.servers?.[0];
    const { naming, _user: app, litestreamUser: user } = this;
    const litestream = Litestream._create({ construct: this, naming, app, store, server, user }, options);
    if (!user && !this._goes) this.context.addAppUser(litestream, litestream._user, this.asDocumentOwner());
    this.litestreamUser = litestream._user;
    return litestream;
  }

  /** @internal a consumer on a stream of the platform */
  protected override _consumeShared(name: string, stream: OwnStream, settings: ConsumerOptions): Consumer | undefined {
    const { platform, app } = stream._owner;
    if (app !== undefined || platform !== this.naming.platform) return undefined;
    return this.consumeOfPlatform(names.resource(this.appName, name), stream._consumed, settings);
  }

  /** What stands before the last part of the name of a consumer that the app has in the platform's account. */
  private consumerPrefixes(): string[] {
    return [...names.prefixes(this.naming.platform, this.appName), `${this.appName}_`];
  }

  private consumeOfPlatform(name: string, stream: ConsumedStream, settings: ConsumerSettings): Consumer {
    if (this._user.account && this.context.isDelegated) Program.of(this).report(this, DELEGATED_CONSUMER_FAULT);
    const consumer = Consumer._create(this.onPlatform(), name, stream, settings);
    this.allow("consumer.bindShared", { stream: consumer.streamName, consumer: consumer.consumerName });
    return consumer;
  }

  /** The app as the owner of something in the platform's account. */
  private onPlatform(): Ownership {
    return this._user.account ? { ...this._ownership, provider: this.context.providerFor(this) } : this._ownership;
  }

  /** Adds the app's user and account to the platform. What is retired keeps the account of its data and a way to reach both. */
  private addToPlatform(account: AppAccountModel | undefined): void {
    if (this._goes) {
      this.onPlatform();
      this.context.accessProviderFor(this, this.props.accessProvider);
      if (account) this.context.addRetiredAccount(account);
      return;
    }
    this.context.addAppUser(this, this._user, this.asDocumentOwner());
    if (account && !this.context.isDelegated) this.context.addDataAccount(this, account, this.asDocumentOwner());
  }

  private asDocumentOwner(): DocumentOwner {
    const { before, defaults } = this._ownership;
    return { before, defaults, accessProvider: this.props.accessProvider };
  }

  private callFaults(server: IApp, subjects: string): Faults {
    const declared = declaredApp(server);
    if (server.naming.platform !== this.naming.platform) return [otherPlatformFault(server, subjects)];
    if (!declared) return [this._user.account && !this.context.isDelegated && closedCallFault(server, subjects)];
    return declared._goes ? [retiredAppFault(server, subjects)] : apiCallFaults(declared._speaker, subjects);
  }

  private allowWhatEveryAppDoes(): void {
    this.allow("core.publish", { subjects: this.naming.subjects });
    this.allow("core.subscribe", { subjects: this.naming.subjects });
    this.allow("inbox", {});
    this.allowLiveEvents(this.props.liveEvents ?? (this._user.account ? [] : [">"]));
    if (!this._user.account) this.allowAudit();
  }

  private allowLiveEvents(events: readonly string[]): void {
    if (events.length === 0 || this._goes) return;
    const offered = names.liveSubjects(this.naming.platform, "events");
    for (const event of this.checked("event subject", "events", events)) {
      const live = names.liveSubject(this.naming.platform, "events", event);
      this.allow("events.live", { subjects: this.platformSubject("events", event), live, offered });
    }
    if (this._user.account) this.context.republish("events");
  }

  private allowAudit(): void {
    const offered = this.context.naming.componentSubjects("audit");
    this.allow("audit.publish", { subjects: this.platformSubject("audit", `${this.appName}.>`), offered });
  }

  private allow(capability: CapabilityName, values: GrantValues, server?: string): void {
    if (this._goes) return;
    const user = this._user.account && MESSAGING.has(capability) ? this.messaging() : this._user;
    give(this, user, capability, { platform: this.naming.platform, ...values }, server);
  }

  /** The user of an isolated app that exchanges messages with others, made with its account when it is first needed. */
  private messaging(): UserModel {
    if (this.messagingUser) return this.messagingUser;
    const { clients, inboxPrefix, group } = this._user;
    const account = declareMessagingAccount(this, this.naming, this.props.accountLimits);
    const user = declareUser(this, {
      app: this.appName,
      account,
      name: this.naming.messagingUser,
      role: "messaging",
      clients,
      group,
      inboxPrefix,
      credentials: this.props.messagingCredentials,
    });
    give(this, user, "inbox", {});
    this.messagingUser = user;
    this.context.model.apps.push(user);
    this.context.addMessagingAccount(this, account, user, this.asDocumentOwner());
    return user;
  }

  /** Refuses roll-ups in a stream of the platform to which an isolated app publishes. */
  private checkRollUps(component: "events" | "audit"): void {
    if (!this._user.account) return;
    this.checkAtSynth(() => {
      const stream = this.context.stored[component];
      return [stream?._rollsUp && rollUpFault(stream.streamName)];
    });
  }

  private checkAtSynth(check: () => Faults): void {
    Program.of(this).atSynth(() => problemsOf(this, check()));
  }

  private platformSubject(component: string, target: string): string {
    return names.subject(this.naming.platform, names.PLATFORM_SCOPE, component, target);
  }

  private platformKeys(
    method: string,
    what: string,
    component: "lock" | "config",
    given: readonly string[],
  ): GrantValues[] {
    return this.checkedNames(method, given, noneFault(what, "Give one")).map((name) => {
      Program.of(this).report(
        this,
        componentKeyFault("platform", component, name),
        repeatedFault("key", component, name),
      );
      return { bucket: this.context.naming.keyValueStore, key: `${component}.${name}` };
    });
  }

  /** What is given to a method that takes any number of names or patterns, and needs one. */
  private checkedNames(method: string, given: readonly string[], none: Fault): readonly string[] {
    const call = `AppConstruct.${method}`;
    if (given.length === 0) Program.of(this).report(this, ofCall(call, none));
    return checkedArguments(this, call, given);
  }

  private checkedPatterns(
    method: string,
    what: string,
    component: string,
    given: readonly string[],
  ): readonly string[] {
    return this.checked(what, component, this.checkedNames(method, given, noneFault(what)));
  }

  private checked(what: string, component: string, patterns: readonly string[]): readonly string[] {
    const below = this.context.naming.componentSubjects(component).replace(/\.>$/, "");
    Program.of(this).report(
      this,
      ...patterns.map((pattern) => givenPatternFault(what, pattern) ?? repeatedFault(what, below, pattern)),
    );
    return patterns;
  }

  private sharedProvider(): TerraformProvider | undefined {
    const { provider } = this.props;
    if (!provider) return this.context.providerFor(this);
    this.context.checkProvider(this, provider);
    return provider;
  }
}

refuseSurplus(AppConstruct.prototype, "AppConstruct");
refuseSurplus(AppConstruct, "AppConstruct", (_, made) => atConstruct(made));

/** An app that this program declares; undefined for a reference to one of another program. */
const declaredApp = (app: IApp) => ((app as Partial<AppConstruct>)._user ? (app as AppConstruct) : undefined);

const noneFault = (what: string, fix = "Give one; `>` stands for all"): Fault => ({
  what: `no ${what} is given`,
  allowed: "one or more",
  fix,
});

/** What is wrong with a subject that is given from its beginning, where only the rest belongs. */
function repeatedFault(what: string, below: string, pattern: string): Fault | undefined {
  if (typeof pattern !== "string" || !pattern.startsWith(`${below}.`)) return undefined;
  return {
    what: `${what} repeats what stands before it`,
    value: pattern,
    allowed: `what comes behind ${below}.`,
    fix: `Leave out ${below}.`,
  };
}

const formerFault = (formerly: IApp | undefined): Fault => ({
  what: "formerly is no app of this program",
  value: formerly?.appName,
  allowed: "an AppConstruct of the same program",
  fix: "Declare the app under its former name too, until its data is copied",
});

const rollUpFault = (stream: string): Fault => ({
  what: "app has an account of its own and publishes to a stream whose messages may roll up others",
  value: stream,
  allowed: "a stream without allowRollup: one message can delete all of the others",
  fix: "Remove allowRollup from the platform's stream",
});

const notDelegatedFault = (value: string, app: string): Fault => ({
  what: "app is not the one that the platform delegates to this program",
  value,
  allowed: app,
  fix: "Declare it in another program, by a reference of its own",
});

const DELEGATED_CONSUMER_FAULT: Fault = {
  what: "app has an account of its own, is delegated, and has a consumer of a stream of the platform",
  allowed: "such a consumer of an app that is in the platform's account or in the program of the platform",
  fix: "Receive events by liveEvents, or declare the app in the program of the platform",
};

const LOCK_FAULT: Fault = {
  what: "app has an account of its own and takes a platform lock",
  allowed:
    "platform locks for apps in the platform's account: who can write one key can wipe the bucket with a roll-up",
  fix: "Let an app of the platform's account take the lock on a call of its API, or use a lock in the app's own bucket",
};

const ACCOUNT_PROPS = ["accountLimits", "jetStreamLimits", "terraformCredentials", "messagingCredentials"] as const;

const STRAY_MESSAGING_FAULT: Fault = {
  what: "messagingCredentials is given for an app that exchanges no messages with others",
  allowed: "messagingCredentials for an isolated app that declares events, an API, audit, health or configuration",
  fix: "Remove messagingCredentials, or declare what the app does with others",
};

function strayAccountFault(props: AppConstructProps): Fault | undefined {
  const stray = ACCOUNT_PROPS.find((name) => props[name]);
  if (!stray) return undefined;
  return {
    what: `${stray} is given for an app without an account of its own`,
    allowed: `${stray} together with Isolation.ACCOUNT`,
    fix: `Add isolation: Isolation.ACCOUNT, or remove ${stray}`,
  };
}

function clientsFault(clients: readonly NatsClient[] | undefined): Fault | undefined {
  if (clients?.length !== 0) return undefined;
  const allowed = ALL_CLIENTS.join(", ");
  return { what: "clients is empty", value: [], allowed, fix: "Name a client, or leave clients out for all" };
}
