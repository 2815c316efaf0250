import type { StreamState } from "@nats-io/jetstream";
import { addTo } from "../../collections/groups";
import type { SubjectMapping } from "../../subjects/subject-mapping";
import type { Server } from "../server";

/** One stream that copies another, both of one account. */
export interface Copy {
  /** The stream that copies. */
  readonly stream: string;
  readonly origin: string;
  /** Whether it is a mirror, which keeps sequence numbers. */
  readonly mirror: boolean;
  /** Which subjects of the origin are copied, and what becomes of them. */
  readonly mappings: readonly SubjectMapping[];
}

/** What a copy has of its origin. */
export interface Copied {
  /** How many messages of the origin it should have. */
  readonly messages: number;
  /** The sequence numbers of the origin's messages that it does not have. */
  readonly missing: readonly number[];
  /** How many of them have the id of an earlier message, so that the server took them for duplicates. */
  readonly duplicates: number;
}

/** The header by which a source names where a message is from: the stream, and its sequence number there. */
const SOURCE_HEADER = "Nats-Stream-Source";

/** The header of a message that takes the place of all earlier ones of its subject. */
const ROLLUP_HEADER = "Nats-Rollup";

/** The header by which a server knows duplicates. */
const ID_HEADER = "Nats-Msg-Id";

/** How long no message has to come before the server is asked whether there are more, in milliseconds. */
const QUIET_MILLIS = 1_000;

interface Seen {
  readonly sequence: number;
  readonly subject: string;
  readonly source: string;
  readonly id: string;
  readonly isRollup: boolean;
}

/** Reads the subjects and headers of all messages that a stream has now, though some of them may vanish meanwhile. */
async function* messagesOf({ consumers }: Server, stream: string, state: StreamState): AsyncGenerator<Seen> {
  if (state.messages === 0) return;
  const consumer = await consumers.get(stream, { headers_only: true });
  const messages = await consumer.consume();
  let isQuiet = false;
  const stopAtEnd = async () => {
    if (isQuiet && (await consumer.info()).num_pending === 0) messages.stop();
    isQuiet = true;
  };
  const timer = setInterval(() => stopAtEnd().catch((error) => messages.stop(error)), QUIET_MILLIS);
  try {
    for await (const { seq: sequence, subject, headers, info } of messages) {
      isQuiet = false;
      const isRollup = headers?.get(ROLLUP_HEADER) === "sub";
      const [source = "", id = ""] = [SOURCE_HEADER, ID_HEADER].map((name) => headers?.get(name));
      yield { sequence, subject, source, id, isRollup };
      if (sequence >= state.last_seq || info.pending === 0) break;
    }
  } finally {
    clearInterval(timer);
  }
}

/** The server's code for a stream that is not there. */
const NO_STREAM = 10059;

/** How many messages a stream has; undefined where there is none of that name. */
export async function messagesIn({ streams }: Server, stream: string): Promise<number | undefined> {
  try {
    return (await streams.info(stream)).state.messages;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === NO_STREAM) return undefined;
    throw error;
  }
}

/** The sequence number of the origin that a copied message had; undefined for what is of another origin. */
function originSequence({ sequence, source }: Seen, { mirror, origin }: Copy): number | undefined {
  if (mirror) return sequence;
  const [name = "", number] = source.split(" ");
  return name.split(":")[0] === origin ? Number(number) : undefined;
}

/** What a copy has: the sequence numbers that its messages had in the origin, and those for each subject. */
class Contents {
  private readonly sequences = new Set<number>();
  private readonly bySubject = new Map<string, number[]>();
  private readonly rolledUp = new Map<string, number>();

  /** @param perSubject how many messages of each subject the copy keeps; 0 or less for all */
  public constructor(private readonly perSubject: number) {}

  /** @param sequence the number in the origin; undefined for what came from elsewhere, which counts as later */
  public add({ subject, isRollup }: Seen, sequence = Number.POSITIVE_INFINITY): void {
    this.sequences.add(sequence);
    if (isRollup) this.rolledUp.set(subject, sequence);
    if (this.perSubject > 0) addTo(this.bySubject, subject, sequence);
  }

  /** Whether a message is there, or has given way to later ones of its subject. */
  public has(sequence: number, subject: string): boolean {
    return this.sequences.has(sequence) || this.hasGivenWay(sequence, subject);
  }

  /** What is copied alone pushes nothing out that the origin still has, unless the copy keeps less of each subject. */
  private hasGivenWay(sequence: number, subject: string): boolean {
    if ((this.rolledUp.get(subject) ?? 0) > sequence) return true;
    const later = this.bySubject.get(subject)?.filter((each) => each > sequence) ?? [];
    return later.includes(Number.POSITIVE_INFINITY) && later.length >= this.perSubject;
  }
}

/**
 * Compares a copy with its origin, message by message. Where the copy keeps only some messages of each subject, as buckets
 * do, a message may also have given way to a later one.
 *
 * @throws an error of the server, such as one for a stream that is not there
 */
export async function compareCopy(server: Server, copy: Copy): Promise<Copied> {
  const origin = await server.streams.info(copy.origin);
  const own = await server.streams.info(copy.stream);
  const contents = new Contents(own.config.max_msgs_per_subject);
  for await (const message of messagesOf(server, copy.stream, own.state)) {
    contents.add(message, originSequence(message, copy));
  }
  const missing: number[] = [];
  const ids = new Set<string>();
  let messages = 0;
  let duplicates = 0;
  for await (const { sequence, subject, id } of messagesOf(server, copy.origin, origin.state)) {
    const target = copy.mappings.map((mapping) => mapping.apply(subject)).find((each) => each !== undefined);
    if (target === undefined) continue;
    messages++;
    if (!contents.has(sequence, target)) {
      missing.push(sequence);
      if (ids.has(id)) duplicates++;
    }
    if (id !== "") ids.add(id);
  }
  return { messages, missing, duplicates };
}
