import { createHash } from "node:crypto";
import type { ConsumerInfo, StreamInfo } from "nats";
import type { Keeper, StoredMessage } from "../../support/account-contents";

/** A consumer, as far as nobody may lose it. */
export interface ConsumerContents {
  readonly created: string;
  readonly config: string;
  readonly delivered: number;
  readonly acknowledged: number;
  /** What was delivered and not acknowledged. */
  readonly unacknowledged: number;
  /** What is to be delivered. */
  readonly pending: number;
}

/** A stream with what is in it. */
export interface StreamContents {
  readonly created: string;
  readonly retention: string;
  /** In seconds; 0 for ever. */
  readonly maxAge: number;
  /** Whether it copies others: a message may give way to a later one of its subject, which is copied. */
  readonly copies: boolean;
  /** Subject and hash of the messages by their sequences. */
  readonly messages: ReadonlyMap<number, { readonly subject: string; readonly hash: string }>;
  readonly consumers: ReadonlyMap<string, ConsumerContents>;
}

/** Streams by account and name, apart by a space. */
export type Contents = ReadonlyMap<string, StreamContents>;

async function call<T>(keeper: Keeper, subject: string, body: object = {}): Promise<T> {
  const answer = JSON.parse((await keeper.request(`$JS.API.${subject}`, JSON.stringify(body))).string());
  if (answer.error && answer.error.err_code !== NO_MESSAGE) throw new Error(`${subject}: ${answer.error.description}`);
  return answer as T;
}

const NO_MESSAGE = 10037;

const hashOf = ({ hdrs = "", data = "" }: StoredMessage) =>
  createHash("sha256").update(`${hdrs} ${data}`).digest("hex");

async function messagesOf(keeper: Keeper, { config: { name }, state }: StreamInfo) {
  const length = state.messages === 0 ? 0 : state.last_seq - state.first_seq + 1;
  const numbers = Array.from({ length }, (_, index) => state.first_seq + index);
  const answers = await Promise.all(
    numbers.map((seq) => call<{ message?: StoredMessage }>(keeper, `STREAM.MSG.GET.${name}`, { seq })),
  );
  const found = answers.flatMap(({ message }) => (message ? [message] : []));
  return new Map(found.map((message) => [message.seq, { subject: message.subject, hash: hashOf(message) }] as const));
}

function contentsOf({ config, created, ...info }: ConsumerInfo): ConsumerContents {
  const { metadata: _, description: __, ...settings } = config;
  return {
    created,
    config: JSON.stringify(settings),
    delivered: info.delivered.stream_seq,
    acknowledged: info.ack_floor.stream_seq,
    unacknowledged: info.num_ack_pending,
    pending: info.num_pending,
  };
}

/** Everything that is stored in some accounts. */
export async function contentsOfAll(keepers: ReadonlyMap<string, Keeper>): Promise<Contents> {
  const all = new Map<string, StreamContents>();
  for (const [account, keeper] of keepers) {
    const streams = (await call<{ streams: StreamInfo[] | null }>(keeper, "STREAM.LIST")).streams ?? [];
    for (const info of streams) {
      const { name, retention, max_age: age } = info.config;
      const { consumers } = await call<{ consumers: ConsumerInfo[] | null }>(keeper, `CONSUMER.LIST.${name}`);
      all.set(`${account} ${name}`, {
        created: info.created,
        retention,
        maxAge: age / 1_000_000_000,
        copies: (info.config.sources ?? []).length > 0,
        messages: await messagesOf(keeper, info),
        consumers: new Map((consumers ?? []).map((each) => [each.name, contentsOf(each)])),
      });
    }
  }
  return all;
}

/** What the gate has let through by name: losses of it are as they were asked for. */
export interface AllowedLoss {
  readonly kind: "destroyed" | "emptied" | "overwritten" | "leftBehind" | "unmanaged";
  readonly stream: string;
  /** The consumer in the stream that it is about, or the key. */
  readonly consumer?: string;
  readonly subject?: string;
}

/** What becomes of data that stays where it is. */
export const STAYING: readonly string[] = ["leftBehind", "unmanaged"];

/** Whether a subject is that of an access document, which is Terraform's. */
export const isDocument = (subject: string) => /^\$KV\.[^.]+_access\.access\./.test(subject);

/** How long an age must be that is longer than the test. */
const LONG_SECONDS = 3600;

const hasLater = ({ messages }: StreamContents, sequence: number, subject: string) =>
  [...messages].some(([later, each]) => later > sequence && each.subject === subject);

/** What is lost between two looks at the same server, but for what was allowed: one sentence each. */
export function lossesBetween(before: Contents, after: Contents, allowed: readonly AllowedLoss[]): string[] {
  return [...before].flatMap(([key, was]) => {
    const name = key.slice(key.indexOf(" ") + 1);
    const own = allowed.filter(({ stream, kind }) => stream === name && !STAYING.includes(kind));
    const about = own.filter(({ consumer, subject }) => consumer === undefined && subject === undefined);
    const isGone = about.some(({ kind }) => kind === "destroyed");
    const is = after.get(key);
    if (!is) return isGone ? [] : [`stream ${key} with ${was.messages.size} messages is gone`];
    const consumersMayGo = isGone || is.created !== was.created;
    const mayLose =
      about.length > 0 ||
      (was.maxAge > 0 && was.maxAge < LONG_SECONDS) ||
      (own.some(({ consumer }) => consumer !== undefined) && [was.retention, is.retention].includes("interest"));
    const subjects = new Set(own.map(({ subject }) => subject));
    const messages = [...was.messages].flatMap(([seq, { subject, hash }]) => {
      if (mayLose || subjects.has(subject) || isDocument(subject)) return [];
      const now = is.messages.get(seq);
      if (now?.subject === subject && now.hash === hash) return [];
      if (!now && is.copies && hasLater(is, seq, subject)) return [];
      return [`message ${seq} of stream ${key} under ${subject} is ${now ? "another" : "gone"}`];
    });
    const sameMessages = was.messages.size === is.messages.size;
    const consumers = [...was.consumers].flatMap(([consumer, old]) => {
      if ((isGone && consumersMayGo) || own.some((each) => each.consumer === consumer && each.kind === "destroyed"))
        return [];
      const text = `consumer ${consumer} of stream ${key}`;
      const now = is.consumers.get(consumer);
      if (!now) return [`${text} is gone`];
      if (now.created !== old.created) return [`${text} was made again`];
      const back = (["delivered", "acknowledged"] as const).filter((each) => now[each] < old[each]);
      const kept = now.config === old.config && sameMessages ? (["unacknowledged", "pending"] as const) : [];
      const fewer = mayLose ? [] : kept.filter((each) => now[each] < old[each]);
      return [...back, ...fewer].map((each) => `${text}: ${each} was ${old[each]} and is ${now[each]}`);
    });
    return [...messages, ...consumers];
  });
}
