import type { Settings } from "../../../lib/access/models";
import { brokenRules } from "../../../lib/problems/value-rules";
import { COMBINATIONS } from "../../../lib/storage/attribute-combinations";

/** A stream and a consumer that are right, as the provider gets them. */
const RIGHT: { readonly [type: string]: Settings } = {
  jetstream_stream: { name: "x", subjects: ["x.>"], max_age: 3600 },
  jetstream_kv_bucket: { name: "x" },
  jetstream_obj_bucket: { name: "x" },
  jetstream_consumer: { stream_id: "x", durable_name: "w", deliver_all: true },
};

const mirror = { subjects: null, mirror: [{ name: "y" }] };

/** What breaks each rule, and what is next to it and right. */
const EXAMPLES: readonly (readonly [rule: string, type: string, wrong: Settings, right: Settings])[] = [
  ["max_age is below", "jetstream_stream", { max_age: 60 }, { max_age: 60, duplicate_window: 60 }],
  ["max_age is below", "jetstream_stream", { max_age: 60, ...mirror }, { max_age: 60, duplicate_window: 0, ...mirror }],
  ["without a duplicate window", "jetstream_stream", { duplicate_window: 0 }, { duplicate_window: 0, source: [{}] }],
  [
    "allow_rollup_hdrs and deny_purge",
    "jetstream_stream",
    both("allow_rollup_hdrs", "deny_purge"),
    { deny_purge: true },
  ],
  [
    "discard_new_per_subject lacks",
    "jetstream_stream",
    { discard_new_per_subject: true, discard: "new", max_msgs_per_subject: -1 },
    { discard_new_per_subject: true, discard: "new", max_msgs_per_subject: 1 },
  ],
  [
    "subject_delete_marker_ttl lacks",
    "jetstream_stream",
    { subject_delete_marker_ttl: 5, allow_msg_ttl: true },
    { subject_delete_marker_ttl: 5, ...both("allow_msg_ttl", "allow_rollup_hdrs") },
  ],
  ["a stream of counters", "jetstream_stream", both("allow_msg_counter", "allow_msg_ttl"), { allow_msg_counter: true }],
  ["persist_mode", "jetstream_stream", { persist_mode: "async", replicas: 3 }, { persist_mode: "async", replicas: 1 }],
  ["placement_preferred", "jetstream_stream", { placement_preferred: "n1" }, { placement_preferred: "" }],
  [
    "republish_source and republish_destination",
    "jetstream_stream",
    { republish_destination: "y.>" },
    { republish_source: ">", republish_destination: "y.>" },
  ],
  ["mirror_direct", "jetstream_stream", { mirror_direct: true }, { mirror_direct: true, ...mirror }],
  ["a mirror has first_seq", "jetstream_stream", { first_seq: 5, ...mirror }, { first_seq: 5 }],
  ["a mirror has allow_msg_counter", "jetstream_stream", { allow_msg_counter: true, ...mirror }, mirror],
  ["a mirror has allow_atomic", "jetstream_stream", { allow_atomic: true, ...mirror }, { allow_atomic: true }],
  ["a mirror has allow_batched", "jetstream_stream", { allow_batched: "true", ...mirror }, { allow_batched: true }],
  [
    "a mirror has subject_delete_marker_ttl",
    "jetstream_stream",
    { subject_delete_marker_ttl: 5, ...both("allow_msg_ttl", "allow_rollup_hdrs"), ...mirror },
    { subject_delete_marker_ttl: 0, ...mirror },
  ],
  ["placement_tags", "jetstream_stream", { placement_tags: ["a"] }, { placement_tags: ["a"], placement_cluster: "c" }],
  ["placement_tags", "jetstream_kv_bucket", { placement_tags: ["a"] }, { placement_tags: [] }],
  ["placement_tags", "jetstream_obj_bucket", { placement_tags: ["a"], placement_cluster: "" }, {}],
  ["no beginning, or several", "jetstream_consumer", { deliver_new: true }, { deliver_all: null, deliver_new: true }],
  ["no beginning, or several", "jetstream_consumer", { deliver_all: null }, { deliver_all: null, stream_sequence: 7 }],
  [
    "deliver_last_per_subject lacks",
    "jetstream_consumer",
    { deliver_all: null, deliver_last_per_subject: true },
    { deliver_all: null, deliver_last_per_subject: true, filter_subject: "x.y" },
  ],
  [
    "filter_subject and filter_subjects",
    "jetstream_consumer",
    { filter_subject: "x.y", filter_subjects: ["x.z", "x.a"] },
    { filter_subjects: ["x.y", "x.z"] },
  ],
  [
    "backoff has more steps",
    "jetstream_consumer",
    { backoff: [30, 60], max_delivery: 1 },
    { backoff: [30, 60], max_delivery: -1 },
  ],
  ["first step of backoff", "jetstream_consumer", { backoff: [5], ack_wait: 7 }, { backoff: [5], ack_wait: "5" }],
  ["first step of backoff", "jetstream_consumer", { backoff: [5] }, { backoff: [30] }],
  [
    "priority_policy and priority_groups",
    "jetstream_consumer",
    { priority_groups: ["a"] },
    { priority_groups: ["a"], priority_policy: "overflow" },
  ],
  ["priority_policy and priority_groups", "jetstream_consumer", { priority_policy: "overflow" }, {}],
  [
    'priority_policy "pinned_client" lacks priority_timeout',
    "jetstream_consumer",
    { priority_groups: ["a"], priority_policy: "pinned_client" },
    { priority_groups: ["a"], priority_policy: "pinned_client", priority_timeout: 60 },
  ],
  [
    "filter_subjects has one subject",
    "jetstream_consumer",
    { filter_subjects: ["x.y"] },
    { filter_subjects: ["x.y", "x.z"] },
  ],
  [
    "priority_timeout",
    "jetstream_consumer",
    { priority_timeout: 5, priority_groups: ["a"], priority_policy: "overflow" },
    { priority_timeout: 5, priority_groups: ["a"], priority_policy: "pinned_client" },
  ],
];

function both(one: string, other: string): Settings {
  return { [one]: true, [other]: true };
}

const broken = (type: string, settings: Settings) =>
  brokenRules({ ...RIGHT[type], ...settings }, COMBINATIONS[type] ?? []).map(({ what }) => what);

test.each(EXAMPLES)("%s (%s)", (rule, type, wrong, right) => {
  expect(broken(type, wrong)).toEqual([expect.stringContaining(rule)]);
  expect(broken(type, right)).toEqual([]);
});

test("what is known only at apply breaks no rule", () => {
  const late = "$" + "{var.late}";
  for (const [, type, wrong, right] of EXAMPLES) {
    const names = Object.keys({ ...wrong, ...right }).filter(
      (name) =>
        !/^(mirror|source|subjects|deliver_\w+|stream_sequence|filter_subjects?|placement_preferred)$/.test(name),
    );
    const all = Object.fromEntries(names.map((name) => [name, late]));
    expect(broken(type, { ...all, mirror: wrong.mirror, subjects: wrong.subjects })).toEqual([]);
  }
});

test("each rule has an example", () => {
  const rules = Object.entries(COMBINATIONS).flatMap(([type, own]) => own.map(({ what }) => `${type}: ${what}`));
  const shown = EXAMPLES.flatMap(([, type, wrong]) => broken(type, wrong).map((what) => `${type}: ${what}`));
  expect([...new Set(shown)].sort()).toEqual(rules.sort());
});
