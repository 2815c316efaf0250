import type { Account } from "../../../../lib/access/accounts";
import { covers } from "../../../../lib/subjects/subject-pattern";
import { filled } from "./belongings";
import type { State, StreamState } from "./state";
import { domainsOf } from "./targets";

/** What a message is to be called, and what it is to contain so that it means something under that name. */
export interface StoredName {
  readonly subject: string;
  readonly data: string;
}

/** The inbox to which an attacker would have things of others sent. */
export const LOOT = "_INBOX.loot.probe";

const named = (subject: string, data: object | string = ""): StoredName => ({
  subject,
  data: typeof data === "string" ? data : JSON.stringify(data),
});

function streamCalls({ config, consumers }: StreamState, loot: readonly string[]): StoredName[] {
  const { name: stream } = config;
  const [subject = ">"] = config.subjects ?? [];
  const push = (deliver_subject: string) => ({ name: "forged", deliver_subject, ack_policy: "none" });
  const pull = { durable_name: "forged", ack_policy: "explicit" };
  return [
    named(`STREAM.DELETE.${stream}`),
    named(`STREAM.PURGE.${stream}`),
    named(`STREAM.PURGE.${stream}`, { filter: filled(subject) }),
    named(`STREAM.UPDATE.${stream}`, { ...config, description: undefined, max_msgs: 1 }),
    named(`STREAM.INFO.${stream}`),
    named(`STREAM.MSG.GET.${stream}`, { seq: 1 }),
    named(`STREAM.MSG.DELETE.${stream}`, { seq: 1, no_erase: true }),
    named(`STREAM.SNAPSHOT.${stream}`, { deliver_subject: LOOT, no_consumers: true, chunk_size: 1024 }),
    named(`CONSUMER.CREATE.${stream}.forged`, { stream_name: stream, config: { ...pull, name: "forged" } }),
    ...loot.map((subject) => named(`CONSUMER.CREATE.${stream}`, { stream_name: stream, config: push(subject) })),
    named(`DIRECT.GET.${stream}`, { seq: 1 }),
    named(`DIRECT.GET.${stream}.${filled(subject)}`),
    ...Object.entries(consumers).flatMap(([name, { config: own }]) => [
      named(`CONSUMER.DELETE.${stream}.${name}`),
      named(`CONSUMER.PAUSE.${stream}.${name}`, { pause_until: "2099-01-01T00:00:00Z" }),
      named(`CONSUMER.CREATE.${stream}.${name}`, { stream_name: stream, config: { ...own, max_ack_pending: 7 } }),
      named(`CONSUMER.INFO.${stream}.${name}`),
      named(`CONSUMER.MSG.NEXT.${stream}.${name}`, { batch: 1, no_wait: true }),
    ]),
  ];
}

/** Acknowledgements of what the consumers of a stream have delivered. */
function acknowledgements({ config: { name: stream }, consumers }: StreamState): StoredName[] {
  return Object.entries(consumers).flatMap(([consumer, { progress }]) => {
    const { consumer_seq, stream_seq } = progress.delivered;
    return ["", "+TERM"].flatMap((kind) => [
      named(`$JS.ACK.${stream}.${consumer}.1.${stream_seq}.${consumer_seq}.1.0`, kind),
      named(`$JS.ACK._.HASH.${stream}.${consumer}.1.${stream_seq}.${consumer_seq}.1.0`, kind),
    ]);
  });
}

/** Requests to the server, which no account but the system's may make of others. */
const systemRequests = (accounts: readonly Account[], serverId: string): StoredName[] => [
  ...accounts.flatMap(({ name }) => [
    named(`$SYS.REQ.ACCOUNT.${name}.CONNZ`),
    named(`$SYS.REQ.ACCOUNT.${name}.JSZ`),
    named(`$SYS.REQ.ACCOUNT.${name}.CLAIMS.LOOKUP`),
    named("$SYS.REQ.ACCOUNT.PING.CONNZ", { account: name, acc: name }),
    named(`$JS.API.ACCOUNT.PURGE.${name}`),
  ]),
  ...["VARZ", "CONNZ", "JSZ", "RELOAD", "KICK", "LDM"].map((what) =>
    named(`$SYS.REQ.SERVER.${serverId}.${what}`, what === "KICK" ? { cid: 1 } : ""),
  ),
  named("$SYS.REQ.SERVER.PING.CONNZ"),
  named("$SYS.REQ.CLAIMS.LIST"),
  named("$JS.API.META.LEADER.STEPDOWN"),
  named("$JS.API.SERVER.REMOVE", { peer: "any" }),
];

/** What other accounts' clients and streams hear. */
function messages({ exports, imports, users }: Account, streams: readonly StreamState[]): StoredName[] {
  const subjects = [
    ...streams.flatMap(({ config, subjects: used }) => [...(config.subjects ?? []), ...Object.keys(used).slice(0, 4)]),
    ...exports.map(({ subject }) => subject),
    ...imports.map(({ subject, to = subject }) => to),
    ...users.map(({ inboxPrefix }) => `${inboxPrefix}.victim`),
  ];
  return [...new Set(subjects.map((subject) => filled(subject, "forged")))].map((subject) => named(subject, "forged"));
}

/**
 * Everything that a message could be called so as to do something to others: JetStream's API, acknowledgements, the
 * subjects of streams, buckets, services and inboxes of all other accounts, and requests to the server.
 */
export function storedNamesOf(
  attacker: Account,
  accounts: readonly Account[],
  state: State,
  serverId: string,
): StoredName[] {
  const others = accounts.filter(({ name }) => name !== attacker.name);
  const lootTo = (exporter: string) =>
    attacker.imports
      .filter(({ kind, account }) => kind === "stream" && account === exporter)
      .map(({ subject }) => subject);
  const calls = others.flatMap(({ name }) => {
    const loot = [LOOT, ...lootTo(name).map((subject) => filled(subject))];
    return Object.values(state.get(name) ?? {}).flatMap((stream) => streamCalls(stream, loot));
  });
  const domains = domainsOf(others);
  const inDomain = calls.filter((_, index) => index % 5 === 0);
  const all = [
    ...calls.map(({ subject, data }) => named(`$JS.API.${subject}`, data)),
    ...inDomain.map(({ subject, data }, index) => named(`$JS.${domains[index % domains.length]}.API.${subject}`, data)),
    ...others.flatMap(({ name }) => Object.values(state.get(name) ?? {}).flatMap(acknowledgements)),
    ...others.flatMap((account) => messages(account, Object.values(state.get(account.name) ?? {}))),
    ...systemRequests(others, serverId),
    named("$JS.API.STREAM.CREATE.forged", { name: "forged", subjects: ["forged.>"] }),
    named("$JS.API.STREAM.NAMES"),
    named("$JS.API.INFO"),
  ];
  const empty = all.filter(({ data }) => data !== "").map(({ subject }) => named(subject));
  return [...new Map([...all, ...empty].map((each) => [`${each.subject} ${each.data}`, each])).values()];
}

/** Names without those that a pattern of an account's own covers. */
export const outsideOf = (patterns: readonly string[], names: readonly StoredName[]): StoredName[] =>
  names.filter(({ subject }) => !patterns.some((pattern) => covers(pattern, subject)));
