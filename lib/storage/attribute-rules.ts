import type { Settings } from "../access/models";
import * as jetstream from "../jetstream";
import type { Fault } from "../problems/fault";
import { type NumberRule, numberFault, rule, textFault, timeFault } from "../problems/value-rules";
import { isExpression } from "../tokens/expression";
import { isReservedKey, MAX_DESCRIPTION_BYTES, metadataSizeFault, reservedKeyFault } from "./storage-rules";

/** Finds what is wrong with the value of one attribute, which is given and known at synth. */
type AttributeRule = (name: string, value: unknown) => Fault | undefined;

/** A number as Terraform takes it: also as text. */
export const asNumber = (value: unknown) =>
  typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;

const number =
  (range: NumberRule): AttributeRule =>
  (name, value) =>
    numberFault(name, asNumber(value), { whenTooSmall: `Remove ${name} for the default`, ...range });

const seconds = number({ ...rule.seconds, min: 0 });

const atLeastOne = (range: NumberRule) => number({ ...range, min: 1, whenTooSmall: undefined });

/** A limit of which the server has -1 for none; it takes 0 for that too, and then no plan comes to rest. */
const limit =
  (range: NumberRule): AttributeRule =>
  (name, value) => {
    const fault = asNumber(value) === -1 ? undefined : numberFault(name, asNumber(value), range);
    return fault && { ...fault, allowed: `${fault.allowed}, or -1 for no limit` };
  };

const flag: AttributeRule = (name, value) =>
  [true, false, "true", "false"].includes(value as boolean)
    ? undefined
    : { what: `${name} is not a boolean`, value, allowed: "true or false", fix: `Set ${name} to one of the two` };

const oneOf =
  (...allowed: readonly string[]): AttributeRule =>
  (name, value) =>
    allowed.includes(value as string)
      ? undefined
      : { what: `${name} is not known`, value, allowed: allowed.join(", "), fix: `Set ${name} to one of these` };

const text: AttributeRule = (name, value) =>
  typeof value === "object"
    ? { what: `${name} is not a text`, value, allowed: "a text", fix: `Set ${name} to a text` }
    : undefined;

const description: AttributeRule = (name, value) =>
  text(name, value) ?? textFault(name, String(value), MAX_DESCRIPTION_BYTES);

const listOf =
  (each: AttributeRule): AttributeRule =>
  (name, value) => {
    if (!Array.isArray(value)) {
      return { what: `${name} is not a list`, value, allowed: "a list", fix: `Put the value of ${name} into a list` };
    }
    const known = value.filter((item) => !isExpression(item));
    return known.map((item) => each(name, item)).find((fault) => fault !== undefined);
  };

const metadata: AttributeRule = (name, value) => {
  if (typeof value !== "object" || Array.isArray(value)) {
    return { what: `${name} is not a map`, value, allowed: "names with their values", fix: `Set ${name} to a map` };
  }
  const given = value as { [key: string]: string };
  return (
    Object.values(given)
      .map((each) => text(name, each))
      .find((fault) => fault !== undefined) ??
    reservedKeyFault(Object.keys(given).find(isReservedKey)) ??
    metadataSizeFault(given)
  );
};

/** A beginning is one as soon as it is given, also as false. */
const beginning: AttributeRule = (name, value) =>
  [true, "true"].includes(value as boolean)
    ? undefined
    : {
        what: `${name} is not true`,
        value,
        allowed: "true, or null for another beginning",
        fix: `Set ${name} to null`,
      };

/** A text in a list; of an empty one the provider makes nothing, or ends. */
const filled: AttributeRule = (name, value) =>
  value === ""
    ? { what: `${name} has an empty text`, value, allowed: "texts that are not empty", fix: "Remove the empty one" }
    : text(name, value);

/** The provider takes no empty list of subjects. */
const subjects: AttributeRule = (name, value) =>
  Array.isArray(value) && value.length === 0
    ? { what: `${name} is an empty list`, allowed: "subjects, or null for a mirror", fix: `Set ${name} to null` }
    : listOf(text)(name, value);

/** The provider 0.4 reads it back in another unit than it writes it. */
const neverAtRest: AttributeRule = (name, value) =>
  asNumber(value) === 0
    ? undefined
    : {
        what: `${name} is given for a stream`,
        value,
        allowed: `${name} of consumers: the provider reads that of a stream as another number, and no plan comes to rest`,
        fix: `Remove ${name}, and set it on the consumers`,
      };

/** What the server has for consumers that push, with the values that say that there is none. */
const forPushOnly =
  (...none: readonly unknown[]): AttributeRule =>
  (name, value) =>
    none.includes(value)
      ? undefined
      : {
          what: `${name} is given for a consumer that clients fetch from`,
          value,
          allowed: `no ${name}: the server has it for consumers that push`,
          fix: `Remove ${name}`,
        };

const time: AttributeRule = (name, value) => text(name, value) ?? timeFault(name, String(value));

const notGiven: AttributeRule = (name, value) => ({
  what: `${name} is given`,
  value,
  allowed: `no ${name}: the provider makes it`,
  fix: `Remove ${name}`,
});

type AttributeRules = { readonly [attribute: string]: AttributeRule };

/** Blocks, which Terraform takes as a list, or one of them by itself. */
const blocks =
  (
    attributes: AttributeRules,
    { most = Number.POSITIVE_INFINITY, required = [] as readonly string[] } = {},
  ): AttributeRule =>
  (name, value) => {
    const all = [value].flat();
    const wrong = all.find((each) => typeof each !== "object" || each === null);
    if (wrong !== undefined || all.includes(null)) {
      return { what: `${name} is not a block`, value: wrong, allowed: "blocks", fix: `Give the attributes of ${name}` };
    }
    if (all.length > most) {
      const allowed = most === 1 ? "one block" : `at most ${most} blocks`;
      return { what: `${name} has ${all.length} blocks`, allowed, fix: `Leave one block of ${name}` };
    }
    return (all as Settings[]).map((block) => blockFault(name, block, attributes, required)).find(Boolean);
  };

function blockFault(
  name: string,
  block: Settings,
  attributes: AttributeRules,
  required: readonly string[],
): Fault | undefined {
  const missing = required.find((each) => block[each] === undefined || block[each] === null);
  if (missing) {
    return { what: `${name} lacks ${missing}`, allowed: `${name} with its ${missing}`, fix: `Give ${missing}` };
  }
  return Object.entries(attributes)
    .map(([attribute, check]) => valueFault(`${name} ${attribute}`, block[attribute], check))
    .find(Boolean);
}

/** What is wrong with the value of an attribute; nothing where it is not given, or known only at apply. */
export function valueFault(name: string, value: unknown, check: AttributeRule | undefined): Fault | undefined {
  return value === undefined || value === null || isExpression(value) ? undefined : check?.(name, value);
}

/** What is checked elsewhere: names, blocks, and what would let messages get to other subjects. */
const elsewhere: AttributeRule = () => undefined;

const TRANSFORM = { source: text, destination: text };

const BOTH_SUBJECTS = { required: ["source", "destination"] };

const ORIGIN = {
  name: text,
  filter_subject: text,
  start_seq: number({ ...rule.sequence, min: 0 }),
  start_time: time,
  external: blocks({ api: text, deliver: text }, { most: 1 }),
  subject_transform: blocks(TRANSFORM, BOTH_SUBJECTS),
};

/** The attributes that all streams and buckets have. */
const STORAGE = {
  id: notGiven,
  name: elsewhere,
  description,
  replicas: atLeastOne(rule.replicas),
  storage: oneOf("file", "memory"),
  placement_cluster: text,
  placement_tags: listOf(filled),
};

const BUCKET = {
  ...STORAGE,
  ttl: seconds,
  max_bucket_size: limit(rule.bytes),
};

/** The server's rule for the name of a group of a consumer's readers. */
const GROUP_NAME = /^[a-zA-Z0-9/_=-]{1,16}$/;

const groupName: AttributeRule = (name, value) =>
  GROUP_NAME.test(String(value))
    ? undefined
    : {
        what: `${name} has a name that is none of a group`,
        value,
        allowed: "1 to 16 letters, digits, `/`, `_`, `=` and `-`",
        fix: "Rename the group",
      };

/** The rules of attributes by themselves, by the types of resources. Terraform has -1 or 0 where options have nothing. */
export const ATTRIBUTES: { readonly [type: string]: AttributeRules } = {
  [jetstream.Stream.tfResourceType]: {
    ...STORAGE,
    ack: flag,
    allow_atomic: flag,
    allow_batched: flag,
    allow_direct: flag,
    allow_msg_counter: flag,
    allow_msg_schedules: elsewhere,
    allow_msg_ttl: flag,
    allow_rollup_hdrs: flag,
    compression: oneOf("none", "s2"),
    deny_delete: flag,
    deny_purge: flag,
    discard: oneOf("old", "new"),
    discard_new_per_subject: flag,
    duplicate_window: seconds,
    first_seq: number({ ...rule.sequence, min: 0 }),
    inactive_threshold: neverAtRest,
    max_ack_pending: number({ ...rule.count, min: 0 }),
    max_age: seconds,
    max_bytes: limit(rule.bytes),
    max_consumers: limit({ ...rule.count, unit: "consumers" }),
    max_msg_size: limit(rule.messageBytes),
    max_msgs: limit(rule.count),
    max_msgs_per_subject: limit(rule.count),
    metadata,
    mirror: blocks(ORIGIN, { most: 1, required: ["name"] }),
    mirror_direct: flag,
    persist_mode: oneOf("", "default", "async"),
    placement_preferred: text,
    republish_destination: text,
    republish_headers_only: flag,
    republish_source: text,
    retention: oneOf("limits", "interest", "workqueue"),
    source: blocks(ORIGIN, { required: ["name"] }),
    subject_delete_marker_ttl: seconds,
    subject_transform: blocks(TRANSFORM, { most: 1, ...BOTH_SUBJECTS }),
    subjects,
  },
  [jetstream.KvBucket.tfResourceType]: {
    ...BUCKET,
    history: atLeastOne({ ...rule.count, max: 64, unit: "revisions of each key" }),
    limit_marker_ttl: seconds,
    max_value_size: limit(rule.messageBytes),
  },
  [jetstream.ObjBucket.tfResourceType]: { ...BUCKET, compression: flag },
  [jetstream.Consumer.tfResourceType]: {
    id: notGiven,
    ack_policy: oneOf("explicit", "all", "none"),
    ack_wait: atLeastOne(rule.seconds),
    backoff: listOf(atLeastOne(rule.seconds)),
    deliver_all: beginning,
    deliver_last: beginning,
    deliver_last_per_subject: beginning,
    deliver_new: beginning,
    delivery_group: forPushOnly(""),
    delivery_subject: elsewhere,
    description,
    durable_name: elsewhere,
    filter_subject: text,
    filter_subjects: listOf(filled),
    flow_control: forPushOnly(false, "false"),
    headers_only: flag,
    heartbeat: forPushOnly(0, "0"),
    inactive_threshold: seconds,
    max_ack_pending: limit(rule.count),
    max_batch: number({ ...rule.count, min: 0 }),
    max_bytes: number({ ...rule.bytes, min: 0 }),
    max_delivery: limit({ ...rule.count, unit: "deliveries" }),
    max_expires: seconds,
    max_waiting: atLeastOne({ ...rule.count, unit: "pull requests" }),
    memory: flag,
    metadata,
    priority_groups: listOf(groupName),
    priority_policy: oneOf("none", "overflow", "pinned_client", "prioritized"),
    priority_timeout: seconds,
    ratelimit: forPushOnly(0, "0"),
    replay_policy: oneOf("instant", "original"),
    replicas: number({ ...rule.replicas, min: 0 }),
    sample_freq: number({ min: 0, max: 100, unit: "percent" }),
    start_time: time,
    stream_id: elsewhere,
    stream_sequence: number(rule.sequence),
  },
};
