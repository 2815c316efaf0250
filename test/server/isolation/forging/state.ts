import type { Connection } from "./connection";
import { must } from "./connection";
import type { Place } from "./place";

/** A consumer as far as others could change it. */
export interface ConsumerState {
  readonly config: { readonly filter_subject?: string; readonly filter_subjects?: readonly string[] };
  /** What it has delivered and what is acknowledged. */
  readonly progress: {
    readonly delivered: { readonly consumer_seq: number; readonly stream_seq: number };
    readonly acknowledged: number;
    readonly unacknowledged: number;
  };
}

/** The part of a stream's configuration that says where its messages come from and go to. */
export interface StreamConfig {
  readonly name: string;
  readonly subjects?: readonly string[];
  readonly republish?: { readonly src?: string; readonly dest: string };
  readonly sources?: readonly { readonly name: string }[];
  readonly mirror?: { readonly name: string };
}

/** A stream as far as others could change it. */
export interface StreamState {
  readonly config: StreamConfig;
  readonly created: string;
  readonly first: number;
  readonly last: number;
  readonly deleted: number;
  /** How many messages there are of each subject. */
  readonly subjects: { readonly [subject: string]: number };
  readonly consumers: { readonly [name: string]: ConsumerState };
}

/** The streams of an account by their names. */
export type Streams = { readonly [name: string]: StreamState };

/** The streams of each account. */
export type State = ReadonlyMap<string, Streams>;

/** Everything that JetStream has in some accounts, without the messages themselves. */
export async function stateOf(place: Place, accounts: readonly string[]): Promise<State> {
  const withStreams = accounts.filter((name) => place.account(name).jetStream);
  const states = withStreams.map(async (name) => [name, await streamsOf(place.keeper(name))] as const);
  return new Map(await Promise.all(states));
}

async function streamsOf(keeper: Connection): Promise<Streams> {
  const { streams } = await must(keeper, "$JS.API.STREAM.NAMES");
  const states = ((streams ?? []) as string[]).map(async (name) => [name, await streamOf(keeper, name)] as const);
  return Object.fromEntries(await Promise.all(states));
}

async function streamOf(keeper: Connection, name: string): Promise<StreamState> {
  const [{ config, created, state }, { consumers }] = await Promise.all([
    must(keeper, `$JS.API.STREAM.INFO.${name}`, { subjects_filter: ">" }),
    must(keeper, `$JS.API.CONSUMER.LIST.${name}`),
  ]);
  const { first_seq: first, last_seq: last, num_deleted: deleted = 0, subjects = {} } = state;
  const named = (consumers ?? []).map((each: Parameters<typeof consumerOf>[0]) => [each.name, consumerOf(each)]);
  return { config, created, first, last, deleted, subjects, consumers: Object.fromEntries(named) };
}

function consumerOf(info: {
  name: string;
  config: ConsumerState["config"];
  delivered: { consumer_seq: number; stream_seq: number };
  ack_floor: { stream_seq: number };
  num_ack_pending: number;
}): ConsumerState {
  const { consumer_seq, stream_seq } = info.delivered;
  const acknowledged = info.ack_floor.stream_seq;
  const progress = { delivered: { consumer_seq, stream_seq }, acknowledged, unacknowledged: info.num_ack_pending };
  return { config: info.config, progress };
}
