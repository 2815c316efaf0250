import type { Export, Import } from "../access/accounts";
import type { AccountLimits, JetStreamLimits } from "../access/limits";
import type { FileAccount, FileUser } from "./file-account";
import { type Setting, type Settings, Variable, Word } from "./server-syntax";

/** The server's names of the limits of an account. */
const LIMITS: { readonly [name in keyof AccountLimits]-?: string } = {
  maxConnections: "max_connections",
  maxSubscriptions: "max_subs",
  maxPayloadBytes: "max_payload",
  maxLeafNodes: "max_leafnodes",
};

/** The server's names of the limits of an account's JetStream. */
const JETSTREAM_LIMITS: { readonly [name in keyof JetStreamLimits]-?: string } = {
  maxMemoryBytes: "max_mem",
  maxFileBytes: "max_file",
  maxStreams: "max_streams",
  maxConsumers: "max_consumers",
};

function renamed<T extends object>(values: T, names: { readonly [name in keyof T]-?: string }): Settings {
  const entries = Object.entries<string>(names as never)
    .map(([name, setting]) => [setting, values[name as keyof T]] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as never;
}

const isEmpty = (settings: Settings) => Object.keys(settings).length === 0;

/** An account's `jetstream`, if it has one. */
export function jetStreamSettings(account: Pick<FileAccount, "jetStream">): Setting | undefined {
  if (!account.jetStream) return undefined;
  const limits = renamed(account.jetStream, JETSTREAM_LIMITS);
  return isEmpty(limits) ? Word.ENABLED : limits;
}

/** An account's `limits`, if it has some. */
export function limitSettings(account: Pick<FileAccount, "limits">): Settings | undefined {
  const limits = renamed(account.limits, LIMITS);
  return isEmpty(limits) ? undefined : limits;
}

/**
 * How clients may connect. Without this a user could connect as a leaf node, for which the server makes fewer checks of
 * reply subjects and queue groups than for a client: whoever has an import would have all of JetStream behind it
 * (2.11 to 2.15).
 */
const CONNECTION_TYPES = ["STANDARD", "WEBSOCKET"];

/** Who a user is and how it may connect. */
export function userSettings(user: FileUser): Settings {
  return { ...credentialSettings(user), allowed_connection_types: CONNECTION_TYPES };
}

function credentialSettings({ name, credentials }: FileUser): Settings {
  switch (credentials.kind) {
    case "nkey":
      return { nkey: credentials.publicKey };
    case "bcrypt":
      return { user: name, password: credentials.hash };
    case "variable":
      return { user: name, password: new Variable(credentials.variable) };
  }
}

/** An entry of an account's `exports`. */
export function exportSettings({ kind, subject, accounts, manyResponses }: Export): Settings {
  return { [kind]: subject, accounts: [...accounts], ...(manyResponses && { response: "stream" }) };
}

/** An entry of an account's `imports`. */
export function importSettings({ kind, account, subject, to }: Import): Settings {
  return { [kind]: { account, subject }, ...(to !== undefined && { to }) };
}

/**
 * What a list of allowed subjects becomes: the list itself, which the server takes for `{ allow: […] }`, in less time. An
 * empty list would allow everything, so that nothing is allowed by denying everything.
 */
export function subjectSettings(subjects: readonly string[]): Setting {
  return subjects.length > 0 ? [...subjects] : { deny: [">"] };
}
