import type { OriginModel, ResourceModel, Settings } from "../access/models";
import type { Fault, Problem } from "../problems/fault";
import { isCovered } from "../subjects/subject-difference";

/** What makes of a mirror's messages less than its origin has, or others, by the names of the attributes and of the options. */
const PARTIAL: readonly { readonly attribute: string; readonly option: string; readonly isWhole: IsWhole }[] = [
  { attribute: "filter_subject", option: "filterSubject", isWhole: (filter, held) => isCoveredBy(filter, held) },
  { attribute: "subject_transform", option: "subjectTransforms", isWhole: () => false },
  { attribute: "start_seq", option: "startSequence", isWhole: (first) => Number(first) <= 1 },
  { attribute: "start_time", option: "startTime", isWhole: () => false },
];

/** Whether a value leaves a mirror all that its origin holds; nothing is known of what another program's stream holds. */
type IsWhole = (value: unknown, held: readonly string[]) => boolean;

const isCoveredBy: IsWhole = (filter, held) => held.every((subject) => isCovered(subject, [String(filter)]));

/** The limits by which a stream loses messages, by their names for a stream and for a bucket of the provider. */
const LIMITS = [
  { names: ["max_age", "ttl"], option: "maxAgeSeconds" },
  { names: ["max_bytes", "max_bucket_size"], option: "maxBytes" },
  { names: ["max_msgs"], option: "maxMessages" },
  { names: ["max_msgs_per_subject", "history"], option: "maxMessagesPerSubject" },
];

const isSet = (value: unknown) =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);

/** A limit as it is written: a number, an expression, or 0 for none. */
const limitOf = (settings: Settings, names: readonly string[]): unknown =>
  names.map((name) => settings[name]).find(isSet) ?? 0;

const numberOf = (limit: unknown) => (Number(limit) <= 0 ? Number.POSITIVE_INFINITY : Number(limit));

/** Whether a mirror loses messages by a limit when its origin does; of what is known only at apply, if both are the same. */
function losesAlike(mirror: Settings, origin: Settings | undefined, names: readonly string[]): boolean {
  const [limit, other] = [limitOf(mirror, names), origin && limitOf(origin, names)];
  if (other === undefined) return numberOf(limit) === Number.POSITIVE_INFINITY;
  return limit === other || numberOf(limit) === numberOf(other);
}

/** Whether single messages may have a time to live; of a bucket of the provider, if it marks what has expired. */
const takesTtl = ({ allow_msg_ttl: allowed, limit_marker_ttl: marker }: Settings) =>
  [true, "true"].includes(allowed as never) || isSet(marker);

/** The options by which a mirror does not have what the other stream has. */
function differing(mirror: ResourceModel, origin: ResourceModel | undefined): string[] {
  const { settings, transform, retention } = mirror;
  const [copied] = [settings.mirror].flat() as (Settings | undefined)[];
  const held = origin && origin.origins.length === 0 && !origin.transform ? origin.subjects : [">"];
  const own = [
    ...PARTIAL.flatMap(({ attribute, option, isWhole }) =>
      isSet(copied?.[attribute]) && !isWhole(copied?.[attribute], held) ? [option] : [],
    ),
    ...(transform ? ["subjectTransform"] : []),
    ...(retention === "limits" ? [] : ["retention"]),
  ];
  return [
    ...own,
    ...LIMITS.filter(({ names }) => !losesAlike(settings, origin?.settings, names)).map(({ option }) => option),
    ...(origin?.rollUp && !mirror.rollUp ? ["allowRollup"] : []),
    ...(origin && takesTtl(origin.settings) && !takesTtl(settings) ? ["allowMessageTtl"] : []),
    ...(origin && origin.retention !== "limits" ? ["retention of the other stream"] : []),
  ];
}

const isReadDirectly = ({ settings }: ResourceModel) => ![false, "false"].includes(settings.allow_direct as never);

const indirect = (value: string): Fault => ({
  what: "mirrorDirect is false, but the other stream can be read directly",
  value,
  allowed: "true: the server refuses a mirror that differs from its origin in this",
  fix: "Leave mirrorDirect out, or set mirror_direct to true where mirror is set on the resource",
});

const tooDirect = (value: string): Fault => ({
  what: "mirrorDirect is true, but the other stream cannot be read directly",
  value,
  allowed: "false: the server refuses a mirror that differs from its origin in this",
  fix: "Set mirrorDirect to false",
});

const partial = (name: string, options: readonly string[], isKnown: boolean): Fault => ({
  what: `a mirror that is no whole copy answers direct reads of the other stream [${options.join(", ")}]`,
  value: name,
  allowed:
    "mirrors that have all messages for as long: of others, who reads the other stream would by chance get none or another one",
  fix: `Give these options as the other stream has them, or use sources instead of mirror: they answer under their own name only${
    isKnown ? "" : "; or set mirrorDirect to false, if the other stream cannot be read directly"
  }`,
});

const namesake = (name: string, other: string): Fault => ({
  what: `a mirror of another account or domain answers direct reads of a stream of this one [${other}]`,
  value: name,
  allowed: "mirrorDirect only where no stream of this account has the name of the other stream",
  fix: "Set mirrorDirect to false",
});

/**
 * What is wrong with a mirror because of what it answers. Each mirror answers direct reads in the name of its origin, along
 * with it and by chance, from what it has itself; whether it does so decides the origin and not the mirror (`mirror_direct`,
 * `subscribeToMirrorDirect`; measured on 2.11 to 2.15).
 *
 * @param found the stream of the mirror's account that has the origin's name, if the program has it
 */
export function mirrorProblems(mirror: ResourceModel, origin: OriginModel, found?: ResourceModel): Problem[] {
  if (!origin.mirror) return [];
  const fault = mirrorFault(mirror, origin, found);
  return fault ? [{ path: mirror.source, ...fault }] : [];
}

function mirrorFault(mirror: ResourceModel, origin: OriginModel, found?: ResourceModel): Fault | undefined {
  const { stream, direct, externalApiPrefix } = origin;
  if (externalApiPrefix !== undefined) return found && direct !== false ? namesake(stream, found.source) : undefined;
  if (direct === false) return found && isReadDirectly(found) ? indirect(stream) : undefined;
  if (found && !isReadDirectly(found)) return direct === true ? tooDirect(stream) : undefined;
  const options = differing(mirror, found);
  return options.length > 0 ? partial(stream, options, found !== undefined) : undefined;
}
