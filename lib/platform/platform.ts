import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import type { Isolation } from "../access/isolation";
import type { AppAccountModel, PlatformModel, UserModel } from "../access/models";
import { inOrder } from "../collections/order";
import { stackDocument } from "../documents/whole-stack";
import type * as jetstream from "../jetstream";
import { keyFault } from "../naming/key-rules";
import { nameFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { PlatformNaming } from "../naming/platform-naming";
import type { Fault } from "../problems/fault";
import { placeholder } from "../problems/placeholder";
import { Program, reporterOf } from "../problems/program";
import { declare } from "../program/declaration";
import { hclFault } from "../program/hcl-output";
import { ProgramAccounts } from "../program/program-accounts";
import { type ConsumedStream, unknownStream } from "../storage/consumed-stream";
import { OwnData } from "../storage/former-data";
import type { KeyValueStore } from "../storage/key-value-store";
import { addressOf, freeId } from "../storage/managed-resource";
import { type Ownership, storageDefaults } from "../storage/ownership";
import { comesAfter } from "../storage/stack-order";
import { RemovedBlocks } from "../storage/state-blocks";
import type { StorageDefaults } from "../storage/storage-options";
import { ownerFault, storageFaults } from "../storage/storage-rules";
import type { Stream } from "../storage/stream";
import { AccessEntry } from "./access-entry";
import { Connection, type ConnectionOptions, connectionFaults } from "./platform-connection";

/** A platform that apps belong to: a `PlatformConstruct`, or one that another program owns. */
export interface IPlatform extends IConstruct {
  /** The platform's name: `prod`. */
  readonly platformName: string;

  /** Every name that the convention gives to the platform. */
  readonly naming: PlatformNaming;
}

/** How to reach a platform and what its apps inherit, whichever program owns it. */
export interface PlatformOptions extends ConnectionOptions, StorageDefaults {
  /**
   * Whether each user has an inbox of its own (`_INBOX_prod_convex`) in place of `_INBOX`, where every user of the
   * account can read the replies of all others. All clients must then set this inbox prefix; Litestream and the
   * Terraform provider cannot, and keep `_INBOX`.
   *
   * @default false
   */
  readonly privateInbox?: boolean;

  /**
   * Who declares what this program makes of the platform and its apps: `github.com/acme/shop`. It is in the metadata of each
   * stream, and of each bucket that is one to Terraform. Under a name that is there with another owner JetStream makes no
   * stream: "stream name already in use with a different configuration". So a second program that declares the same
   * app is refused, and does not take its data over. At most 200 characters, without control characters.
   *
   * @default - no owner: a second program with the same options takes streams and buckets over
   */
  readonly owner?: string;

  /**
   * How apps are kept apart that do not say so themselves.
   *
   * @default Isolation.PERMISSIONS
   */
  readonly isolation?: Isolation;

  /**
   * Whether what each user may do and how it proves who it is, and the limits, exports and imports of each account, are
   * also documents in the bucket `{platform}_access` (`access.users.…`, `access.accounts.…`), so that a plan shows each
   * change, and a program beside each server can follow them. They hold no secret: of a bcrypt hash they have a fingerprint.
   *
   * The bucket is in an account of its own, `{PLATFORM}_ACCESS`, where no app, node or other platform has a user: who could
   * write the documents could give itself every permission. Terraform reaches it as `{platform}-access-terraform`, whose password
   * is the sensitive variable `{platform}_access_terraform_password`.
   *
   * To take them away again, first set `accessStore: { retired: RetiredData.DELETE }` and apply that.
   *
   * @default true
   */
  readonly accessEntries?: boolean;

  /**
   * The provider for the access documents, whose user is in the account `{PLATFORM}_ACCESS`. It must be in the platform's
   * stack; apps in other stacks name theirs.
   *
   * @default - made from `servers`
   */
  readonly accessProvider?: jetstream.JetstreamProvider;
}

/** How to reach a platform that another program owns, and what the apps of this one inherit. */
export interface PlatformReferenceOptions extends PlatformOptions {
  /**
   * The app that this program declares, where the program of the platform has delegated it
   * (`prod.delegateApp("search")`). Terraform then connects as users of that app only, `{platform}-{app}-terraform` and
   * `{platform}-{app}-access-terraform`, and the access documents are in a bucket of its own, `{platform}_{app}_access`. No other
   * app can be declared by this reference.
   *
   * @default - the program may declare any app, as the users of the whole platform
   */
  readonly delegatedApp?: string;
}

/** What a construct says of a platform, beside its options. */
export type PlatformDeclaration = Omit<
  PlatformModel,
  "naming" | "delegatedTo" | "apps" | "retiredAccounts" | "privateInbox" | "hasEntries" | "source"
> & {
  /** Whether its access documents are to go. */
  readonly documentsGo: boolean;
};

/** What a program knows of the account of a platform that it does not own. */
export const NOT_OWNED: PlatformDeclaration = {
  owned: false,
  inFile: false,
  jetStream: {},
  limits: {},
  access: undefined,
  delegated: [],
  documentsGo: false,
  monitored: "no",
  servers: [],
  nodes: [],
  terraform: undefined,
};

/** What a platform stores. */
interface PlatformStorage {
  readonly keyValueStore?: KeyValueStore;
  readonly accessStore?: KeyValueStore;
  readonly events?: Stream;
  readonly audit?: Stream;
}

/** Whose access document something is. */
export interface DocumentOwner extends Pick<Ownership, "before" | "defaults"> {
  /** The provider for it, if its owner names one. */
  readonly accessProvider?: jetstream.JetstreamProvider;
  /** The part of the stack's documents that it is one of; undefined for what comes into force when all of the stack is there. */
  readonly part?: string;
}

const CONTEXT = Symbol.for("cdktf-nats-platform/platform");

/** What the constructs of a platform share. */
export class PlatformContext {
  /**
   * Makes a construct a platform, and checks its name and options.
   *
   * @param stored the construct, where this program makes what the platform stores
   * @param data what the platform and its apps have, for who copies it
   */
  public static create(
    platform: Construct,
    name: string,
    options: PlatformReferenceOptions,
    { documentsGo, ...model }: PlatformDeclaration,
    nameProblem = nameFault("platform", name),
    stored: PlatformStorage = {},
    data = new OwnData(),
  ): PlatformContext {
    const program = Program.of(platform);
    program.report(
      platform,
      nameProblem,
      ...connectionFaults(options),
      ...storageFaults(options),
      ownerFault(options.owner),
    );
    const context = new PlatformContext(stored, data, options, {
      ...model,
      naming: PlatformNaming._unchecked(name, reporterOf(platform)),
      delegatedTo: options.delegatedApp,
      apps: [],
      retiredAccounts: [],
      privateInbox: options.privateInbox ?? false,
      hasEntries: options.retired || documentsGo ? undefined : options.accessEntries !== false,
      source: platform.node.path,
    });
    Object.defineProperty(platform, CONTEXT, { value: context });
    if (!program.isDuplicate(platform)) declare(platform, { platform: context.model });
    return context;
  }

  /** The context of a platform, or undefined for what this library did not make. */
  public static at(platform: IConstruct): PlatformContext | undefined {
    return (platform as IConstruct & { readonly [CONTEXT]?: PlatformContext })[CONTEXT];
  }

  /** The context of the platform that an app has: the one given, or the one that it is in. Reports where there is none. */
  public static of(app: Construct, given: IPlatform | undefined): PlatformContext {
    const program = Program.of(app);
    const context = given === undefined ? PlatformContext.around(app) : PlatformContext.at(given);
    if (given?.node && Program.of(given) !== program) program.report(app, FOREIGN_PLATFORM_FAULT);
    if (context) return context;
    program.report(app, {
      what: given ? "app's platform is none that this library made" : "app has no platform",
      allowed: "an app declared inside of a platform, or one with the property platform",
      fix: "Pass the PlatformConstruct as scope, or give it as platform",
    });
    return PlatformContext.create(app, placeholder(program.count), {}, NOT_OWNED);
  }

  /** The context of the nearest platform around a construct. */
  private static around(construct: IConstruct): PlatformContext | undefined {
    for (let scope = construct.node.scope; scope; scope = scope.node.scope) {
      const context = PlatformContext.at(scope);
      if (context) return context;
    }
    return undefined;
  }

  /** What the platform's resources and apps inherit. */
  public readonly defaults: StorageDefaults;

  private readonly republished = new Set<string>();
  private readonly connection: Connection;
  private readonly accessConnection: Connection;
  private readonly entries = new Map<string, AccessEntry[]>();
  private isUnreachable = false;
  private isNameless = false;

  private constructor(
    /** What the platform stores; nothing of another program's, and not yet all while the platform is constructed. */
    public readonly stored: PlatformStorage,
    /** What the platform and its apps have, for who copies it. */
    public readonly data: OwnData,
    /** How the platform is reached, and what its apps inherit. */
    public readonly options: PlatformReferenceOptions,
    public readonly model: PlatformModel,
  ) {
    this.defaults = storageDefaults(options);
    const { platform, account, terraformUser } = model.naming;
    const { delegatedTo } = model;
    const user = delegatedTo === undefined ? terraformUser : names.user(platform, delegatedTo, "terraform");
    this.connection = new Connection(
      {
        id: `nats-${platform}`,
        account,
        alias: platform,
        user,
        passwordVariable: names.terraformPasswordVariable(user),
      },
      options,
    );
    this.accessConnection = accessConnection(model, options);
  }

  /** Every name that the convention gives to the platform. */
  public get naming(): PlatformNaming {
    return this.model.naming;
  }

  /** Whether this program declares one app of the platform, which the program of the platform has delegated to it. */
  public get isDelegated(): boolean {
    return this.model.delegatedTo !== undefined;
  }

  /** The bucket with the access documents that this program has of the platform. */
  public get accessStoreName(): string {
    return names.accessStore(this.naming.platform, this.model.delegatedTo);
  }

  /** The provider for resources in a construct's stack; undefined stands for the stack's own. */
  public providerFor(construct: Construct): TerraformProvider | undefined {
    return this.connection.providerFor(construct);
  }

  /**
   * The provider for access documents in a construct's stack; undefined where there are none.
   *
   * @param given the provider that their owner names
   */
  public accessProviderFor(construct: Construct, given?: jetstream.JetstreamProvider): TerraformProvider | undefined {
    const { servers, accessProvider, accessEntries } = this.options;
    if (accessEntries === false) return undefined;
    if (given) {
      this.accessConnection.check(construct, given);
      return given;
    }
    if (servers || accessProvider) return this.accessConnection.providerFor(construct);
    if (!this.isUnreachable)
      Program.of(construct).report(
        construct,
        unreachableFault(names.accessAccount(this.naming.platform, this.model.delegatedTo)),
      );
    this.isUnreachable = true;
    return undefined;
  }

  /** Reports what is wrong with a provider that an app gives for what it has in the platform's account. */
  public checkProvider(construct: Construct, provider: TerraformProvider): void {
    this.connection.check(construct, provider);
  }

  /** Lets a stack forget what it has in its state of something that was moved to the stack of a construct. */
  public letGo(
    construct: Construct,
    from: TerraformStack | undefined,
    ...connections: readonly (Connection | undefined)[]
  ): void {
    if (!from) return;
    const fault =
      movedFromFault(TerraformStack.of(construct), from) ?? hclFault(construct, "movedFrom", from.node.path);
    Program.of(construct).report(construct, fault);
    if (fault) return;
    RemovedBlocks.in(from);
    for (const connection of [this.connection, ...connections]) connection?.providerFor(from);
    this.accessProviderFor(from);
  }

  /** The platform's stream of events, as a consumer needs to know it. */
  public events(): ConsumedStream {
    const { naming, stored } = this;
    return stored.events?._consumed ?? unknownStream(naming.account, naming.eventsStream);
  }

  /** The inbox prefix of a user: private if it or its platform says so. */
  public inboxPrefix(name: string, privateInbox = this.model.privateInbox): string {
    return privateInbox ? names.inboxPrefix(this.naming.platform, name) : names.DEFAULT_INBOX_PREFIX;
  }

  /**
   * Adds a user of an app, and its access document below the app's construct. The document has another key in another
   * account and refuses to be replaced, so that no plan moves an app to another account, where its data is not.
   */
  public addAppUser(construct: Construct, user: UserModel, owner: DocumentOwner): void {
    this.model.apps.push(user);
    const entry = this.addUserEntry(construct, user, user.account?.name, owner);
    if (entry && (owner.defaults.preventDestroy ?? true)) entry.lifecycle = { preventDestroy: true };
  }

  /** Adds the account with the data of an isolated app that is retired, until Terraform has let go of the data. */
  public addRetiredAccount(account: AppAccountModel): void {
    this.model.retiredAccounts.push(account);
  }

  /** Adds the access documents of the account in which an isolated app exchanges messages, and of its user. */
  public addMessagingAccount(
    construct: Construct,
    account: AppAccountModel,
    user: UserModel,
    owner: DocumentOwner,
  ): void {
    this.addUserEntry(construct, user, account.name, owner);
    this.addAccessEntry(construct, names.accessKey.account(account.name), owner);
  }

  /**
   * Adds the access documents of the account with the data of an isolated app, and of its Terraform user. They are a part of
   * their own, which waits for nothing in that account: servers that follow the documents have to have the account before
   * Terraform can make anything there.
   */
  public addDataAccount(construct: Construct, { name, terraform }: AppAccountModel, owner: DocumentOwner): void {
    const apart: DocumentOwner = { ...owner, before: () => [], part: names.ACCOUNTS_PART };
    if (terraform) this.addUserEntry(construct, terraform, name, apart);
    this.addAccessEntry(construct, names.accessKey.account(name), apart);
  }

  /**
   * Adds the access document of a user, below the construct that declares it.
   *
   * @param account the user's account, if it is not that of the platform
   */
  public addUserEntry(
    construct: Construct,
    user: UserModel,
    account: string | undefined,
    owner: DocumentOwner,
  ): AccessEntry | undefined {
    const address = names.accessKey.user(user.name);
    const key = account === undefined ? address : names.accessKey.isolatedUser(account, user.name);
    return this.addAccessEntry(construct, key, owner, address);
  }

  /**
   * Lets a stream of the platform publish again what it has stored, for isolated apps and what is to be seen of them: what
   * enters the platform's account as a service leaves it in no other way.
   */
  public republish(component: "events" | "audit"): void {
    if (this.republished.has(component)) return;
    this.republished.add(component);
    const { naming } = this;
    this.stored[component]?._republish(
      naming.componentSubjects(component),
      names.liveSubjects(naming.platform, component),
    );
  }

  /** Adds an access document, unless the platform has none. Those that go leave their provider, which removes them. */
  public addAccessEntry(
    scope: Construct,
    key: string,
    { before, accessProvider, part }: DocumentOwner,
    address = key,
  ): AccessEntry | undefined {
    const { hasEntries } = this.model;
    if (hasEntries === undefined) this.accessProviderFor(scope, accessProvider);
    if (!hasEntries || keyFault(key) || Program.of(scope).isDuplicate(scope)) return undefined;
    this.checkOwner(scope);
    const { accessStore } = this.stored;
    if (accessStore) comesAfter(scope, accessStore);
    const stack = TerraformStack.of(scope);
    const path = part === undefined ? stack.node.path : `${stack.node.path}/${part}`;
    const name = names.stackName(this.options.owner, stack.node.path, part);
    const entries = this.entries.get(path);
    const entry = new AccessEntry(scope, freeId(scope, `AccessEntry-${address}`), {
      key,
      address,
      bucket: this.accessStoreName,
      before: () => [...(accessStore?._before(scope) ?? []), ...before(scope)],
      provider: this.accessProviderFor(scope, accessProvider),
      document: () => ProgramAccounts.of(scope).document(this.model, key, name),
    });
    if (entries) entries.push(entry);
    else this.entries.set(path, this.withStackEntry(stack, names.accessKey.stack(name), path, entry));
    return entry;
  }

  /** Adds the document of a stack, or of a part of one, that has got its first one, which says when all of them are there. */
  private withStackEntry(stack: TerraformStack, key: string, path: string, first: AccessEntry): AccessEntry[] {
    const entries = [first];
    new AccessEntry(stack, freeId(stack, `AccessEntries-${this.naming.platform}`), {
      key,
      address: names.accessKey.stack(path),
      bucket: this.accessStoreName,
      before: () => entries.map(addressOf).sort(inOrder),
      provider: first.provider,
      document: () => JSON.stringify(stackDocument(entries.map((entry) => entry.keyedText()))),
    });
    return entries;
  }

  /** Reports, once, that a program writes documents of a platform of another one and does not say who it is. */
  private checkOwner(scope: Construct): void {
    const { owned, delegatedTo, naming } = this.model;
    if (owned || delegatedTo !== undefined || this.options.owner !== undefined || this.isNameless) return;
    this.isNameless = true;
    Program.of(scope).report(scope, { ...NO_OWNER_FAULT, value: naming.platform });
  }
}

const NO_OWNER_FAULT: Fault = {
  what: "a platform of another program is referred to without owner",
  allowed:
    "owner, as github.com/acme/search: by it the access documents of this program are told from those of others, and its data is not taken over",
  fix: "Give owner, the same in each stack of the program; or set accessEntries to false",
};

/** How Terraform reaches the account with the access documents of a platform, or of an app that it delegates. */
function accessConnection(
  { naming: { platform }, delegatedTo }: Pick<PlatformModel, "naming" | "delegatedTo">,
  { accessProvider, servers }: PlatformOptions,
): Connection {
  const [store, user] = [names.accessStore(platform, delegatedTo), names.accessTerraformUser(platform, delegatedTo)];
  return new Connection(
    {
      id: `nats-${store}`,
      account: names.accessAccount(platform, delegatedTo),
      alias: store,
      user,
      passwordVariable: names.terraformPasswordVariable(user),
    },
    accessProvider ? { provider: accessProvider } : { servers },
  );
}

const unreachableFault = (account: string): Fault => ({
  what: "access documents are in an account of their own, which the provider of the platform does not reach",
  value: account,
  allowed: "servers on the platform; or accessProvider on the platform, and on apps in other stacks",
  fix: `Give the platform servers, or a JetstreamProvider with a user of ${account}; or set accessEntries to false`,
});

/** What is wrong with the stack that something was in before, where it is in another one now. */
function movedFromFault(stack: TerraformStack, from: TerraformStack): Fault | undefined {
  const allowed = "another stack of the same cdktf App";
  const { path: value } = from.node;
  if (from === stack) {
    return {
      what: "movedFrom is the stack that this is in",
      value,
      allowed,
      fix: "Remove movedFrom, or give the old stack",
    };
  }
  if (from.node.root === stack.node.root) return undefined;
  return {
    what: "movedFrom is a stack of another cdktf App",
    value,
    allowed,
    fix: "Set retired: RetiredData.KEEP in the other program, apply it, and declare this here with adopt: true",
  };
}

const FOREIGN_PLATFORM_FAULT: Fault = {
  what: "app's platform is a construct of another cdktf App",
  allowed: "a platform of the same App, or a reference to one of another",
  fix: "Use PlatformConstruct.fromPlatformName for it",
};
