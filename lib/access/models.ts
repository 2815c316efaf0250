import { by } from "../collections/order";
import type { AppNaming } from "../naming/app-naming";
import type { PlatformNaming } from "../naming/platform-naming";
import type { Fault } from "../problems/fault";
import type { CapabilityName } from "./capabilities";
import type { NatsClient } from "./clients";
import type { CredentialsModel } from "./credentials-model";
import type { Grant, GrantValues } from "./grant";
import type { AccountLimits, JetStreamLimits } from "./limits";

/** What a user is for. */
export type Role = "node" | "terraform" | "app" | "messaging" | "litestream" | "monitor" | "reader" | "system";

/** A user as declared: what it may do, before that becomes lines. */
export interface UserModel {
  readonly name: string;
  readonly role: Role;
  /** The name under which the server's file keeps the permissions, where several users have the same: `PROD_NODE`. */
  readonly permissionSet?: string;
  readonly credentials: CredentialsModel;
  readonly clients: readonly NatsClient[];
  /** What the user's clients must set as inbox prefix: `_INBOX`, the default of all clients, or a private one. */
  readonly inboxPrefix: string;
  /** Grows while the program declares what the user does. */
  readonly grants: Grant[];
  /** The queue group of whoever the user stands for. */
  readonly group?: string;
  /** The app, of an app's users. */
  readonly app?: string;
  /** The account of its app that the user is in; without it that of the platform, MONITOR or ACCESS. */
  readonly account?: AppAccountModel;
  /** The path of the construct that declares the user. */
  readonly source: string;
}

/** One of the two accounts of an isolated app, as declared. */
export interface AppAccountModel {
  readonly name: string;
  readonly naming: AppNaming;
  /** The account's JetStream. The one for data has it, and no import and no export; the one for messages has none. */
  readonly jetStream: JetStreamLimits | undefined;
  readonly limits: AccountLimits;
  /** The Terraform user of an account with JetStream. */
  readonly terraform: UserModel | undefined;
  readonly source: string;
}

/** The account with the access documents of a platform, or of an app that another program declares, as declared. */
export interface AccessAccountModel {
  readonly name: string;
  /** The app, if it is for one. */
  readonly app?: string;
  readonly jetStream: JetStreamLimits;
  readonly limits: AccountLimits;
  /** By whom Terraform writes the documents; nobody else is in the account. */
  readonly terraform: UserModel;
}

/** An app that another program declares, as far as the program of its platform says what that may do. */
export interface DelegatedAppModel {
  readonly access: AccessAccountModel;
  /** By whom Terraform makes what the app has in the platform's account; undefined where it has an account of its own. */
  readonly terraform: UserModel | undefined;
  /** The account for the data of an isolated app. */
  readonly account: AppAccountModel | undefined;
}

/** A platform as declared. */
export interface PlatformModel {
  readonly naming: PlatformNaming;
  /** The only app that this program declares of it, where the program of the platform has delegated that. */
  readonly delegatedTo: string | undefined;
  /** Whether this program declares the platform's account, or only apps of a platform of another program. */
  readonly owned: boolean;
  /** Whether the platform's account is part of the accounts file. */
  readonly inFile: boolean;
  readonly jetStream: JetStreamLimits;
  readonly limits: AccountLimits;
  /** What MONITOR gets: nothing, what is published, or also what is stored. */
  readonly monitored: "no" | "live" | "history";
  /** The servers by which Terraform reaches the account, as far as they are known at synth; they hold no secret. */
  readonly servers: readonly string[];
  /** Whether the platform's users have private inboxes unless they say otherwise. */
  readonly privateInbox: boolean;
  /** The account with its access documents; undefined if it has none, and if another program declares it. */
  readonly access: AccessAccountModel | undefined;
  /** Whether what its users may do is also in access entries, so that a plan shows each change; undefined where it or they are retired. */
  readonly hasEntries: boolean | undefined;
  readonly nodes: readonly UserModel[];
  readonly terraform: UserModel | undefined;
  /** The apps that other programs declare, each with documents of its own. */
  readonly delegated: DelegatedAppModel[];
  /** The users of all apps, whichever account they are in. */
  readonly apps: UserModel[];
  /** The accounts with the data of isolated apps that are retired, which have no other users than that of Terraform. */
  readonly retiredAccounts: AppAccountModel[];
  readonly source: string;
}

/** The account that receives every platform's health and audit messages, as declared. */
export interface MonitorModel {
  readonly credentials: CredentialsModel;
  readonly limits: AccountLimits;
  readonly source: string;
}

/** The account that reads the access documents of every platform, as declared. */
export type ReaderModel = MonitorModel;

/** What a stream is to those who use it. */
export type ResourceKind = "stream" | "keyValue" | "objectStore";

/** A stream of an account, or the stream that a bucket is, as its Terraform resource says it. */
export interface ResourceModel {
  /** The name by the convention: `prod_convex`. */
  readonly name: string;
  readonly kind: ResourceKind;
  /** The name of the stream on the server: `KV_prod_convex`. */
  readonly stream: string;
  readonly account: string;
  readonly platform: string;
  /** The app, if it is an app's. */
  readonly app: string | undefined;
  /** What it stores, as patterns. */
  readonly subjects: readonly string[];
  /** The address in Terraform's state. */
  readonly address: string;
  /** On how many servers it lies; undefined where Terraform decides. */
  readonly replicas: number | undefined;
  /** Whether its age, size or number of messages is limited. */
  readonly bounded: boolean;
  /** Whether its size in bytes is limited. */
  readonly sized: boolean;
  /** Whether a message may delete others by `Nats-Rollup`. */
  readonly rollUp: boolean;
  /** How large it may become in bytes on each replica; undefined without a limit and where Terraform decides. */
  readonly maxBytes: number | undefined;
  /** How large a message may be in bytes; undefined without a limit and where Terraform decides. */
  readonly maxMessageBytes: number | undefined;
  /** How many consumers it may have; undefined without a limit and where Terraform decides. */
  readonly maxConsumers: number | undefined;
  /** Whether it lies in memory. */
  readonly inMemory: boolean;
  /** When it lets go of messages. */
  readonly retention: Retention;
  /** The streams that it is a mirror of or has sources in, those of other accounts and domains among them. */
  readonly origins: readonly OriginModel[];
  /** What becomes of subjects before their messages are stored. */
  readonly transform: TransformModel | undefined;
  /** Where it publishes again what it has stored. */
  readonly republish: { readonly source: string; readonly destination: string } | undefined;
  /** The attributes of its Terraform resource. */
  readonly settings: Settings;
  /** What is wrong with what was set on the Terraform resource itself. */
  readonly faults: readonly Fault[];
  /** The path of the construct that declares it. */
  readonly source: string;
}

/** Attributes of a Terraform resource by their names in Terraform, as they are written. */
export interface Settings {
  readonly [attribute: string]: unknown;
}

/** When a stream lets go of messages: at its limits, when all consumers have them, when one has worked on them. */
export type Retention = "limits" | "interest" | "workqueue";

/** A rewriting of subjects: `{{wildcard(1)}}` in the destination stands for the first `*` of the source. */
export interface TransformModel {
  readonly source: string;
  readonly destination: string;
}

/** A durable consumer of a stream, as its Terraform resource says it. */
export interface ConsumerModel {
  readonly name: string;
  /** The stream's name on the server. */
  readonly stream: string;
  /** The account that the stream is in. */
  readonly account: string;
  /** Which subjects of the stream it delivers, as patterns; none for all. */
  readonly filters: readonly string[];
  /** Whether it waits for acknowledgements. */
  readonly acknowledges: boolean;
  /** On how many servers it lies; undefined where the server takes that of the stream, or Terraform decides. */
  readonly replicas: number | undefined;
  /** The attributes of its Terraform resource. */
  readonly settings: Settings;
  /** What is wrong with what was set on the Terraform resource itself. */
  readonly faults: readonly Fault[];
  /** The path of the construct that declares it. */
  readonly source: string;
}

/** A stream, bucket or consumer of which no more is known than that Terraform makes it. */
export interface OtherResource {
  /** The address in Terraform's state. */
  readonly address: string;
  /** The path of the construct that declares it, or of the stack whose override does. */
  readonly source: string;
}

/** A stream, bucket or consumer that is to go. */
export interface RetiredModel {
  /** The name by the convention: `prod_convex_jobs`. */
  readonly name: string;
  /** The account that it is in, or its stream is. */
  readonly account: string;
  /** The address in Terraform's state. */
  readonly address: string;
  /** Whether its data stays on the server. */
  readonly data: "keep" | "delete";
  /** The path of the construct that declares it. */
  readonly source: string;
}

/** A stream that an owner had under its former name, and the one that copies it. */
export interface FormerModel {
  readonly stream: string;
  readonly account: string;
  /** What copies it; absent where the new owner has none of that name and kind, or it cannot be copied. */
  readonly copy?: { readonly stream: string; readonly account: string; readonly transforms: readonly TransformModel[] };
  /** What the new owner has under the same id, where it cannot copy it: it copies others itself, or is a work queue. */
  readonly successor?: { readonly stream: string; readonly account: string };
}

/** An entry of a key-value bucket that Terraform writes. */
export interface EntryModel {
  readonly bucket: string;
  readonly key: string;
  /** Whether the library writes it: an access document. */
  readonly generated: boolean;
  /** The value; undefined where Terraform decides. */
  readonly value: () => string | undefined;
  /** The path of the construct that declares it. */
  readonly source: string;
}

/** A stream that another one copies. */
export interface OriginModel {
  readonly stream: string;
  /** Whether it is the stream's mirror, and not one of its sources. */
  readonly mirror: boolean;
  /** Which of its subjects, if not all. */
  readonly filter: string | undefined;
  /** What becomes of its subjects; a message that none of them takes is not copied. */
  readonly transforms: readonly TransformModel[];
  /** The prefix of the JetStream API by which it is reached in another account or domain. */
  readonly externalApiPrefix: string | undefined;
  /** For a mirror, whether it can be read directly. */
  readonly direct: boolean | undefined;
  /** Whether an option of the library names it; false for what is set on the Terraform resource. */
  readonly byOption: boolean;
}

/** A grant whose source is the construct that the user belongs to. */
export function grant(user: { readonly source: string }, capability: CapabilityName, values: GrantValues = {}): Grant {
  return { capability, values, source: user.source };
}

/** The subjects that a user's grants of one capability are for. */
export function subjectsOf(user: UserModel, capability: CapabilityName): string[] {
  return user.grants.filter((each) => each.capability === capability).map(({ values }) => values.subjects ?? "");
}

const byName = by(({ name }: { readonly name: string }) => name);

/** The users of a platform's apps, sorted, so that nothing depends on the order in which a program declares them. */
export function appUsersOf(platform: PlatformModel): UserModel[] {
  return [...platform.apps].sort(byName);
}

/** The accounts of a platform's isolated apps, each once, sorted. */
export function appAccountsOf(platform: PlatformModel): AppAccountModel[] {
  const accounts = platform.apps.flatMap(({ account }) => account ?? []);
  const delegated = platform.delegated.flatMap(({ account }) => account ?? []);
  return [...new Set([...accounts, ...platform.retiredAccounts, ...delegated])].sort(byName);
}

/** The accounts with access documents: that of the platform, and those of apps that other programs declare; sorted. */
export function accessAccountsOf({ access, delegated }: PlatformModel): AccessAccountModel[] {
  return [...(access ? [access] : []), ...delegated.map((each) => each.access)].sort(byName);
}
