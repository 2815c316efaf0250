/**
 * The schema of `catalog.json`: everything that a program declares, as facts for other programs. Within one version,
 * members are added but never changed or removed. In the file, the reasons of lines are written once, in `reasons`.
 */

/** Why a line of a permission is there. */
export interface CatalogReason {
  /** In words: `reads the last value of a key`. */
  readonly why: string;
  /** The capability that the line is part of: `kv.get`. */
  readonly capability: string;
  /** The path of the construct that gives it. */
  readonly source: string;
}

/** A subject that a user may publish or subscribe to. */
export interface CatalogLine {
  readonly subject: string;
  /** The queue group in which a subscription may be, also as a pattern: `prod-cache.>`. */
  readonly queue?: string;
  readonly reasons: readonly CatalogReason[];
}

/** One direction of a user's permissions. With no `allow` and no `deny` everything would be allowed; this never is. */
export interface CatalogPermission {
  readonly allow: readonly CatalogLine[];
  readonly deny: readonly string[];
}

/** What a user's clients must set. */
export interface CatalogConnection {
  /** The inbox prefix; `_INBOX` is the default of all clients. */
  readonly inboxPrefix: string;
  /** The JetStream domain for consumers and keys of another account, if the user has some. */
  readonly domain?: string;
  /** The queue group in which it may subscribe; also any that begins with it and a dot. */
  readonly queueGroup?: string;
  /** How the user proves who it is: `variable PROD_CONVEX_PASSWORD`, `nkey` or `bcrypt`. Never a secret. */
  readonly credentials: string;
  /** What tells its credentials from others of their kind: the public key, or a fingerprint of the hash. */
  readonly identity?: string;
}

/** A NATS user. */
export interface CatalogUser {
  readonly name: string;
  /** `node`, `terraform`, `app`, `messaging`, `litestream` or `monitor`. */
  readonly role: string;
  readonly publish: CatalogPermission;
  readonly subscribe: CatalogPermission;
  readonly connection: CatalogConnection;
  /** The client libraries whose needs the permissions cover. */
  readonly clients: readonly string[];
  readonly source: string;
}

/** What an account offers to others. */
export interface CatalogExport {
  readonly kind: "stream" | "service";
  readonly subject: string;
  readonly accounts: readonly string[];
}

/** What an account takes from another. */
export interface CatalogImport {
  readonly kind: "stream" | "service";
  /** The exporting account. */
  readonly account: string;
  /** The subject there. */
  readonly subject: string;
  /** The subject in the importing account, where it differs. */
  readonly to?: string;
}

/** A NATS account. */
export interface CatalogAccount {
  readonly name: string;
  /** What the account is, in one line. */
  readonly about: string;
  readonly jetStream: boolean;
  /** How much its streams may hold on disk, in bytes, where that is limited. */
  readonly maxFileBytes?: number;
  /** How much its streams may hold in memory, in bytes, where that is limited. */
  readonly maxMemoryBytes?: number;
  /** Limits of the account and of its JetStream, by the names of the options: `maxConnections`. */
  readonly limits?: { readonly [limit: string]: number };
  /** Whether the account is left out of the accounts file. */
  readonly notInFile?: boolean;
  readonly users: readonly CatalogUser[];
  readonly exports: readonly CatalogExport[];
  readonly imports: readonly CatalogImport[];
  /** Subjects that the account's users publish to under another name. */
  readonly mappings: { readonly [subject: string]: string };
  readonly source: string;
}

/** A stream, key-value bucket or object store. */
export interface CatalogResource {
  /** The name by the convention: `prod_convex`. */
  readonly name: string;
  /** `stream`, `keyValue` or `objectStore`. */
  readonly kind: "stream" | "keyValue" | "objectStore";
  /** The name of the stream on the server: `KV_prod_convex`. */
  readonly stream: string;
  readonly account: string;
  readonly subjects: readonly string[];
  /** The platform, and the app if it is an app's. */
  readonly platform: string;
  readonly app?: string;
  /** The address in Terraform's state. */
  readonly address: string;
  /** On how many servers it lies; absent where Terraform decides. */
  readonly replicas?: number;
  /** Whether its age, size or number of messages is limited. */
  readonly bounded: boolean;
  /** Whether its size in bytes is limited. */
  readonly sized: boolean;
  /** Whether a message may delete others by `Nats-Rollup`. */
  readonly rollUp: boolean;
  /** The streams that it is a mirror of or has sources in, in the same account. */
  readonly copies: readonly string[];
  /** How it copies these and the streams of other accounts and domains; absent if it copies none. */
  readonly origins?: readonly CatalogOrigin[];
  /** What becomes of subjects before their messages are stored. */
  readonly transform?: CatalogTransform;
  /** The subjects that its messages have, of a stream that copies or rewrites; else they are `subjects`. */
  readonly holds?: readonly string[];
  /** Further ones that they may have, since it copies what the program does not declare or Terraform decides. */
  readonly mayHold?: readonly string[];
  /** When it lets go of messages: when all consumers have them, or when one has worked on them; absent for its limits. */
  readonly retention?: "interest" | "workqueue";
  readonly republish?: { readonly source: string; readonly destination: string };
  /** The further attributes of its Terraform resource. */
  readonly settings?: CatalogSettings;
  readonly source: string;
}

/** Attributes of a Terraform resource by their names in Terraform; expressions where they are known only at apply. */
export interface CatalogSettings {
  readonly [attribute: string]: unknown;
}

/** A rewriting of subjects: `{{wildcard(1)}}` in the destination stands for the first `*` of the source. */
export interface CatalogTransform {
  readonly source: string;
  readonly destination: string;
}

/** How a stream copies another one. */
export interface CatalogOrigin {
  /** The other stream's name on the server. */
  readonly stream: string;
  /** Whether it is the stream's mirror, and not one of its sources. */
  readonly mirror?: boolean;
  /** Which of its subjects, if not all. */
  readonly filter?: string;
  /** What becomes of its subjects; a message that none of them takes is not copied. */
  readonly transforms?: readonly CatalogTransform[];
  /** The prefix of the JetStream API by which it is reached in another account or domain. */
  readonly externalApiPrefix?: string;
}

/** A durable consumer. */
export interface CatalogConsumer {
  readonly name: string;
  /** The stream's name on the server. */
  readonly stream: string;
  /** The account that the stream is in. */
  readonly account: string;
  /** Which subjects of the stream it delivers, as patterns; empty for all. */
  readonly filters: readonly string[];
  /** Whether it waits for acknowledgements. */
  readonly acknowledges: boolean;
  /** The further attributes of its Terraform resource. */
  readonly settings?: CatalogSettings;
  readonly source: string;
}

/** An app of a platform. */
export interface CatalogApp {
  readonly name: string;
  readonly user: string;
  readonly account: string;
  /** The user and the account with which an isolated app exchanges messages with others, if it does. */
  readonly messagingUser?: string;
  readonly messagingAccount?: string;
  readonly source: string;
}

/** A platform. */
export interface CatalogPlatform {
  readonly name: string;
  readonly account: string;
  readonly nodes: readonly string[];
  /** The servers by which Terraform reaches the account; absent where a provider is given, or in an older catalog. */
  readonly servers?: readonly string[];
  /** Whether a plan shows what its users may do; absent where the platform is retired, and in an older catalog. */
  readonly accessEntries?: boolean;
  readonly apps: readonly CatalogApp[];
  readonly source: string;
}

/** A stream, bucket or consumer that the program makes without the library. */
export interface CatalogOtherResource {
  /** The address in Terraform's state: `jetstream_stream.archive`. */
  readonly address: string;
  readonly source: string;
}

/** A stream, bucket or consumer that is to go. */
export interface CatalogRetired {
  /** The name by the convention: `prod_convex_jobs`. */
  readonly name: string;
  /** The account that it is in, or its stream is; absent in a catalog of an earlier version of the library. */
  readonly account?: string;
  /** The address in Terraform's state. */
  readonly address: string;
  /** Whether its data stays on the server, when Terraform has let go of it. */
  readonly data: "keep" | "delete";
  readonly source: string;
}

/** A stream that an owner had under its former name. */
export interface CatalogFormer {
  readonly stream: string;
  readonly account: string;
  /** What copies it, or has copied it until it was retired; absent where nothing does. */
  readonly copy?: {
    readonly stream: string;
    readonly account: string;
    readonly transforms: readonly CatalogTransform[];
  };
  /** What there is of it under the new name, where that cannot copy it: one of the two copies others itself, or is a work queue. */
  readonly successor?: { readonly stream: string; readonly account: string };
}

/** Something that the program's author should know. */
export interface CatalogFinding {
  /** Its stable id: `NP001`. */
  readonly id: string;
  readonly level: "error" | "warning";
  readonly message: string;
  /** The path of the construct that it is about. */
  readonly source: string;
  /** Why it is all right, in the author's words. */
  readonly acknowledged?: string;
}

/** What `catalog.json` holds. */
export interface Catalog {
  readonly platforms: readonly CatalogPlatform[];
  readonly accounts: readonly CatalogAccount[];
  readonly resources: readonly CatalogResource[];
  readonly consumers: readonly CatalogConsumer[];
  /** What is in no other member and in no answer. */
  readonly otherResources?: readonly CatalogOtherResource[];
  /** What is to go with the next apply. */
  readonly retired?: readonly CatalogRetired[];
  /** What apps and platforms had under their former names. */
  readonly formerly?: readonly CatalogFormer[];
  readonly findings: readonly CatalogFinding[];
}
