import { createInbox, type NatsConnection } from "nats";

/** A stream as the server gives it away: its configuration, its state, and everything in it with its consumers. */
export interface StreamBackup {
  readonly config: { readonly name: string };
  readonly state: object;
  readonly chunks: readonly Uint8Array[];
}

/** What the server waits for, after each message and in all. */
const LIMIT = 10_000;

/**
 * Takes everything of a stream, as `nats stream backup` does. The user needs `$JS.API.STREAM.SNAPSHOT.{stream}`,
 * `$JS.SNAPSHOT.ACK.{stream}.>` and an inbox.
 */
export async function backupStream(connection: NatsConnection, stream: string): Promise<StreamBackup> {
  const inbox = createInbox();
  const arrivals = connection.subscribe(inbox, { timeout: LIMIT });
  const request = { deliver_subject: inbox, chunk_size: 64 * 1024 };
  const { config, state } = await call(connection, `$JS.API.STREAM.SNAPSHOT.${stream}`, JSON.stringify(request));
  const chunks: Uint8Array[] = [];
  for await (const message of arrivals) {
    if (message.headers && message.headers.code >= 400) throw new Error(`${stream}: ${message.headers.description}`);
    if (message.data.length === 0) break;
    chunks.push(message.data);
    if (message.reply) connection.publish(message.reply);
  }
  return { config: config as StreamBackup["config"], state: state as object, chunks };
}

/**
 * Makes a stream of a backup, as `nats stream restore` does; there must be none of its name. The user needs
 * `$JS.API.STREAM.RESTORE.{stream}`, `$JS.SNAPSHOT.RESTORE.{stream}.>` and an inbox.
 */
export async function restoreStream(connection: NatsConnection, { config, state, chunks }: StreamBackup) {
  const request = JSON.stringify({ config, state });
  const { deliver_subject } = await call(connection, `$JS.API.STREAM.RESTORE.${config.name}`, request);
  for (const chunk of chunks) await call(connection, String(deliver_subject), chunk);
  await call(connection, String(deliver_subject), "");
}

async function call(connection: NatsConnection, subject: string, data: string | Uint8Array) {
  const answer = (await connection.request(subject, data, { timeout: LIMIT })).string();
  const result = answer === "" ? {} : JSON.parse(answer);
  if (result.error) throw new Error(`${subject}: ${result.error.description}`);
  return result as { readonly [name: string]: unknown };
}
