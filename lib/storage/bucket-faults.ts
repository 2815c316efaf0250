import type { ResourceModel, Settings } from "../access/models";
import type { Fault } from "../problems/fault";
import { isExpression } from "../tokens/expression";
import { isGiven } from "./resource-attributes";

/** An attribute by which a stream is a bucket to its clients. */
interface Rule {
  readonly attribute: string;
  readonly isWrong: (value: unknown) => boolean;
  readonly allowed: string;
}

const isAbove = (limit: number) => (value: unknown) => Number(value) > limit;

const isOff = (value: unknown) => value === false || value === "false";

const hasDestination = (value: unknown) =>
  [value].flat().some((each) => Boolean((each as Settings | null)?.destination));

const OF_ALL: readonly Rule[] = [
  { attribute: "retention", isWrong: (value) => value !== "limits", allowed: "limits: a key stays when it is read" },
  {
    attribute: "subject_transform",
    isWrong: hasDestination,
    allowed: "none: clients look for a key under its subject",
  },
  { attribute: "allow_direct", isWrong: isOff, allowed: "true: clients are permitted to get a key directly" },
  { attribute: "ack", isWrong: isOff, allowed: "true: who writes waits for an answer" },
  {
    attribute: "allow_rollup_hdrs",
    isWrong: isOff,
    allowed: "true: clients purge a key, and replace an object, by it",
  },
  {
    attribute: "discard",
    isWrong: (value) => value !== "new",
    allowed: "new: a full bucket refuses what is written, in place of losing another key",
  },
  { attribute: "max_msgs", isWrong: isAbove(0), allowed: "none: a bucket has a limit of bytes (maxBytes)" },
];

/** nats.go `kv.go`: a bucket has a history of 1 to 64; a client refuses a stream without (`ErrBadBucket`). */
const RULES: { readonly [kind in ResourceModel["kind"]]?: readonly Rule[] } = {
  keyValue: [
    ...OF_ALL,
    {
      attribute: "max_msgs_per_subject",
      isWrong: (value) => Number(value) < 1 || Number(value) > 64,
      allowed: "1 to 64: the history of a key",
    },
  ],
  objectStore: [
    ...OF_ALL,
    {
      attribute: "max_msgs_per_subject",
      isWrong: isAbove(0),
      allowed: "none: all parts of an object have one subject",
    },
    {
      attribute: "deny_purge",
      isWrong: (value) => isGiven(value) && !isOff(value),
      allowed: "false: clients purge the parts of an object that is replaced",
    },
  ],
};

/**
 * What is set on the stream of a bucket, by an Aspect or an override, by which it is none any more.
 *
 * @param history the revisions of each key as the option has them, which is checked as an option
 */
export function bucketFaults(kind: ResourceModel["kind"], settings: Settings, history: unknown): Fault[] {
  return (RULES[kind] ?? []).flatMap(({ attribute, isWrong, allowed }) => {
    const value = settings[attribute];
    if (!isGiven(value) || isExpression(value) || !isWrong(value)) return [];
    if (attribute === "max_msgs_per_subject" && value === history) return [];
    return [
      {
        what: `${attribute} makes the stream of a bucket something else to its clients`,
        value,
        allowed,
        fix: `Leave ${attribute} as it is, or use addStream`,
      },
    ];
  });
}
