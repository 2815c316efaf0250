import type { ConsumerInfo, StreamInfo } from "nats";

/** Whoever may ask the API of an account for everything. */
export interface Keeper {
  request(subject: string, data: string): Promise<{ string(): string }>;
}

/** A stored message, with everything that the server keeps of it. */
export interface StoredMessage {
  readonly subject: string;
  readonly seq: number;
  readonly time: string;
  readonly data?: string;
  readonly hdrs?: string;
}

/** A stream with all that is in it. */
export interface StreamContents {
  readonly config: StreamInfo["config"];
  readonly state: StreamInfo["state"];
  readonly messages: readonly StoredMessage[];
  readonly consumers: { [name: string]: object };
}

/** Everything that JetStream has in an account, by the stream's name. */
export type AccountContents = { [stream: string]: StreamContents };

/** Reads everything that JetStream has in an account, as a user that may do everything there. */
export async function accountContents(keeper: Keeper): Promise<AccountContents> {
  const streams = (await call<{ streams: StreamInfo[] | null }>(keeper, "STREAM.LIST")).streams ?? [];
  const contents = streams.map(async ({ config, state }) => {
    const { metadata: _, ...own } = config;
    return [
      config.name,
      {
        config: own as StreamInfo["config"],
        state,
        messages: await messagesOf(keeper, config.name, state),
        consumers: await consumersOf(keeper, config.name),
      },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

/** How many messages are read at a time. */
const BATCH = 100;

async function messagesOf(keeper: Keeper, stream: string, { first_seq, last_seq }: StreamInfo["state"]) {
  const messages: StoredMessage[] = [];
  for (let start = first_seq; start <= last_seq; start += BATCH) {
    const length = Math.min(BATCH, last_seq - start + 1);
    const batch = Array.from({ length }, (_, index) => messageOf(keeper, stream, start + index));
    for (const message of await Promise.all(batch)) if (message) messages.push(message);
  }
  return messages;
}

/** A message by its number, or undefined where there is none any more. */
async function messageOf(keeper: Keeper, stream: string, seq: number): Promise<StoredMessage | undefined> {
  const answer = await keeper.request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({ seq }));
  return JSON.parse(answer.string()).message;
}

async function consumersOf(keeper: Keeper, stream: string): Promise<{ [name: string]: object }> {
  const consumers =
    (await call<{ consumers: ConsumerInfo[] | null }>(keeper, `CONSUMER.LIST.${stream}`)).consumers ?? [];
  return Object.fromEntries(
    consumers.map(
      ({ name, config, delivered, ack_floor, num_ack_pending, num_redelivered, num_waiting, num_pending }) => {
        const { metadata: _, ...own } = config;
        const { consumer_seq, stream_seq } = delivered;
        const acknowledged = { consumer_seq: ack_floor.consumer_seq, stream_seq: ack_floor.stream_seq };
        const numbers = { num_ack_pending, num_redelivered, num_waiting, num_pending };
        return [name, { config: own, delivered: { consumer_seq, stream_seq }, acknowledged, ...numbers }];
      },
    ),
  );
}

async function call<T extends object>(keeper: Keeper, subject: string): Promise<T> {
  const answer = JSON.parse((await keeper.request(`$JS.API.${subject}`, "{}")).string());
  if (answer.error) throw new Error(`${subject}: ${answer.error.description}`);
  return answer as T;
}
