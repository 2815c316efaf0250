import { readFileSync } from "node:fs";
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { Authenticator, NatsConnection, NodeConnectionOptions } from "@nats-io/transport-node";
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

/** The variables by which the `nats` command connects too, as the help of commands says them. */
export const CONNECTION_HELP = [
  "It connects as the `nats` command does, by the environment: NATS_URL, and NATS_USER with NATS_PASSWORD, NATS_CREDS (a file)",
  "or NATS_NKEY (a file). NATS_CA is the file of a certificate authority, NATS_INBOX_PREFIX the inbox of the user.",
] as const;

type Connect = typeof import("@nats-io/transport-node");

/** What is in a file that a variable names. */
function contentOf(variable: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Refusal(`${variable} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function authenticatorOf({ credsAuthenticator, nkeyAuthenticator }: Connect): Authenticator | undefined {
  const { NATS_CREDS, NATS_NKEY } = process.env;
  if (NATS_NKEY) return nkeyAuthenticator(contentOf("NATS_NKEY", NATS_NKEY));
  return NATS_CREDS ? credsAuthenticator(contentOf("NATS_CREDS", NATS_CREDS)) : undefined;
}

function publicKeyOf(authenticator: Authenticator | undefined): string | undefined {
  const proof = authenticator?.();
  return proof && "nkey" in proof ? proof.nkey : undefined;
}

function optionsOf(authenticator: Authenticator | undefined): NodeConnectionOptions {
  const { NATS_URL, NATS_USER, NATS_PASSWORD, NATS_CA, NATS_INBOX_PREFIX } = process.env;
  if (!NATS_URL) throw new Refusal("NATS_URL is not set", ["It is the address of a server: nats://127.0.0.1:4222"]);
  return {
    servers: NATS_URL.split(","),
    name: "cdktf-nats-platform",
    reconnect: false,
    timeout: 5_000,
    ...(NATS_USER ? { user: NATS_USER, pass: NATS_PASSWORD ?? "" } : {}),
    ...(authenticator && { authenticator }),
    ...(NATS_CA ? { tls: { caFile: NATS_CA } } : {}),
    ...(NATS_INBOX_PREFIX ? { inboxPrefix: NATS_INBOX_PREFIX } : {}),
  };
}

/**
 * A connection to the server that the environment names.
 *
 * @param more options of the connection besides
 * @throws a refusal where the environment names none, and the client's error where it cannot be reached or refuses the user
 */
export async function connectionTo(more: NodeConnectionOptions = {}): Promise<NatsConnection> {
  const transport = await import("@nats-io/transport-node");
  return transport.connect({ ...optionsOf(authenticatorOf(transport)), ...more });
}

/**
 * Uses the server that the environment names, and closes the connection.
 *
 * @throws a refusal where there is none, or where the user is refused
 */
export async function withServer<T>(use: (server: ManagedServer) => Promise<T>): Promise<T> {
  const transport = await import("@nats-io/transport-node");
  const { jetstream, jetstreamManager } = await import("@nats-io/jetstream");
  const authenticator = authenticatorOf(transport);
  const options = optionsOf(authenticator);
  const connection = await transport.connect(options).catch((error: Error) => {
    throw new Refusal(`no connection to ${options.servers}: ${error.message}`, [...CONNECTION_HELP]);
  });
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    return await use({
      streams: manager.streams,
      consumers: jetstream(connection).consumers,
      manager,
      user: authenticator ? undefined : process.env.NATS_USER || undefined,
      publicKey: publicKeyOf(authenticator),
    });
  } finally {
    await connection.close();
  }
}
