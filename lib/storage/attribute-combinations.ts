import type { Settings } from "../access/models";
import * as jetstream from "../jetstream";
import type { OptionsRule } from "../problems/value-rules";
import { isExpression } from "../tokens/expression";
import { asNumber } from "./attribute-rules";
import { PROVIDER_WINDOW_SECONDS } from "./duplicate-window";
import { isGiven } from "./resource-attributes";

const isOn = (value: unknown) => value === true || value === "true";

/** A number that is known at synth; otherwise one that breaks no rule. */
const numberOr = (value: unknown, otherwise: number) => {
  const found = asNumber(value);
  return typeof found === "number" ? found : otherwise;
};

const isAbove = (value: unknown, least: number) => numberOr(value, least) > least;

/** Whether there are blocks; an empty list is none. */
const hasBlocks = (value: unknown) => (Array.isArray(value) ? value.some(isGiven) : isGiven(value));

/** Whether there is a text; the empty one is none. */
const hasText = (value: unknown) => isGiven(value) && value !== "";

const isMirror = ({ mirror }: Settings) => hasBlocks(mirror);

const collects = ({ mirror, source }: Settings) => hasBlocks(mirror) || hasBlocks(source);

/** What a mirror may not have, since it has what the other stream has. */
const NOT_OF_MIRRORS = ["first_seq", "allow_msg_counter", "allow_atomic", "allow_batched", "subject_delete_marker_ttl"];

const withoutRule = (attribute: string): OptionsRule<Settings> => ({
  broken: (settings) => isMirror(settings) && (isOn(settings[attribute]) || isAbove(settings[attribute], 0)),
  what: `a mirror has ${attribute}`,
  shows: attribute,
  allowed: `a mirror without ${attribute}: it holds what the other stream holds`,
  fix: `Remove ${attribute}`,
});

const windowOf = ({ duplicate_window: window }: Settings) =>
  isGiven(window) ? numberOr(window, 0) : PROVIDER_WINDOW_SECONDS;

/** Combinations that the server refuses of a stream (`checkStreamCfg` of nats-server, with `pedantic`). */
const STREAM_COMBINATIONS: readonly OptionsRule<Settings>[] = [
  {
    broken: (settings) => isAbove(settings.max_age, 0) && windowOf(settings) > numberOr(settings.max_age, 0),
    what: "max_age is below the duplicate window of the stream",
    shows: "max_age",
    allowed: `an age limit of at least the window: duplicate_window, or ${PROVIDER_WINDOW_SECONDS} seconds`,
    fix: "Set duplicate_window to at most the age limit (0 for a mirror), or give both as options",
  },
  {
    broken: (settings) => !collects(settings) && numberOr(settings.duplicate_window, 1) === 0,
    what: "a stream is without a duplicate window",
    shows: "duplicate_window",
    allowed: "1 second or more; the server takes 0 for its default, except in a stream with sources",
    fix: "Remove duplicate_window",
  },
  {
    broken: ({ allow_rollup_hdrs: rollUp, deny_purge: denied }) => isOn(rollUp) && isOn(denied),
    what: "a stream has both allow_rollup_hdrs and deny_purge",
    allowed: "one of the two: a roll-up purges",
    fix: "Remove one of the two",
  },
  {
    broken: ({ discard_new_per_subject: single, discard, max_msgs_per_subject: most }) =>
      isOn(single) && ((discard !== "new" && !isExpression(discard)) || numberOr(most ?? -1, 1) < 1),
    what: "discard_new_per_subject lacks what it works on",
    shows: "discard_new_per_subject",
    allowed: 'discard_new_per_subject together with discard = "new" and max_msgs_per_subject',
    fix: "Add the two, or remove discard_new_per_subject",
  },
  {
    broken: ({ subject_delete_marker_ttl: marker, allow_msg_ttl: ttl, allow_rollup_hdrs: rollUp }) =>
      isAbove(marker, 0) && [ttl, rollUp].some((each) => !isOn(each) && !isExpression(each)),
    what: "subject_delete_marker_ttl lacks what it works with",
    shows: "subject_delete_marker_ttl",
    allowed: "subject_delete_marker_ttl together with allow_msg_ttl and allow_rollup_hdrs",
    fix: "Set the two to true, or remove subject_delete_marker_ttl",
  },
  {
    broken: ({ allow_msg_counter: counts, allow_msg_ttl: ttl, discard, retention }) =>
      isOn(counts) && (isOn(ttl) || discard === "new" || ["interest", "workqueue"].includes(retention as string)),
    what: "a stream of counters has what it cannot keep",
    allowed: 'allow_msg_counter without allow_msg_ttl, discard = "new" and another retention than "limits"',
    fix: "Remove the other, or allow_msg_counter",
  },
  {
    broken: ({ persist_mode: mode, storage, replicas, allow_atomic: atomic }) =>
      mode === "async" && (storage === "memory" || isAbove(replicas, 1) || isOn(atomic)),
    what: 'persist_mode "async" is given for a stream that cannot have it',
    allowed: 'a stream with storage = "file", one replica and no allow_atomic',
    fix: "Remove persist_mode",
  },
  {
    broken: ({ placement_preferred: preferred }) => hasText(preferred),
    what: "placement_preferred is given",
    shows: "placement_preferred",
    allowed: "placement_cluster and placement_tags: the server takes no preferred server of a stream",
    fix: "Remove placement_preferred",
  },
  {
    broken: ({ republish_source: source, republish_destination: destination }) =>
      isGiven(source) !== isGiven(destination) || hasText(source) !== hasText(destination),
    what: "only one of republish_source and republish_destination is given",
    allowed: "both, or neither",
    fix: "Give the other too",
  },
  {
    broken: (settings) => !isMirror(settings) && isOn(settings.mirror_direct),
    what: "mirror_direct is given for a stream that is no mirror",
    allowed: "mirror_direct together with mirror",
    fix: "Remove mirror_direct",
  },
  ...NOT_OF_MIRRORS.map(withoutRule),
];

/** The provider says nothing of the tags to the server then. */
const TAGS_RULE: OptionsRule<Settings> = {
  broken: ({ placement_cluster: cluster, placement_tags: tags }) => listLength(tags) > 0 && !hasText(cluster),
  what: "placement_tags are given without placement_cluster",
  shows: "placement_tags",
  allowed: "placement_tags together with placement_cluster",
  fix: "Give placement_cluster too",
};

const BEGINNINGS = [
  "deliver_all",
  "deliver_last",
  "deliver_last_per_subject",
  "deliver_new",
  "start_time",
  "stream_sequence",
];

const stepsOf = ({ backoff }: Settings): readonly unknown[] => (Array.isArray(backoff) ? backoff : []);

/** The subjects that a consumer is held to. */
export const filtersOf = ({ filter_subject: one, filter_subjects: several }: Settings): unknown[] =>
  [one, several].flat().filter((each) => isGiven(each) && each !== "");

/** Combinations that the provider or the server refuses of a consumer (`checkConsumerCfg`, with `pedantic`). */
const CONSUMER_COMBINATIONS: readonly OptionsRule<Settings>[] = [
  {
    broken: (settings) => BEGINNINGS.filter((each) => isGiven(settings[each])).length !== 1,
    what: "a consumer has no beginning, or several",
    allowed: `one of ${BEGINNINGS.join(", ")}`,
    fix: "Give the beginning as an option, or set the others to null",
  },
  {
    broken: (settings) => isOn(settings.deliver_last_per_subject) && filtersOf(settings).length === 0,
    what: "deliver_last_per_subject lacks subjects",
    allowed: "deliver_last_per_subject together with filter_subject or filter_subjects",
    fix: "Add filter_subjects: the stream's own subjects for all of them",
  },
  {
    broken: ({ filter_subject: one, filter_subjects: several }) => isGiven(one) && isGiven(several),
    what: "both filter_subject and filter_subjects are given",
    allowed: "one of the two",
    fix: "Give all in filter_subjects",
  },
  {
    broken: ({ filter_subjects: several }) => listLength(several) === 1,
    what: "filter_subjects has one subject",
    shows: "filter_subjects",
    allowed: "several; the provider reads a single one back as filter_subject, and no plan comes to rest",
    fix: "Give it as filter_subject, and set filter_subjects to null",
  },
  {
    broken: (settings) => {
      const most = numberOr(settings.max_delivery ?? -1, -1);
      return most !== -1 && stepsOf(settings).length > most;
    },
    what: "backoff has more steps than max_delivery",
    shows: "backoff",
    allowed: "at most as many steps as deliveries",
    fix: "Raise max_delivery or shorten backoff",
  },
  {
    broken: (settings) => {
      const [first] = stepsOf(settings).map(asNumber);
      return typeof first === "number" && numberOr(settings.ack_wait ?? 30, first) !== first;
    },
    what: "ack_wait is not the first step of backoff",
    shows: "ack_wait",
    allowed: "the same number: the first step takes the place of ack_wait",
    fix: "Set ack_wait to the first step of backoff",
  },
  {
    broken: ({ priority_groups: groups, priority_policy: policy }) =>
      !isExpression(groups) &&
      !isExpression(policy) &&
      (hasText(policy) && policy !== "none") !== listLength(groups) > 0,
    what: "only one of priority_policy and priority_groups is given",
    allowed: "both, or neither",
    fix: "Give the other too",
  },
  {
    broken: ({ priority_policy: policy, priority_timeout: timeout }) =>
      policy === "pinned_client" && numberOr(timeout ?? 0, 1) === 0,
    what: 'priority_policy "pinned_client" lacks priority_timeout',
    allowed: "1 second or more; without it, the server takes 120, and no plan comes to rest",
    fix: "Give priority_timeout",
  },
  {
    broken: ({ priority_policy: policy, priority_timeout: timeout }) =>
      policy !== "pinned_client" && !isExpression(policy) && isAbove(timeout, 0),
    what: "priority_timeout is given without a policy that pins",
    shows: "priority_timeout",
    allowed: 'priority_timeout together with priority_policy = "pinned_client"',
    fix: "Remove priority_timeout",
  },
];

const listLength = (list: unknown) => (Array.isArray(list) ? list.length : 0);

/** The rules of several attributes together, by the types of resources. */
export const COMBINATIONS: { readonly [type: string]: readonly OptionsRule<Settings>[] } = {
  [jetstream.Stream.tfResourceType]: [...STREAM_COMBINATIONS, TAGS_RULE],
  [jetstream.KvBucket.tfResourceType]: [TAGS_RULE],
  [jetstream.ObjBucket.tfResourceType]: [TAGS_RULE],
  [jetstream.Consumer.tfResourceType]: CONSUMER_COMBINATIONS,
};
