/**
 * Every way in which the parts of the convention are joined into one name. Nothing else in the library puts a name
 * together; nothing here checks one.
 */

/** The token that stands in place of an app in the subjects of the platform itself. */
export const PLATFORM_SCOPE = "_";

/** `prod.convex.wal.frames`, `prod._.events.user.created`. */
export const subject = (platform: string, app: string, component: string, target: string) =>
  `${platform}.${app}.${component}.${target}`;

/** `prod_convex_wal`, `prod_events`. */
export const resource = (...parts: readonly string[]) => parts.join("_");

/** What stands before the last part of a name of something that an app or platform has: `prod_convex_`, `prod_`. */
export const prefixes = (platform: string, app?: string): string[] =>
  [app === undefined ? [] : resource(platform, app), platform].flat().map((each) => `${each}_`);

/** `prod-convex`, `prod-node-1`. */
export const user = (...parts: readonly string[]) => parts.join("-");

/** `PROD`; a hyphen is kept: `PROD-EU`. */
export const account = (platform: string) => platform.toUpperCase();

/** The server-side variable that holds a user's password: `PROD_CONVEX_PASSWORD`. */
export const passwordVariable = (userName: string) => `${userName.toUpperCase().replace(/-/g, "_")}_PASSWORD`;

/** The Terraform variable with the password of a Terraform user: `prod_terraform_password` for `prod-terraform`. */
export const terraformPasswordVariable = (userName: string) => passwordVariable(userName).toLowerCase();

/** The stream that a key-value bucket is, on the server. */
export const keyValueStream = (bucket: string) => `KV_${bucket}`;

/** The stream that an object store is, on the server. */
export const objectStream = (bucket: string) => `OBJ_${bucket}`;

/** The kind of a stream, which its name on the server says. */
export function streamKind(stream: string): "keyValue" | "objectStore" | "stream" {
  if (stream.startsWith(keyValueStream(""))) return "keyValue";
  return stream.startsWith(objectStream("")) ? "objectStore" : "stream";
}

/** Where a stream of the platform publishes one subject again when it has stored it: `prod._.live.events.order.>`. */
export const liveSubject = (platform: string, component: string, target: string) =>
  subject(platform, PLATFORM_SCOPE, "live", `${component}.${target}`);

/** Where a stream of the platform publishes again what it has stored: `prod._.live.events.>`. */
export const liveSubjects = (platform: string, component: string) => liveSubject(platform, component, ">");

/** The name that the account of an app gives to platform events on their way out: `prod._.outbox.events.user.>`. */
export const outboxSubject = (platform: string, target: string) =>
  subject(platform, PLATFORM_SCOPE, "outbox", `events.${target}`);

/** The same for a pattern that overlaps with another of the app, so that their outboxes do not: `prod._.outbox.1.events.user.>`. */
export const outboxLane = (outbox: string, lane: number) =>
  lane === 0 ? outbox : outbox.replace(".outbox.", `.outbox.${lane}.`);

const OUTBOX = /\.outbox\.(?:\d+\.)?events\./;

/** The outbox of a pattern by itself, whatever others it overlaps with: `prod._.outbox.events.user.>`. */
export const firstOutbox = (outbox: string) => outbox.replace(OUTBOX, ".outbox.events.");

/** The event that leaves by an outbox: `prod._.events.user.>`. */
export const eventOfOutbox = (outbox: string) => outbox.replace(OUTBOX, ".events.");

/** All subjects under which apps of a platform call each other: `prod._.api.>`. */
export const apiSubjects = (platform: string) => subject(platform, PLATFORM_SCOPE, "api", ">");

/** Where requests from other accounts want their answers. */
export const EXCHANGE_INBOX_PREFIX = "_R_";

/** The account that holds the data of an isolated app: `PROD_CONVEX`. */
export const appAccount = (platform: string, app: string) => resource(platform, app).toUpperCase();

/** The account in which an isolated app exchanges messages with others: `PROD_CONVEX_MESSAGING`. */
export const messagingAccount = (platform: string, app: string) => resource(platform, app, "messaging").toUpperCase();

/** The health of all apps of a platform: `prod.*.health.>`. A health subject has a token behind `health`. */
export const healthSubjects = (platform: string) => subject(platform, "*", "health", ">");

/**
 * The bucket with the access documents of a platform, in an account of its own: `prod_access`; or with those of an app that
 * another program declares: `prod_search_access`.
 */
export const accessStore = (platform: string, app?: string) => resource(...whole(platform, app), "access");

/** Whose access documents a bucket has, by its name: those of a platform, or of an app that another program declares. */
export function ownerOfAccessStore(
  bucket: string,
): { readonly platform: string; readonly app: string | undefined } | undefined {
  const [, platform, app] = /^([a-z][a-z0-9-]*)(?:_([a-z][a-z0-9-]*))?_access$/.exec(bucket) ?? [];
  return platform === undefined ? undefined : { platform, app };
}

/** Whether a bucket is called as one with access documents, which before 0.1.0 were in the platform's own: `prod_platform`. */
export const mayHaveAccessDocuments = (bucket: string) =>
  /^[a-z][a-z0-9-]*(_[a-z][a-z0-9-]*)?_access$|^[a-z][a-z0-9-]*_platform$/.test(bucket);

/** The inbox prefix of all clients that set none. */
export const DEFAULT_INBOX_PREFIX = "_INBOX";

/** A private inbox prefix, one token: `_INBOX_prod_convex`. */
export const inboxPrefix = (...parts: readonly string[]) => `${DEFAULT_INBOX_PREFIX}_${resource(...parts)}`;

/** The account, the user and the durable consumer that receive every platform's health and audit messages. */
export const MONITOR = { account: "MONITOR", user: "monitor", consumer: "monitor" } as const;

/** The account and the user that read the access documents of every platform. */
export const ACCESS = { account: "ACCESS", user: "access-reader" } as const;

const whole = (platform: string, app: string | undefined): string[] =>
  app === undefined ? [platform] : [platform, app];

/** The account with the access documents of a platform, or of an app that another program declares: `PROD_ACCESS`, `PROD_SEARCH_ACCESS`. */
export const accessAccount = (platform: string, app?: string) => accessStore(platform, app).toUpperCase();

/** The user by whom Terraform writes them: `prod-access-terraform`, `prod-search-access-terraform`. */
export const accessTerraformUser = (platform: string, app?: string) =>
  user(...whole(platform, app), "access", "terraform");

/** The system account, with which servers are asked and reloaded. */
export const SYSTEM_ACCOUNT = "SYS";

/** The names of sets of permissions that several users have, in the server's file. */
export const permissionSet = {
  /** Of all nodes: `PROD_NODE`. */
  nodes: (platform: string) => resource(platform, "node").toUpperCase(),
  /** Of the Terraform users of all isolated apps of a platform: `PROD_APP_TERRAFORM`. */
  appTerraform: (platform: string) => resource(platform, "app", "terraform").toUpperCase(),
  /** Whether a set may be called so: to the server, sets and variables of its environment are one kind of names. */
  takes: (name: string) => /_(NODE|APP_TERRAFORM)$/.test(name),
};

/** The subject of a key, or with `>` of all keys. */
export const keySubject = (bucket: string, key: string) => `$KV.${bucket}.${key}`;

/** The subjects of an object store: the chunks and the metadata of its objects. */
export const objectSubjects = (bucket: string) => [`$O.${bucket}.C.>`, `$O.${bucket}.M.>`];

/** The key under which a stream's metadata says which program declares it. */
export const OWNER_KEY = "cdktf-nats-platform.owner";

/** The keys of the access documents. */
export const accessKey = {
  user: (userName: string) => `access.users.${userName}`,
  /** Of a user in an account of its own; another key, so that no plan moves an app to another account unseen. */
  isolatedUser: (accountName: string, userName: string) => `access.accounts.${accountName}.users.${userName}`,
  account: (accountName: string) => `access.accounts.${accountName}`,
  /** Of a stack: that all others of it are there. */
  stack: (stackName: string) => `access.stacks.${stackName}`,
};

/**
 * The name of a stack among those of all programs that write documents of a platform: `github.com/acme/shop/nats`, with
 * what a key cannot have written as `=2e`.
 *
 * @param owner the program, if it says so
 * @param path the path of the stack
 * @param part a part of its documents that come into force by themselves
 */
export const stackName = (owner: string | undefined, path: string, part?: string): string =>
  [escapedName(owner === undefined ? path : `${owner}/${path}`), ...(part === undefined ? [] : [part])].join("/");

/** The part of a stack's documents that has the accounts for the data of isolated apps; no name of a stack is escaped so. */
export const ACCOUNTS_PART = "=accounts";

const escapedName = (text: string): string =>
  text.replace(/[^\w/-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `=${byte.toString(16).padStart(2, "0")}`).join(""),
  );

/** The provider's import ids. */
export const importId = {
  stream: (name: string) => `JETSTREAM_STREAM_${name}`,
  consumer: (stream: string, name: string) => `JETSTREAM_STREAM_${stream}_CONSUMER_${name}`,
  keyValueStore: (bucket: string) => `JETSTREAM_KV_${bucket}`,
  objectStore: (bucket: string) => `JETSTREAM_OBJ_${bucket}`,
};
