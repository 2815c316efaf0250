import { Token } from "cdktf";
import type { Fault, Faults } from "../problems/fault";
import { brokenRules, type NumberRules, numberFaults, type OptionsRule, rule } from "../problems/value-rules";
import type { NamedOptions } from "./named-source";
import {
  MIRROR_SOURCES_FAULT,
  MIRROR_SUBJECTS_FAULT,
  originFaults,
  republishFaults,
  sourceFaults,
  transformFaults,
} from "./source-rules";
import { metadataFaults } from "./storage-rules";
import { DiscardPolicy, type StreamOptions } from "./stream-options";

const NUMBERS: NumberRules<StreamOptions> = {
  maxAgeSeconds: rule.seconds,
  maxBytes: rule.bytes,
  maxMessages: rule.count,
  maxMessagesPerSubject: rule.count,
  maxMessageBytes: rule.messageBytes,
  maxConsumers: { ...rule.count, unit: "consumers" },
  duplicateWindowSeconds: {
    ...rule.seconds,
    whenTooSmall: "Leave it out for the default; only a stream with sources can be without",
  },
};

/** A stream with sources may be without a duplicate window; the server takes 0 of any other for its default. */
const NUMBERS_WITH_SOURCES: NumberRules<StreamOptions> = {
  ...NUMBERS,
  duplicateWindowSeconds: { ...rule.seconds, min: 0 },
};

const known = (value: number | undefined): value is number => value !== undefined && !Token.isUnresolved(value);

/** Combinations that the server refuses (`checkStreamCfg` of nats-server). */
const COMBINATIONS: readonly OptionsRule<StreamOptions>[] = [
  {
    broken: ({ duplicateWindowSeconds: window, maxAgeSeconds: age }) => known(window) && known(age) && window > age,
    what: "duplicateWindowSeconds is above maxAgeSeconds",
    allowed: "a window of at most the age limit: a message cannot be recognised after it is gone",
    fix: "Lower duplicateWindowSeconds or leave it out",
  },
  {
    broken: ({ mirror, subjects }) => mirror !== undefined && (subjects?.length ?? 0) > 0,
    ...MIRROR_SUBJECTS_FAULT,
  },
  {
    broken: ({ mirror, sources }) => mirror !== undefined && (sources?.length ?? 0) > 0,
    ...MIRROR_SOURCES_FAULT,
  },
  {
    broken: ({ subjects, mirror, sources }) => subjects?.length === 0 && !mirror && !sources?.length,
    what: "a stream has no subjects",
    allowed: "at least one subject, a mirror or a source",
    fix: "Leave subjects out for the subjects of the stream's name",
  },
  {
    broken: ({ mirror, mirrorDirect }) => mirror === undefined && mirrorDirect !== undefined,
    what: "mirrorDirect is given for a stream that is no mirror",
    allowed: "mirrorDirect together with mirror",
    fix: "Remove mirrorDirect",
  },
  {
    broken: ({ mirror, duplicateWindowSeconds }) => mirror !== undefined && duplicateWindowSeconds !== undefined,
    what: "a mirror has duplicateWindowSeconds",
    allowed: "a mirror without: it copies messages that the other stream has deduplicated",
    fix: "Remove duplicateWindowSeconds",
  },
  {
    broken: ({ discardNewPerSubject, discard, maxMessagesPerSubject }) =>
      discardNewPerSubject === true &&
      ((discard !== DiscardPolicy.NEW && !Token.isUnresolved(discard)) || maxMessagesPerSubject === undefined),
    what: "discardNewPerSubject lacks what it works on",
    allowed: "discardNewPerSubject together with DiscardPolicy.NEW and maxMessagesPerSubject",
    fix: "Add the two, or remove discardNewPerSubject",
  },
  {
    broken: ({ allowRollup, denyPurge }) => allowRollup === true && denyPurge === true,
    what: "a stream has both allowRollup and denyPurge",
    allowed: "one of the two: a roll-up purges",
    fix: "Remove allowRollup, or set denyPurge to false",
  },
];

/** What is wrong with a stream that is without a duplicate window, and copies nothing after all. */
export const NO_WINDOW_FAULT: Fault = {
  what: "duplicateWindowSeconds is 0 for a stream that copies nothing",
  allowed: "1 second or more; only a stream with sources can be without, and one that copies what it was formerly",
  fix: "Remove duplicateWindowSeconds",
};

/**
 * What is wrong with the options of a stream with this name and these subjects.
 *
 * @param mayCopy whether it may copy the stream that its owner had under another name
 */
export function streamFaults(
  options: NamedOptions,
  streamName: string,
  subjects: readonly string[],
  mayCopy: boolean,
): Faults {
  const goes = options.retired !== undefined;
  return [
    ...numberFaults(options, mayCopy || options.sources?.length ? NUMBERS_WITH_SOURCES : NUMBERS),
    ...brokenRules(options, COMBINATIONS),
    ...(options.mirror ? sourceFaults("mirror", options.mirror, goes) : []),
    ...(options.sources ?? []).flatMap((source) => sourceFaults("source", source, goes)),
    ...transformFaults("subjectTransform", options.subjectTransform),
    ...originFaults(options, streamName),
    ...republishFaults(options, subjects),
    ...metadataFaults(options.metadata),
  ];
}
