import type { StreamInfo } from "@nats-io/jetstream";
import type { CatalogFormer } from "../../catalog/catalog";
import type { Server } from "../server";
import { compareCopy, isCopying } from "./copied-messages";
import type { Copy } from "./declared-copies";
import { messagesOf, type Seen, streamInfo } from "./stream-messages";

/** What becomes of the messages of a former stream that copies others itself. */
export interface Inherited {
  readonly messages: number;
  /** How many of them are neither under the new name nor in a stream that is copied. */
  readonly lacking: number;
  /** How many of them it has copied from nowhere. */
  readonly own: number;
}

/** Gives the number that a message had in an origin; undefined for what is from elsewhere. */
type NumberOf = (message: Seen) => number | undefined;

/** An origin as the server notes it with each message: a stream, or one of another account behind a colon and a hash. */
const originIn = ({ source }: Seen): string => source.split(" ")[0] ?? "";

const numberIn =
  ({ config }: StreamInfo, origin: string): NumberOf =>
  (message) => {
    if (config.mirror) return message.sequence;
    return originIn(message) === origin ? Number(message.source.split(" ")[1]) : undefined;
  };

/** Messages of one origin, with the numbers that they had there. */
async function* numbered(messages: AsyncIterable<Seen>, numberOf: NumberOf): AsyncGenerator<Seen, void> {
  for await (const message of messages) {
    const sequence = numberOf(message);
    if (sequence !== undefined) yield { ...message, sequence };
  }
}

/** How many messages are not found among others: of the same number, with the same content. Both are in their order. */
async function countLacking(sought: AsyncIterable<Seen>, others: AsyncGenerator<Seen, void>): Promise<number> {
  let lacking = 0;
  try {
    let { value: next } = await others.next();
    for await (const { sequence, content } of sought) {
      let isFound = false;
      for (; next && next.sequence <= sequence; next = (await others.next()).value) {
        isFound ||= next.sequence === sequence && next.content === content;
      }
      if (!isFound) lacking++;
    }
  } finally {
    await others.return(undefined);
  }
  return lacking;
}

/** A former stream that copies others itself, and where else its messages are. */
class Inheritance {
  /**
   * @param old the former stream
   * @param now the one under the new name; undefined where there is none in the account
   */
  public constructor(
    private readonly server: Server,
    private readonly old: StreamInfo,
    private readonly now: StreamInfo | undefined,
    private readonly copies: readonly Copy[],
    private readonly formerly: readonly CatalogFormer[],
  ) {}

  /** How many messages there are of each origin; of none those that are its own. */
  public async counts(): Promise<Map<string, number>> {
    const { mirror } = this.old.config;
    if (mirror) return new Map([[mirror.name, this.old.state.messages]]);
    const all = new Map<string, number>();
    for await (const message of this.read(this.old, "headers")) {
      const origin = originIn(message);
      all.set(origin, (all.get(origin) ?? 0) + 1);
    }
    return all;
  }

  /** How many of the messages of an origin are nowhere else. */
  public async lackingOf(origin: string, count: number): Promise<number> {
    if (this.now && this.copiesToo(this.now, origin)) {
      const now = numbered(this.read(this.now, "bodies"), numberIn(this.now, origin));
      return countLacking(this.messagesOf(origin), now);
    }
    const former = this.formerly.find(({ stream, copy }) => stream === origin && copy !== undefined);
    if (!former?.copy || (await this.lacksCopyOf(former.copy.stream))) return count;
    const info = await streamInfo(this.server, origin);
    return info ? countLacking(this.messagesOf(origin), this.read(info, "bodies")) : count;
  }

  private messagesOf(origin: string): AsyncGenerator<Seen, void> {
    return numbered(this.read(this.old, "bodies"), numberIn(this.old, origin));
  }

  private copiesToo({ config }: StreamInfo, origin: string): boolean {
    if (config.mirror || this.old.config.mirror) return config.mirror?.name === this.old.config.mirror?.name;
    return (config.sources ?? []).some(({ name }) => name === origin.split(":")[0]);
  }

  /** Whether the stream under the new name does not have all of what an origin has become. */
  private async lacksCopyOf(stream: string): Promise<boolean> {
    if (!this.now) return false;
    const { name } = this.now.config;
    const copy = this.copies.find((each) => each.stream === name && each.origin === stream);
    return !copy || !isCopying(this.now, copy) || (await compareCopy(this.server, copy)).missing.length > 0;
  }

  private read({ config, state }: StreamInfo, what: "headers" | "bodies"): AsyncGenerator<Seen, void> {
    return messagesOf(this.server, config.name, state, what);
  }
}

const copiesOthers = ({ config }: StreamInfo) => config.mirror !== undefined || (config.sources ?? []).length > 0;

const isKept = ({ config }: StreamInfo) => config.retention === "limits";

/**
 * Looks for the messages of a former stream that copies others itself: under the new name, with the same numbers of the same
 * origins; or in an origin that is copied under its own new name, as is then what it becomes under that.
 *
 * @param copies what is copied in the account
 * @returns undefined for a stream that copies nothing itself, and where one of the two deletes what is consumed
 * @throws an error of the server
 */
export async function inheritedOf(
  server: Server,
  { stream, account, successor }: CatalogFormer,
  copies: readonly Copy[],
  formerly: readonly CatalogFormer[],
): Promise<Inherited | undefined> {
  const old = await streamInfo(server, stream);
  const now = successor?.account === account ? await streamInfo(server, successor.stream) : undefined;
  if (!old || !copiesOthers(old) || !isKept(old) || (now && !isKept(now))) return undefined;
  const near = formerly.filter((each) => each.account === account);
  const inheritance = new Inheritance(server, old, now, copies, near);
  const counts = await inheritance.counts();
  const own = counts.get("") ?? 0;
  let lacking = own;
  for (const [origin, count] of counts) if (origin !== "") lacking += await inheritance.lackingOf(origin, count);
  return { messages: old.state.messages, lacking, own };
}
