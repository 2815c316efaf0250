import { isDeepStrictEqual } from "node:util";
import { isCovered } from "../subjects/subject-difference";

/** Stands for a value that Terraform knows only at apply. */
export const UNKNOWN = Symbol("known only at apply");

/** Attributes of a Terraform resource by their names. */
export interface Values {
  readonly [attribute: string]: unknown;
}

/** A stream, bucket or consumer before and after a change. */
export interface Update {
  readonly before: Values;
  readonly after: Values;
  /** How long the stream of a consumer keeps messages, where that is known. */
  readonly retention?: unknown;
  /** Which subjects the stream of a consumer stores, where that is known. */
  readonly subjects?: readonly string[] | undefined;
}

/** Something that a change may do, and in which case it does. */
interface Consequence {
  /** What happens, behind a colon. */
  readonly what: string;
  when(update: Update): boolean;
}

/** What a change of one attribute does to what is stored. An attribute of which nothing is said here loses nothing. */
export interface AttributeEffect {
  /** What its numbers count. */
  readonly unit?: string;
  /** What the provider takes it for where it is left out; nothing, if this is left out too. */
  readonly standard?: unknown;
  /** Whether Terraform puts a new, empty resource in the place of the old one: for another value, or only for one or none. */
  readonly replaces?: "value" | "presence";
  /** What the server deletes. */
  readonly empties?: Consequence;
  /** Why the server refuses the change. */
  readonly refused?: Consequence;
  /** The same of old servers only, which have this version. */
  readonly refusedBy?: Consequence & { readonly version: string };
}

/** Whether a value is what the provider takes for one that is left out. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "" ||
  value === 0 ||
  (typeof value === "object" && Object.keys(value).length === 0);

const given = (value: unknown, standard?: unknown) => (isNothing(value) ? standard : value);

/** A limit as a number, where less keeps less: none is more than any, and an unknown one may be less than any. */
function limit(value: unknown): number {
  if (value === UNKNOWN) return Number.NEGATIVE_INFINITY;
  return typeof value === "number" && value > 0 ? value : Number.POSITIVE_INFINITY;
}

const isLess = (attribute: string, { before, after }: Update) => limit(after[attribute]) < limit(before[attribute]);

const HISTORY = 5;

/** How many revisions of a key a bucket keeps, which is one at the least. */
function revisions(value: unknown): number {
  if (value === UNKNOWN) return Number.NEGATIVE_INFINITY;
  return Math.max(1, typeof value === "number" ? value : HISTORY);
}

/** A limit above which the server deletes at once, whatever else the stream is told to do with messages. */
const limited = (attribute: string, unit: string, what: string): AttributeEffect => ({
  unit,
  empties: { what, when: (update) => isLess(attribute, update) },
});

/** The server deletes what is above such a limit only with `discard = "old"`; otherwise it takes no further messages. */
const limitedByDiscard = (attribute: string, unit: string, what: string): AttributeEffect => ({
  unit,
  empties: { what, when: (update) => update.after.discard !== "new" && isLess(attribute, update) },
});

const REPLACES: AttributeEffect = { replaces: "value" };
const NOTHING: AttributeEffect = {};

const isOn = (value: unknown) => !isNothing(value);

/** A switch that the server lets nobody turn off. */
const staysOn = (attribute: string, what: string): AttributeEffect => ({
  refused: { what, when: ({ before, after }) => isOn(before[attribute]) && !isOn(after[attribute]) },
});

const isOther = (attribute: string, { before, after }: Update, standard?: unknown) =>
  after[attribute] !== UNKNOWN &&
  !isDeepStrictEqual(given(before[attribute], standard), given(after[attribute], standard));

/** What the server lets nobody change. */
const stays = (attribute: string, what: string, standard?: unknown): AttributeEffect => ({
  ...(standard !== undefined && { standard }),
  refused: { what, when: (update) => isOther(attribute, update, standard) },
});

const filtersOf = ({ filter_subject: one, filter_subjects: several }: Values): readonly unknown[] => {
  if (Array.isArray(several) && several.length > 0) return several;
  return isNothing(one) ? [] : [one];
};

/** A consumer's change with the filters before and after in one form: one of them may have a single filter, and the other several. */
export function withOneForm(update: Update): Update {
  const [old, now] = [filtersOf(update.before), filtersOf(update.after)];
  const unknown = [update.after.filter_subject, update.after.filter_subjects].includes(UNKNOWN);
  const several = (filters: readonly unknown[]) => ({ filter_subject: undefined, filter_subjects: filters });
  const isMixed = isNothing(update.before.filter_subject) !== isNothing(update.after.filter_subject);
  if (unknown || !isMixed || old.length === 0 || now.length === 0) return update;
  return { ...update, before: { ...update.before, ...several(old) }, after: { ...update.after, ...several(now) } };
}

/** A consumer of a stream that keeps messages only for its consumers, which wants fewer of them. */
function wantsLess({ before, after, retention, subjects = [">"] }: Update): boolean {
  if (retention !== "interest" && retention !== UNKNOWN) return false;
  if (after.filter_subject === UNKNOWN || after.filter_subjects === UNKNOWN) return true;
  const [old, now] = [filtersOf(before), filtersOf(after)];
  if (now.length === 0) return false;
  const wanted = old.length === 0 ? subjects : old.map(String);
  return wanted.some((each) => !isCovered(each, now.map(String)));
}

const FILTER: AttributeEffect = {
  empties: {
    what: "a stream that keeps messages only for its consumers deletes those that no consumer wants",
    when: wantsLess,
  },
};

const STORAGE: AttributeEffect = {
  ...stays("storage", "the server never moves what is stored to another storage", "file"),
  replaces: "value",
};

const OLDER = "what is older is deleted";

/** What both kinds of buckets of the provider have. */
const BUCKET = {
  description: NOTHING,
  id: NOTHING,
  max_bucket_size: NOTHING,
  name: REPLACES,
  placement_cluster: NOTHING,
  placement_tags: NOTHING,
  replicas: NOTHING,
  storage: STORAGE,
  ttl: limited("ttl", "second", OLDER),
};

/**
 * What every attribute of the provider's resources does when it changes. Measured with nats-server 2.15.2, 2.12.8 and
 * 2.11.11: `configUpdateCheckLocked` and `updateWithAdvisory` in server/stream.go, `UpdateConfig` in server/filestore.go,
 * `checkNewConsumerConfig` in server/consumer.go. What replaces is `ForceNew` in the provider.
 */
export const EFFECTS: { readonly [type: string]: { readonly [attribute: string]: AttributeEffect } } = {
  jetstream_stream: {
    ack: NOTHING,
    allow_atomic: NOTHING,
    allow_batched: NOTHING,
    allow_direct: NOTHING,
    allow_msg_counter: { ...stays("allow_msg_counter", "a stream stays a counter, or none"), replaces: "value" },
    allow_msg_schedules: {
      ...staysOn("allow_msg_schedules", "schedules cannot be turned off"),
      replaces: "value",
    },
    allow_msg_ttl: {
      ...staysOn("allow_msg_ttl", "the time to live of single messages cannot be turned off"),
      replaces: "value",
    },
    allow_rollup_hdrs: {
      refused: {
        what: "a stream with `deny_purge` takes no roll-ups",
        when: ({ after }) => isOn(after.deny_purge) && after.deny_purge !== UNKNOWN && after.allow_rollup_hdrs === true,
      },
    },
    compression: NOTHING,
    deny_delete: staysOn("deny_delete", "that messages cannot be deleted is for good"),
    deny_purge: staysOn("deny_purge", "that the stream cannot be purged is for good"),
    description: NOTHING,
    discard: {
      standard: "old",
      empties: {
        what: "the oldest messages above the stream's limits are deleted",
        when: ({ before, after }) =>
          before.discard === "new" &&
          after.discard !== "new" &&
          [after.max_msgs, after.max_bytes].some((each) => limit(each) < Number.POSITIVE_INFINITY),
      },
    },
    discard_new_per_subject: NOTHING,
    duplicate_window: {
      unit: "second",
      refused: {
        what: "it may not be longer than `max_age`",
        when: ({ after: { max_age: age, duplicate_window: window } }) =>
          typeof age === "number" && age > 0 && typeof window === "number" && window > age,
      },
    },
    first_seq: REPLACES,
    id: NOTHING,
    inactive_threshold: limited(
      "inactive_threshold",
      "second",
      "consumers that nobody has used for that long are deleted, and by interest the messages that no other wants",
    ),
    max_ack_pending: NOTHING,
    max_age: limited("max_age", "second", OLDER),
    max_bytes: limitedByDiscard("max_bytes", "byte", "the oldest messages above that are deleted"),
    max_consumers: {
      refusedBy: {
        version: "2.11",
        what: "it cannot be changed there",
        when: ({ before, after }) =>
          after.max_consumers !== UNKNOWN && limit(before.max_consumers) !== limit(after.max_consumers),
      },
    },
    max_msg_size: NOTHING,
    max_msgs: limitedByDiscard("max_msgs", "message", "the oldest messages above that are deleted"),
    max_msgs_per_subject: limited(
      "max_msgs_per_subject",
      "message",
      "the oldest messages of each subject above that are deleted",
    ),
    metadata: NOTHING,
    mirror: {
      replaces: "presence",
      refused: {
        what: "a mirror stays a mirror of the same, from the same start",
        when: (update) => isOn(update.after.mirror) && isOther("mirror", update),
      },
    },
    mirror_direct: NOTHING,
    name: REPLACES,
    persist_mode: stays("persist_mode", "how a stream is written to disk stays", "default"),
    placement_cluster: NOTHING,
    placement_preferred: NOTHING,
    placement_tags: NOTHING,
    replicas: NOTHING,
    republish_destination: NOTHING,
    republish_headers_only: NOTHING,
    republish_source: NOTHING,
    retention: {
      standard: "limits",
      empties: {
        what: "messages that no consumer waits for are deleted",
        when: ({ before, after }) =>
          (after.retention === "interest" || after.retention === UNKNOWN) && before.retention !== "interest",
      },
      refused: {
        what: "a stream never becomes a work queue, and a work queue never anything else",
        when: (update) =>
          isOther("retention", update, "limits") &&
          [update.before.retention, update.after.retention].includes("workqueue"),
      },
    },
    source: NOTHING,
    storage: STORAGE,
    subject_delete_marker_ttl: NOTHING,
    subject_transform: NOTHING,
    subjects: NOTHING,
  },
  jetstream_kv_bucket: {
    ...BUCKET,
    history: {
      unit: "revision",
      standard: HISTORY,
      empties: {
        what: "the oldest revisions of each key above that are deleted",
        when: ({ before, after }) => revisions(after.history) < revisions(before.history),
      },
      refused: {
        what: "a bucket keeps 64 revisions of a key at the most",
        when: ({ after }) => revisions(after.history) > 64,
      },
    },
    limit_marker_ttl: staysOn("limit_marker_ttl", "the time to live of single keys cannot be turned off"),
    max_value_size: NOTHING,
  },
  jetstream_obj_bucket: { ...BUCKET, compression: NOTHING },
  jetstream_consumer: {
    ack_policy: { replaces: "value", standard: "explicit" },
    ack_wait: NOTHING,
    backoff: NOTHING,
    deliver_all: REPLACES,
    deliver_last: REPLACES,
    deliver_last_per_subject: REPLACES,
    deliver_new: REPLACES,
    delivery_group: REPLACES,
    delivery_subject: {
      refused: {
        what: "a consumer that pulls never becomes one that is pushed to, or the other way round",
        when: ({ before, after }) =>
          after.delivery_subject !== UNKNOWN && isOn(before.delivery_subject) !== isOn(after.delivery_subject),
      },
    },
    description: NOTHING,
    durable_name: REPLACES,
    filter_subject: FILTER,
    filter_subjects: FILTER,
    flow_control: REPLACES,
    headers_only: NOTHING,
    heartbeat: REPLACES,
    id: NOTHING,
    inactive_threshold: limited(
      "inactive_threshold",
      "second",
      "the server deletes it when nobody has used it for that long",
    ),
    max_ack_pending: NOTHING,
    max_batch: NOTHING,
    max_bytes: NOTHING,
    max_delivery: limited("max_delivery", "time", "what was delivered so often already, it gives to nobody any more"),
    max_expires: NOTHING,
    max_waiting: stays("max_waiting", "how many requests may wait stays"),
    memory: REPLACES,
    metadata: NOTHING,
    priority_groups: REPLACES,
    priority_policy: { replaces: "value", standard: "none" },
    priority_timeout: REPLACES,
    ratelimit: REPLACES,
    replay_policy: { replaces: "value", standard: "instant" },
    replicas: REPLACES,
    sample_freq: NOTHING,
    start_time: REPLACES,
    stream_id: REPLACES,
    stream_sequence: REPLACES,
  },
  jetstream_kv_entry: {
    bucket: REPLACES,
    id: NOTHING,
    key: REPLACES,
    revision: NOTHING,
    value: NOTHING,
  },
};
