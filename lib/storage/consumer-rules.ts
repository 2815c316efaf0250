import { Token } from "cdktf";
import type { Fault } from "../problems/fault";
import {
  brokenRules,
  type NumberRules,
  numberFault,
  numberFaults,
  type OptionsRule,
  rule,
  textFault,
  timeFault,
} from "../problems/value-rules";
import { covers, overlaps } from "../subjects/subject-pattern";
import type { ConsumedStream } from "./consumed-stream";
import { AckPolicy, type ConsumerOptions, DeliverPolicy } from "./consumer-options";
import { MAX_DESCRIPTION_BYTES, metadataFaults } from "./storage-rules";
import { RetentionPolicy } from "./stream-options";
import { givenPatternFault } from "./subject-rules";

/** The options of a consumer with the subjects that it is held to. */
export interface ConsumerSettings extends ConsumerOptions {
  readonly filterSubjects?: readonly string[];
}

const NUMBERS: NumberRules<ConsumerOptions> = {
  startSequence: rule.sequence,
  ackWaitSeconds: { ...rule.seconds, whenTooSmall: "Leave it out for 30 seconds" },
  maxDeliver: { ...rule.count, unit: "deliveries" },
  maxAckPending: rule.count,
  maxWaiting: { ...rule.count, unit: "pull requests" },
  maxRequestBatch: rule.count,
  replicas: rule.replicas,
};

function filterFaults(filters: readonly string[], subjects: readonly string[]): (Fault | undefined)[] {
  const valid = filters.filter((filter) => givenPatternFault("filter subject", filter) === undefined);
  return [
    ...filters.map((filter) => givenPatternFault("filter subject", filter)),
    ...valid
      .filter((filter) => subjects.length > 0 && !subjects.some((subject) => overlaps(subject, filter)))
      .map((value) => ({
        what: "filter subject matches nothing in the stream",
        value,
        allowed: `subjects that ${subjects.join(" or ")} overlaps`,
        fix: "Correct the filter, or choose the stream that holds these subjects",
      })),
    ...valid.flatMap((filter, index) =>
      valid
        .filter((other, otherIndex) => (other === filter ? otherIndex > index : covers(filter, other)))
        .map((other) => ({
          what: "one filter subject of a consumer covers another",
          value: `${filter} and ${other}`,
          allowed: "filters of which none covers another",
          fix: "Remove the narrower one",
        })),
    ),
  ];
}

/** A list whose length is known at synth; the values of another one are taken as they are. */
const givenList = (list: readonly number[] = []) => (Token.isUnresolved(list) ? [] : list);

const starts = ({ deliverPolicy, startSequence, startTime }: ConsumerOptions) =>
  [deliverPolicy, startSequence, startTime].filter((start) => start !== undefined);

/** Combinations that the provider or the server refuses (`checkConsumerCfg` of nats-server). */
const COMBINATIONS: readonly OptionsRule<ConsumerSettings>[] = [
  {
    broken: ({ filterSubjects }) => filterSubjects?.length === 0,
    what: "filterSubjects is empty",
    allowed: "one or more subjects",
    fix: "Leave filterSubjects out for all messages",
  },
  {
    broken: (options) => starts(options).length > 1,
    what: "a consumer has several beginnings",
    allowed: "one of deliverPolicy, startSequence and startTime",
    fix: "Remove the others",
  },
  {
    broken: ({ deliverPolicy, filterSubjects }) =>
      deliverPolicy === DeliverPolicy.LAST_PER_SUBJECT && filterSubjects === undefined,
    what: "deliverPolicy LAST_PER_SUBJECT lacks filterSubjects",
    allowed: "this policy together with filterSubjects",
    fix: "Add filterSubjects: the stream's own subjects for all of them",
  },
  {
    broken: ({ backoffSeconds, maxDeliver }) => {
      const steps = givenList(backoffSeconds).length;
      return steps > 0 && maxDeliver !== undefined && !Token.isUnresolved(maxDeliver) && maxDeliver < steps;
    },
    what: "backoffSeconds has more steps than maxDeliver",
    allowed: "at most as many steps as deliveries",
    fix: "Raise maxDeliver or shorten backoffSeconds",
  },
  {
    broken: ({ backoffSeconds = [], ackWaitSeconds }) => backoffSeconds.length > 0 && ackWaitSeconds !== undefined,
    what: "both backoffSeconds and ackWaitSeconds are given",
    allowed: "one of the two: the first step of backoffSeconds takes the place of ackWaitSeconds",
    fix: "Remove ackWaitSeconds",
  },
];

/** The further rules of a work queue, of which each message goes to one consumer. */
const WORKQUEUE: readonly OptionsRule<ConsumerSettings>[] = [
  {
    broken: ({ ackPolicy }) => ackPolicy === AckPolicy.NONE || ackPolicy === AckPolicy.ALL,
    what: "a consumer of a work queue does not acknowledge each message",
    allowed: "AckPolicy.EXPLICIT on a stream with RetentionPolicy.WORKQUEUE",
    fix: "Remove ackPolicy",
  },
  {
    broken: (options) => starts(options).some((start) => start !== DeliverPolicy.ALL),
    what: "a consumer of a work queue does not begin with the first message",
    allowed: "DeliverPolicy.ALL on a stream with RetentionPolicy.WORKQUEUE",
    fix: "Remove deliverPolicy, startSequence and startTime",
  },
];

function replicasFault(
  own: number | undefined,
  stream: number | undefined,
  retention: RetentionPolicy,
): Fault | undefined {
  if (own === undefined || stream === undefined || Token.isUnresolved(own) || Token.isUnresolved(stream))
    return undefined;
  const same = retention !== RetentionPolicy.LIMITS;
  if (own > rule.replicas.max || (same ? own === stream : own <= stream)) return undefined;
  return {
    what: same ? "replicas is not that of the stream" : "replicas is above that of the stream",
    value: own,
    allowed: same ? `${stream}, on a stream with this retention` : `1 to ${stream}`,
    fix: "Leave replicas out",
  };
}

/** What is wrong with the options of a consumer of a stream. */
export function consumerFaults(
  options: ConsumerSettings,
  { retention, subjects, storesOtherSubjects, replicas }: ConsumedStream,
): (Fault | undefined)[] {
  const combinations = retention === RetentionPolicy.WORKQUEUE ? [...COMBINATIONS, ...WORKQUEUE] : COMBINATIONS;
  return [
    ...numberFaults(options, NUMBERS),
    ...givenList(options.backoffSeconds).map((seconds) => numberFault("backoffSeconds", seconds, rule.seconds)),
    replicasFault(options.replicas, replicas, retention),
    textFault("description", options.description, MAX_DESCRIPTION_BYTES),
    options.startTime === undefined ? undefined : timeFault("startTime", options.startTime),
    ...brokenRules(options, combinations),
    ...metadataFaults(options.metadata),
    ...filterFaults(options.filterSubjects ?? [], storesOtherSubjects ? [] : subjects),
  ];
}

/** What is wrong with the last of so many consumers of a stream. */
export function manyConsumersFault(count: number, allowed: number | undefined): Fault | undefined {
  if (allowed === undefined || Token.isUnresolved(allowed) || count <= allowed) return undefined;
  return {
    what: "stream has more consumers than its maxConsumers",
    value: count,
    allowed: `${allowed}, and whoever reads the stream in order makes one of its own for that time`,
    fix: "Raise maxConsumers",
  };
}

/** What is wrong with a further consumer of a work queue, whose consumers must have no message in common. */
export function sharedWorkFault(filters: readonly string[], others: readonly string[]): Fault | undefined {
  const mine = filters.length > 0 ? filters : [">"];
  const shared = mine.find((filter) => others.some((other) => overlaps(filter, other)));
  if (shared === undefined) return undefined;
  return {
    what: "consumers of a work queue have messages in common",
    value: shared,
    allowed: "one consumer without filterSubjects, or several with filterSubjects that do not overlap",
    fix: "Let the two workers share one consumer, or filter each to subjects of its own",
  };
}
