import type { Kind } from "./attempt";
import type { Expected } from "./expected";
import type { State, StreamState } from "./state";

/** Something that was seen in another account which no import allows. */
export interface Finding {
  readonly account: string;
  readonly kind: Kind;
  readonly what: string;
  /** What the message was called. */
  readonly called?: string;
  /** The number of the attempt, where what was seen tells it. */
  readonly attempt?: number;
  /** Where to read the number, for a stored message. */
  readonly stored?: { readonly stream: string; readonly subject: string };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What has changed in other accounts without an import that allows it. */
export function changesOf(before: State, after: State, expected: Expected): Finding[] {
  return [...after].flatMap(([account, streams]) => {
    const earlier = before.get(account) ?? {};
    return [...new Set([...Object.keys(earlier), ...Object.keys(streams)])].flatMap((name) =>
      streamChanges(account, name, earlier[name], streams[name], expected),
    );
  });
}

function streamChanges(
  account: string,
  name: string,
  before: StreamState | undefined,
  after: StreamState | undefined,
  expected: Expected,
): Finding[] {
  const taken = (call: string, what: string): Finding[] =>
    expected.mayCall(account, `${call}.${name}`) ? [] : [{ account, kind: "takeover", what: `stream ${name} ${what}` }];
  if (!before) return taken("STREAM.CREATE", "was made");
  if (!after) return taken("STREAM.DELETE", "was deleted");
  if (before.created !== after.created) return taken("STREAM.DELETE", "was deleted and made again");
  const lost = after.first !== before.first || after.deleted !== before.deleted;
  return [
    ...(same(before.config, after.config) ? [] : taken("STREAM.UPDATE", "has another configuration")),
    ...(lost ? taken("STREAM.PURGE", "has lost messages") : []),
    ...storedChanges(account, before, after, expected),
    ...consumerChanges(account, before, after, expected),
  ];
}

function storedChanges(account: string, before: StreamState, after: StreamState, expected: Expected): Finding[] {
  const stream = after.config.name;
  return Object.entries(after.subjects).flatMap(([subject, count]): Finding[] => {
    if (count <= (before.subjects[subject] ?? 0) || expected.stores(account, after.config, subject)) return [];
    const what = `stream ${stream} stores ${subject}`;
    return [{ account, kind: "stored under another name", what, called: subject, stored: { stream, subject } }];
  });
}

function consumerChanges(account: string, before: StreamState, after: StreamState, expected: Expected): Finding[] {
  const stream = after.config.name;
  const names = new Set([...Object.keys(before.consumers), ...Object.keys(after.consumers)]);
  return [...names].flatMap((name): Finding[] => {
    const [one, other] = [before.consumers[name], after.consumers[name]];
    const taken = (call: string, what: string): Finding[] =>
      expected.mayCall(account, `${call}.${stream}.${name}`)
        ? []
        : [{ account, kind: "takeover", what: `consumer ${stream}.${name} ${what}` }];
    if (!one) return taken("CONSUMER.CREATE", "was made");
    if (!other) return taken("CONSUMER.DELETE", "was deleted");
    if (!same(one.config, other.config)) return taken("CONSUMER.CREATE", "has another configuration");
    if (same(one.progress, other.progress) || expected.mayConsume(account, stream, name)) return [];
    return [{ account, kind: "changed", what: `consumer ${stream}.${name} was consumed from` }];
  });
}
