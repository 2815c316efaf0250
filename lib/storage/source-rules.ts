import { Token } from "cdktf";
import type { OriginModel, Settings } from "../access/models";
import type { Fault, Faults } from "../problems/fault";
import { numberFault, rule, timeFault } from "../problems/value-rules";
import { hasSubjectCharacters } from "../subjects/subject-characters";
import { subjectLengthFault } from "../subjects/subject-length";
import { covers, isLiteral, overlaps, patternFault } from "../subjects/subject-pattern";
import { transformFault } from "../subjects/subject-transform";
import { isExpression } from "../tokens/expression";
import { foreignStreamFault, ownStream } from "./foreign-stream";
import type { NamedOptions, NamedSource } from "./named-source";
import type { StreamOptions, StreamSource, SubjectTransform } from "./stream-options";
import { givenPatternFault } from "./subject-rules";

/** What is wrong with a destination that is known only at apply. */
export const unresolvedDestination = (name: string): Fault => ({
  what: `${name} destination is known only at apply`,
  allowed: "a subject that is known at synth: checks and reports follow messages to it",
  fix: "Give the subject itself",
});

/** What is wrong with a rewriting of subjects. */
export function transformFaults(name: string, transform: SubjectTransform | undefined): Fault[] {
  if (transform === undefined) return [];
  const badSource = givenPatternFault(`${name} source`, transform.source);
  const found = badSource ? [badSource] : [];
  if (Token.isUnresolved(transform.destination)) return [...found, unresolvedDestination(name)];
  const why = badSource ? undefined : transformFault(transform.source, transform.destination);
  if (why === undefined) {
    const tooLong = subjectLengthFault(`${name} destination`, transform.destination);
    return tooLong ? [...found, tooLong] : found;
  }
  return [
    {
      what: `${name} destination ${why}`,
      value: transform.destination,
      allowed: `a subject that takes the wildcards of ${transform.source} as {{wildcard(1)}} and keeps a last \`>\``,
      fix: "Correct the destination",
    },
  ];
}

/** Characters that no stream or consumer name may have on a server. */
const ILLEGAL_IN_STREAM_NAME = /[\s\p{C}.*>/\\]/u;

function streamNameFault(name: string, given: string): Fault | undefined {
  if (Token.isUnresolved(given) || isExpression(given)) return undefined;
  if (given !== "" && given.length <= 255 && !ILLEGAL_IN_STREAM_NAME.test(given)) return undefined;
  return {
    what: `${name} is not the name of a stream`,
    value: given,
    allowed: "1 to 255 characters without white space, control and format characters, `.`, `*`, `>`, `/` and `\\`",
    fix: "Give the name of the other stream, not a subject",
  };
}

const retiredOriginFault = (name: string, value: string): Fault => ({
  what: `${name} is a stream that is retired`,
  value,
  allowed: "streams that stay",
  fix: "Retire the other stream when this one has copied all of it, or copy one that stays",
});

/**
 * What is wrong with one mirror or source.
 *
 * @param goes whether the copy is retired itself
 */
export function sourceFaults(name: string, source: NamedSource, goes: boolean): Faults {
  const both = (first: keyof StreamSource, second: keyof StreamSource) =>
    source[first] !== undefined &&
    source[second] !== undefined && {
      what: `${name} has both ${first} and ${second}`,
      allowed: "one of the two",
      fix: `Remove ${first} or ${second}`,
    };
  return [
    source.stream && !ownStream(source.stream) && foreignStreamFault(name, source.stream),
    !goes && ownStream(source.stream)?._consumed.retired && retiredOriginFault(name, source.name),
    source.stream && source.name !== String(source.stream.streamName) && both("name", "stream"),
    streamNameFault(name, source.name),
    source.filterSubject !== undefined && givenPatternFault(`${name} filterSubject`, source.filterSubject),
    numberFault(`${name} startSequence`, source.startSequence, rule.sequence),
    source.startTime !== undefined && timeFault(`${name} startTime`, source.startTime),
    both("startSequence", "startTime"),
    both("filterSubject", "subjectTransforms"),
    prefixFault(`${name} externalApiPrefix`, source.externalApiPrefix),
    prefixFault(`${name} externalDeliverPrefix`, source.externalDeliverPrefix),
    ...(source.subjectTransforms ?? []).flatMap((transform) => transformFaults(`${name} transform`, transform)),
    overlappingTransforms(name, source.subjectTransforms ?? []),
  ];
}

/** The prefix of the JetStream API of the stream's own account. */
const OWN_API = "$JS.API";

function prefixFault(name: string, prefix: string | undefined): Fault | undefined {
  if (prefix === undefined || Token.isUnresolved(prefix)) return undefined;
  const literal = patternFault(prefix) === undefined && isLiteral(prefix) && hasSubjectCharacters(prefix);
  if (literal && prefix !== OWN_API && !prefix.startsWith(`${OWN_API}.`)) return subjectLengthFault(name, prefix);
  return {
    what: `${name} is not the prefix of another account or domain`,
    value: prefix,
    allowed: `a subject without wildcards and other than ${OWN_API}: $JS.hub.API`,
    fix: "Correct the prefix, or leave it out for a stream of the same account",
  };
}

function overlappingTransforms(name: string, transforms: readonly SubjectTransform[]): Fault | undefined {
  const valid = transforms.filter(({ source }) => patternFault(source) === undefined);
  for (const [index, one] of valid.entries()) {
    const other = valid.slice(index + 1).find(({ source }) => overlaps(source, one.source));
    if (!other) continue;
    return {
      what: `${name} has two transforms of the same subjects`,
      value: `${one.source} and ${other.source}`,
      allowed: "transforms whose sources have no subject in common",
      fix: "Narrow one of the two",
    };
  }
  return undefined;
}

export const MIRROR_SUBJECTS_FAULT: Fault = {
  what: "a mirror has subjects",
  allowed: "a mirror without subjects: it holds what the other stream holds",
  fix: "Remove subjects, or use sources instead of mirror",
};

export const MIRROR_SOURCES_FAULT: Fault = {
  what: "a stream has both mirror and sources",
  allowed: "one of the two",
  fix: "Use sources for several streams, mirror for an exact copy of one",
};

const selfCopyFault = (value: string): Fault => ({
  what: "a stream copies from itself",
  value,
  allowed: "other streams",
  fix: "Give the name of another stream",
});

function setOriginFault(origin: OriginModel): Faults {
  const { stream, filter, transforms, externalApiPrefix, mirror } = origin;
  const name = mirror ? "mirror" : "source";
  return [
    streamNameFault(name, stream),
    filter !== undefined && givenPatternFault(`${name} filter_subject`, filter),
    filter !== undefined &&
      transforms.length > 0 && {
        what: `${name} has both filter_subject and subject_transform`,
        allowed: "one of the two",
        fix: "Remove filter_subject or subject_transform",
      },
    prefixFault(`${name} external.api`, externalApiPrefix),
    ...transforms.flatMap((transform) => transformFaults(`${name} subject_transform`, transform)),
    overlappingTransforms(name, transforms),
  ];
}

/** Subjects under which apps, nodes and clients receive: nothing of a copy may be delivered there. */
const isReceived = (prefix: string, platform: string) =>
  /^(\$|_INBOX)/.test(prefix) || overlaps(`${platform}.>`, `${prefix}.>`);

/** What is wrong with the subjects under which the messages of an external origin come, whoever set them. */
export function deliverFaults(settings: Settings, platform: string): Fault[] {
  const externals = [settings.mirror, settings.source].flat().map((each) => (each as Settings | undefined)?.external);
  return externals.flat().flatMap((external) => {
    const { deliver, api } = (external ?? {}) as Settings;
    if (deliver === undefined || deliver === null || deliver === "") return [];
    const prefix = String(deliver);
    if (api === undefined || api === null) return [NO_API_FAULT];
    const isRight = patternFault(prefix) === undefined && isLiteral(prefix) && !isReceived(prefix, platform);
    return isRight || isExpression(prefix) ? [] : [deliverFault(prefix, platform)];
  });
}

const NO_API_FAULT: Fault = {
  what: "externalDeliverPrefix is given without externalApiPrefix",
  allowed: "both, for a stream of another account or domain",
  fix: "Give externalApiPrefix, or leave both out for a stream of the same account",
};

const deliverFault = (value: string, platform: string): Fault => ({
  what: "externalDeliverPrefix is a subject that users of the account may subscribe to",
  value,
  allowed: `a subject without wildcards that is not below ${platform}, $ and _INBOX: deliver.hub`,
  fix: "Choose another prefix: whoever subscribes there receives what is copied",
});

/** What is wrong with the origins that were set on the Terraform resource of a stream. */
export function setOriginFaults(name: string, origins: readonly OriginModel[], subjects: readonly string[]): Faults {
  const own = origins.some(({ stream, externalApiPrefix }) => stream === name && externalApiPrefix === undefined);
  const mirrored = origins.some(({ mirror }) => mirror);
  return [
    own ? selfCopyFault(name) : undefined,
    mirrored && subjects.length > 0 ? MIRROR_SUBJECTS_FAULT : undefined,
    mirrored && origins.length > 1 ? MIRROR_SOURCES_FAULT : undefined,
    ...origins.flatMap(setOriginFault),
  ];
}

/** What is wrong with the streams that a stream with this name copies from. */
export function originFaults(options: NamedOptions, streamName: string): Faults {
  const origins = [...(options.mirror ? [options.mirror] : []), ...(options.sources ?? [])];
  const own = origins.find((origin) => origin.name === streamName && origin.externalApiPrefix === undefined);
  return [own && selfCopyFault(own.name)];
}

/** What is wrong with publishing messages again on subjects of somebody else. */
export function foreignRepublishFault(
  { republish }: Pick<StreamOptions, "republish">,
  space: string,
  platform: string,
): Fault | undefined {
  const destination = republish?.destination.replace(/\{\{[^}]*\}\}/g, "*");
  if (destination === undefined || patternFault(destination) !== undefined || covers(space, destination)) {
    return undefined;
  }
  if (!destination.startsWith("$") && !overlaps(`${platform}.>`, destination)) return undefined;
  return {
    what: "republish destination is not one of the stream's owner",
    value: republish?.destination,
    allowed: `subjects that ${space} covers, or that are neither the platform's nor the server's ($KV, $JS)`,
    fix: "Publish on a subject of the owner, or give the stream to the owner of these subjects",
  };
}

/** What is wrong with publishing messages again on subjects that the stream stores itself. */
export function republishFaults({ republish }: Pick<StreamOptions, "republish">, subjects: readonly string[]): Fault[] {
  if (republish === undefined) return [];
  const { source = ">", destination } = republish;
  const faults = transformFaults("republish", { source, destination });
  const cycle = patternFault(destination) === undefined && subjects.some((pattern) => overlaps(pattern, destination));
  if (!cycle) return faults;
  return [
    ...faults,
    {
      what: "republish destination is one of the stream's own subjects",
      value: destination,
      allowed: `subjects that ${subjects.join(", ")} does not match`,
      fix: "Choose another destination, or the stream would store its messages again and again",
    },
  ];
}
