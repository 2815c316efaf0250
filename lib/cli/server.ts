import { readFileSync } from "node:fs";
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { Authenticator, NatsConnection, NodeConnectionOptions } from "@nats-io/transport-node";
import { encryptionTo } from "./encryption";
import { Refusal } from "./refusal";

/** JetStream of a server, as the user that the environment names. */
export interface Server {
  readonly streams: JetStreamManager["streams"];
  readonly consumers: JetStreamClient["consumers"];
}

/** The same, with what else of it can be asked for. */
export interface ManagedServer extends Server {
  readonly manager: JetStreamManager;
  /** The user as whom the command connects, if NATS_USER says it; with an nkey or a credentials file the server goes by that. */
  readonly user: string | undefined;
  /** The public key of the nkey by which it connects, also of one in a credentials file. */
  readonly publicKey: string | undefined;
}

/** How the reader of access documents connects, as the help of commands says it. */
export const READER_HELP = [
  "Documents are read at NATS_URL as the user access-reader (NATS_READER_USER, if it is called otherwise): NATS_READER_PASSWORD, or",
  "NATS_READER_CREDS or NATS_READER_NKEY (files).",
] as const;

/** The variables by which the `nats` command connects too, as the help of commands says them. */
export const CONNECTION_HELP = [
  "It connects as the `nats` command does, by the environment: NATS_URL, and NATS_USER with NATS_PASSWORD, NATS_CREDS (a file)",
  "or NATS_NKEY (a file). NATS_CA is the file of a certificate authority, NATS_CERT and NATS_KEY are those of the client's certificate,",
  "NATS_INBOX_PREFIX is the inbox of the user.",
] as const;

type Connect = typeof import("@nats-io/transport-node");

/** The variables of the environment that say who connects. */
export interface UserVariables {
  readonly user: string;
  readonly password: string;
  readonly credentials: string;
  readonly nkey: string;
  readonly inboxPrefix: string;
  /** Who connects if nothing says so. @default - who the server lets in without a name */
  readonly defaultUser?: string;
}

/** Those of the user that commands connect as. */
const USER: UserVariables = {
  user: "NATS_USER",
  password: "NATS_PASSWORD",
  credentials: "NATS_CREDS",
  nkey: "NATS_NKEY",
  inboxPrefix: "NATS_INBOX_PREFIX",
};

/** Those of the user who reads access documents, and may do no more. */
export const READER: UserVariables = {
  user: "NATS_READER_USER",
  password: "NATS_READER_PASSWORD",
  credentials: "NATS_READER_CREDS",
  nkey: "NATS_READER_NKEY",
  inboxPrefix: "NATS_READER_INBOX_PREFIX",
  defaultUser: "access-reader",
};

/** What is in a file that a variable names; undefined where it names none. */
function contentOf(variable: string): Uint8Array | undefined {
  const path = process.env[variable];
  if (!path) return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Refusal(`${variable} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function authenticatorOf(transport: Connect, { credentials, nkey }: UserVariables): Authenticator | undefined {
  const seed = contentOf(nkey);
  if (seed) return transport.nkeyAuthenticator(seed);
  const file = contentOf(credentials);
  return file && transport.credsAuthenticator(file);
}

function publicKeyOf(authenticator: Authenticator | undefined): string | undefined {
  const proof = authenticator?.();
  return proof && "nkey" in proof ? proof.nkey : undefined;
}

function optionsOf(variables: UserVariables, authenticator: Authenticator | undefined): NodeConnectionOptions {
  const { NATS_URL } = process.env;
  const [given, pass = "", inboxPrefix] = [variables.user, variables.password, variables.inboxPrefix].map(
    (name) => process.env[name],
  );
  const user = given || (authenticator ? undefined : variables.defaultUser);
  if (!NATS_URL) throw new Refusal("NATS_URL is not set", ["It is the address of a server: nats://127.0.0.1:4222"]);
  const servers = NATS_URL.split(",");
  const tls = encryptionTo(servers);
  return {
    servers,
    name: "cdktf-nats-platform",
    reconnect: false,
    timeout: 5_000,
    ...(user ? { user, pass } : {}),
    ...(authenticator && { authenticator }),
    ...(tls && { tls }),
    ...(inboxPrefix ? { inboxPrefix } : {}),
  };
}

/** A connection, and how its user proves who it is if not by a password. */
interface Connected {
  readonly connection: NatsConnection;
  readonly authenticator: Authenticator | undefined;
}

async function connected(variables: UserVariables, more: NodeConnectionOptions = {}): Promise<Connected> {
  const transport = await import("@nats-io/transport-node");
  const authenticator = authenticatorOf(transport, variables);
  const connection = await transport.connect({ ...optionsOf(variables, authenticator), ...more });
  return { connection, authenticator };
}

/**
 * A connection to the server that the environment names.
 *
 * @param more options of the connection besides
 * @param variables those that say who connects
 * @throws a refusal where the environment names none, and the client's error where it cannot be reached or refuses the user
 */
export async function connectionTo(more: NodeConnectionOptions = {}, variables = USER): Promise<NatsConnection> {
  return (await connected(variables, more)).connection;
}

/**
 * Uses the server that the environment names, and closes the connection.
 *
 * @throws a refusal where there is none, or where the user is refused
 */
export async function withServer<T>(use: (server: ManagedServer) => Promise<T>): Promise<T> {
  const { jetstream, jetstreamManager } = await import("@nats-io/jetstream");
  const { connection, authenticator } = await connected(USER).catch((error: Error) => {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`no connection to ${process.env.NATS_URL}: ${error.message}`, [...CONNECTION_HELP]);
  });
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    return await use({
      streams: manager.streams,
      consumers: jetstream(connection).consumers,
      manager,
      user: authenticator ? undefined : process.env[USER.user] || undefined,
      publicKey: publicKeyOf(authenticator),
    });
  } finally {
    await connection.close();
  }
}
