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
import { covers } from "../subjects/subject-pattern";
import { type ConsumerOptions, DeliverPolicy } from "./consumer-options";
import { MAX_DESCRIPTION_BYTES, metadataFaults } from "./storage-rules";
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

/** What is wrong with the subjects that a consumer is held to. */
export function filterFaults(filters: readonly string[]): (Fault | undefined)[] {
  const valid = filters.filter((filter) => givenPatternFault("filter subject", filter) === undefined);
  return [
    ...filters.map((filter) => givenPatternFault("filter subject", filter)),
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

/** What is wrong with the options of a consumer, whatever its stream is. */
export function consumerFaults(options: ConsumerSettings): (Fault | undefined)[] {
  return [
    ...numberFaults(options, NUMBERS),
    ...givenList(options.backoffSeconds).map((seconds) => numberFault("backoffSeconds", seconds, rule.seconds)),
    textFault("description", options.description, MAX_DESCRIPTION_BYTES),
    options.startTime === undefined ? undefined : timeFault("startTime", options.startTime),
    ...brokenRules(options, COMBINATIONS),
    ...metadataFaults(options.metadata),
    ...filterFaults(options.filterSubjects ?? []),
  ];
}
