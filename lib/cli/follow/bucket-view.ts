import type { RevisedDocument } from "./unit";

/** What a server says of the stream of a bucket. */
export interface BucketState {
  /** When it was made; a bucket that was made anew counts from 1 again. */
  readonly created: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly messages: number;
}

/** One message of a bucket: the value of a key, or that it was deleted. */
export interface BucketMessage {
  readonly sequence: number;
  readonly key: string;
  /** The value; undefined for a key that was deleted. */
  readonly text: string | undefined;
}

/** How a bucket is asked. */
export interface BucketSource {
  state(): Promise<BucketState>;
  /** The first message from a sequence number on; undefined if there is none. */
  messageFrom(sequence: number): Promise<BucketMessage | undefined>;
}

/** How many questions are under way at a time when all of a bucket is read. */
const LANES = 32;

/** How often a bucket is looked at until it has not changed meanwhile. */
const LOOKS = 10;

/**
 * What a bucket has, kept up to date with few questions.
 *
 * Messages are read by growing sequence number until there is no more. A bucket has one message for each key, and a key that
 * is written again gets a higher number. So what is read is what the bucket has at the last question, however much is written
 * meanwhile. What goes without a message, as by a purge, is seen by the count.
 */
export class BucketView {
  /** The document of each key; undefined for a key that was deleted. */
  private messages = new Map<string, RevisedDocument | undefined>();
  private created = "";
  private lastSequence = 0;
  /** How many messages more the server counts than there are keys, as it was when all was read. */
  private surplus = 0;
  private changes = 0;

  public constructor(private readonly source: BucketSource) {}

  /** A number that grows with each change. */
  public get version(): number {
    return this.changes;
  }

  /** What the bucket had when it was read last. */
  public get documents(): RevisedDocument[] {
    return [...this.messages.values()].filter((document) => document !== undefined);
  }

  /** The keys that were deleted and have a mark of that, as a client leaves it. */
  public get deleted(): ReadonlySet<string> {
    return new Set([...this.messages].flatMap(([key, document]) => (document === undefined ? [key] : [])));
  }

  /** Reads what has changed. @throws what the source throws; then all is as before */
  public async update(): Promise<void> {
    for (let look = 0; look < LOOKS; look++) {
      const state = await this.source.state();
      const isSame = state.created === this.created && state.lastSequence >= this.lastSequence;
      const isSettled = state.lastSequence === this.lastSequence;
      if (isSame && isSettled && state.messages - this.messages.size === this.surplus) return;
      if (isSame && !isSettled) this.take(await this.from(this.lastSequence + 1));
      else await this.readAll(state);
    }
  }

  private async readAll(state: BucketState): Promise<void> {
    const { firstSequence, lastSequence, created } = state;
    const width = Math.max(1, Math.ceil((lastSequence - firstSequence + 1) / LANES));
    const starts = Array.from({ length: LANES }, (_, lane) => firstSequence + lane * width);
    const found = await Promise.all(
      starts.filter((start) => start <= lastSequence).map((start) => this.from(start, start + width - 1)),
    );
    const later = await this.from(lastSequence + 1);
    this.messages = new Map();
    this.created = created;
    this.lastSequence = lastSequence;
    this.take([...found.flat(), ...later]);
    this.surplus = later.length === 0 ? state.messages - this.messages.size : 0;
  }

  /** The messages from one sequence number to another, or to the last one. */
  private async from(first: number, last = Number.POSITIVE_INFINITY): Promise<BucketMessage[]> {
    const found: BucketMessage[] = [];
    for (let next = first; next <= last; ) {
      const message = await this.source.messageFrom(next);
      if (message === undefined || message.sequence > last) break;
      found.push(message);
      next = message.sequence + 1;
    }
    return found;
  }

  private take(found: readonly BucketMessage[]): void {
    for (const { key, text, sequence } of found)
      this.messages.set(key, text === undefined ? undefined : { key, text, revision: sequence });
    this.lastSequence = Math.max(this.lastSequence, found.at(-1)?.sequence ?? 0);
    this.changes++;
  }
}
