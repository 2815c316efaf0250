import type { StreamConfig, StreamInfo } from "@nats-io/jetstream";
import { valueAt } from "../../collections/groups";
import { overlaps } from "../../subjects/subject-pattern";
import type { Server } from "../server";
import type { Copy } from "./declared-copies";
import { messagesOf, type Seen } from "./stream-messages";

/** What a copy has of its origin. */
export interface Copied {
  /** How many messages of the origin it should have. */
  readonly messages: number;
  /** The sequence numbers of the origin's messages that it does not have. */
  readonly missing: readonly number[];
  /** How many of them have the id of an earlier message, so that the server took them for duplicates. */
  readonly duplicates: number;
  /** Those of them whose number another message in the copy has. */
  readonly mistaken: readonly number[];
  /** How many messages the copy has that it copied from nowhere, under subjects that it also copies. */
  readonly own: number;
}

/** A message of the origin that is not found in the copy yet. */
interface Sought {
  /** The subject that it is to have in the copy; a pattern where no more is known. */
  readonly target: string;
  readonly content: string;
  readonly id: string;
  /** When the origin stored it. */
  readonly time: number;
  isMistaken: boolean;
}

/**
 * How much the clocks of two servers may differ, in milliseconds: a copy is stored after its origin. One that is older is of an earlier
 * stream of that name, though it may have the same number and content.
 */
const CLOCK_MILLIS = 1_000;

type SoughtByNumber = Map<number, Sought>;

/** What becomes of a subject of the origin; undefined for one that is not copied. */
function targetOf(subject: string, { mappings, rewriting }: Copy): string | undefined {
  const target = mappings.map((mapping) => mapping.apply(subject)).find((each) => each !== undefined);
  return target && (rewriting?.apply(target) ?? target);
}

/** The sequence number of the origin that a copied message had; undefined for what is of another origin. */
export function originSequence({ sequence, source }: Seen, { mirror, origin }: Copy): number | undefined {
  if (mirror) return sequence;
  const [name = "", number] = source.split(" ");
  return name.split(":")[0] === origin ? Number(number) : undefined;
}

/** Whether a message is the copy's own, where the origin may have some too. */
function isOwn({ subject, source, isMarker }: Seen, { mirror, mappings, rewriting }: Copy): boolean {
  if (mirror || source !== "" || isMarker) return false;
  return mappings.some(({ image }) => overlaps(rewriting?.apply(image) ?? image, subject));
}

/** The messages of the origin, and what the copy has of them. */
class Comparison {
  /** What is not found, by the numbers in the origin. */
  public readonly sought: SoughtByNumber = new Map();
  /** The numbers, in a copy that keeps only some of each subject, of what has a number of the origin but is none of its messages. */
  public readonly strangers = new Set<number>();
  public messages = 0;
  public own = 0;

  /** @param config the copy's configuration on the server */
  public constructor(
    private readonly copy: Copy,
    private readonly config: StreamConfig,
  ) {}

  /** Looks for all messages of the origin among those of the copy, both in their order. */
  public async run(origin: AsyncIterable<Seen>, copied: AsyncGenerator<Seen, void>): Promise<void> {
    try {
      let { value: next } = await copied.next();
      const findUntil = async (sequence: number) => {
        while (next && (originSequence(next, this.copy) ?? 0) <= sequence) {
          this.find(next);
          next = (await copied.next()).value;
        }
      };
      for await (const message of origin) {
        this.seek(message);
        await findUntil(message.sequence);
      }
      await findUntil(Number.POSITIVE_INFINITY);
    } finally {
      await copied.return(undefined);
    }
  }

  private seek({ sequence, subject, content, id, time }: Seen): void {
    const target = targetOf(subject, this.copy);
    if (target === undefined) return;
    this.messages++;
    this.sought.set(sequence, { target, content, id, time, isMistaken: false });
  }

  private find(message: Seen): void {
    if (isOwn(message, this.copy)) this.own++;
    const sequence = originSequence(message, this.copy);
    if (sequence === undefined) return;
    const sought = this.sought.get(sequence);
    if (sought && this.isSame(sought, message)) {
      this.sought.delete(sequence);
      return;
    }
    if (sought) sought.isMistaken = true;
    if (this.config.max_msgs_per_subject > 0) this.strangers.add(message.sequence);
  }

  private isSame({ target, content, time }: Sought, message: Seen): boolean {
    // A counter writes bodies of its own.
    const hasContent = this.config.allow_msg_counter || content === message.content;
    return hasContent && overlaps(target, message.subject) && message.time >= time - CLOCK_MILLIS;
  }
}

/** What of a subject is in a copy that keeps only some messages of each. */
interface OfSubject {
  /** The numbers in the origin. */
  readonly sequences: number[];
  /** When the copy stored what is from elsewhere. */
  readonly others: number[];
  /** When the last of those took the place of all earlier ones. */
  rolledUp: number;
}

/**
 * Takes away what has given way to later messages of its subject. What is copied alone pushes nothing out that the origin still
 * has, unless the copy keeps less of each subject.
 */
async function dropGivenWay(
  { sought, strangers }: Comparison,
  messages: AsyncIterable<Seen>,
  copy: Copy,
  keeps: number,
) {
  const subjects = new Map<string, OfSubject>();
  const none = (): OfSubject => ({ sequences: [], others: [], rolledUp: Number.NEGATIVE_INFINITY });
  for (const { target } of sought.values()) valueAt(subjects, target, none);
  for await (const message of messages) {
    const found = subjects.get(message.subject);
    if (found === undefined || strangers.has(message.sequence)) continue;
    const sequence = originSequence(message, copy);
    if (sequence !== undefined) {
      found.sequences.push(sequence);
      continue;
    }
    found.others.push(message.time);
    if (message.isRollup) found.rolledUp = message.time;
  }
  for (const [sequence, { target, time }] of sought) {
    const { sequences, others, rolledUp } = subjects.get(target) ?? none();
    const newer = others.filter((each) => each >= time).length;
    const later = newer + sequences.filter((each) => each > sequence).length;
    if (rolledUp >= time || (keeps > 0 && newer > 0 && later >= keeps)) sought.delete(sequence);
  }
}

/** How many of the messages that are not found have the id of an earlier one. */
async function duplicatesIn(sought: SoughtByNumber, origin: AsyncIterable<Seen>, copy: Copy): Promise<number> {
  const ids = new Set([...sought.values()].map(({ id }) => id));
  const firsts = new Map<string, number>();
  for await (const { sequence, subject, id } of origin) {
    if (ids.has(id) && targetOf(subject, copy) !== undefined) valueAt(firsts, id, () => sequence);
  }
  return [...sought].filter(([sequence, { id }]) => id !== "" && (firsts.get(id) ?? sequence) < sequence).length;
}

/** Whether a stream on the server copies the other one now. */
export const isCopying = ({ config }: StreamInfo, { origin }: Copy): boolean =>
  [config.mirror, ...(config.sources ?? [])].some((each) => each?.name === origin);

/**
 * Compares a copy with its origin, message by message: the number that it had in the origin, its subject, its body, what a
 * client says in its headers, and that it is not older. Where the copy keeps only some messages of each subject, as buckets do, a message may also have
 * given way to a later one.
 *
 * Both streams are read once, side by side, and what is not found is looked for once more by headers alone. What is held is two
 * hundred messages; for each that is not found, its subject, its id and a hash, some 300 bytes; and a number for each message of
 * such a copy that the origin has no more.
 *
 * @throws an error of the server, such as one for a stream that is not there
 */
export async function compareCopy(server: Server, copy: Copy): Promise<Copied> {
  const { state } = await server.streams.info(copy.origin);
  const { config, state: ownState } = await server.streams.info(copy.stream);
  const comparison = new Comparison(copy, config);
  await comparison.run(
    messagesOf(server, copy.origin, state, "bodies"),
    messagesOf(server, copy.stream, ownState, "bodies"),
  );
  const { messages, sought, own } = comparison;
  const mayGiveWay = config.max_msgs_per_subject > 0 || config.allow_rollup_hdrs;
  if (sought.size > 0 && mayGiveWay) {
    const { state: now } = await server.streams.info(copy.stream);
    const headers = messagesOf(server, copy.stream, now, "headers");
    await dropGivenWay(comparison, headers, copy, config.max_msgs_per_subject);
  }
  const hasIds = [...sought.values()].some(({ id }) => id !== "");
  const headers = messagesOf(server, copy.origin, state, "headers");
  return {
    messages,
    missing: [...sought.keys()],
    duplicates: hasIds ? await duplicatesIn(sought, headers, copy) : 0,
    mistaken: [...sought].filter(([, { isMistaken }]) => isMistaken).map(([sequence]) => sequence),
    own,
  };
}
