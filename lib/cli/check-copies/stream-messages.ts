import { createHash } from "node:crypto";
import type { JsMsg, StreamInfo, StreamState } from "@nats-io/jetstream";
import type { Server } from "../server";

/** A message of a stream, without its body. */
export interface Seen {
  readonly sequence: number;
  readonly subject: string;
  /** When this stream stored it, in milliseconds since 1970. */
  readonly time: number;
  /** What says where a source has the message from: the stream, and its sequence number there; empty for what it is not from. */
  readonly source: string;
  /** The id by which a server knows duplicates; empty for none. */
  readonly id: string;
  /** Whether it takes the place of all earlier ones of its subject. */
  readonly isRollup: boolean;
  /** Whether the server wrote it, as a note that a key is gone. */
  readonly isMarker: boolean;
  /** A hash of the body and of what a client says in headers; empty where only headers are read. */
  readonly content: string;
}

/** How the headers begin that servers set, take away, or act upon. */
const SERVER_HEADERS = "Nats-";

/** How long no message has to come before the server is asked whether there are more, in milliseconds. */
const QUIET_MILLIS = 1_000;

/** How often in a row it may be quiet although there are more, before that is an error: a refused fetch has no answer. */
const MOST_QUIET = 10;

/** The server's code for a stream that is not there. */
const NO_STREAM = 10059;

function contentOf({ headers, data }: JsMsg): string {
  const hash = createHash("sha256");
  const own = [...(headers ?? [])].filter(([name]) => !name.startsWith(SERVER_HEADERS));
  return hash.update(JSON.stringify(own)).update(data).digest("base64");
}

function seen(message: JsMsg, withContent: boolean): Seen {
  const { seq: sequence, subject, headers } = message;
  const header = (name: string) => headers?.get(`${SERVER_HEADERS}${name}`) ?? "";
  return {
    sequence,
    subject,
    time: message.time.getTime(),
    source: header("Stream-Source"),
    id: header("Msg-Id"),
    isRollup: header("Rollup") === "sub",
    isMarker: header("Marker-Reason") !== "",
    content: withContent ? contentOf(message) : "",
  };
}

/**
 * Reads all messages that a stream has now, in their order, though some of them may vanish meanwhile. It holds no more than the
 * hundred that the server sends ahead.
 *
 * @param read whether bodies are read too
 * @throws an error of the server, or one that says that the server did not give all of them
 */
export async function* messagesOf(
  { consumers }: Server,
  stream: string,
  state: StreamState,
  read: "headers" | "bodies",
): AsyncGenerator<Seen, void> {
  if (state.messages === 0) return;
  const consumer = await consumers.get(stream, { headers_only: read === "headers" });
  const messages = await consumer.consume();
  let isWaiting = true;
  let quiet = 0;
  let isAtEnd = false;
  const stopAtEnd = async () => {
    isAtEnd = isWaiting && quiet > 0 && (await consumer.info()).num_pending === 0;
    if (isAtEnd) messages.stop();
    quiet = isWaiting ? quiet + 1 : 0;
    if (quiet > MOST_QUIET)
      messages.stop(new Error(`the server gives no message of ${stream}: may the user fetch it?`));
  };
  const timer = setInterval(() => stopAtEnd().catch((error) => messages.stop(error)), QUIET_MILLIS);
  try {
    for await (const message of messages) {
      isWaiting = false;
      quiet = 0;
      yield seen(message, read === "bodies");
      isAtEnd ||= message.seq >= state.last_seq || message.info.pending === 0;
      if (isAtEnd) break;
      isWaiting = true;
    }
  } finally {
    clearInterval(timer);
  }
  if (!isAtEnd) throw new Error(`the server did not give all messages of ${stream}`);
}

/** What the server says of a stream; undefined where there is none of that name. */
export async function streamInfo({ streams }: Server, stream: string): Promise<StreamInfo | undefined> {
  try {
    return await streams.info(stream);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === NO_STREAM) return undefined;
    throw error;
  }
}
