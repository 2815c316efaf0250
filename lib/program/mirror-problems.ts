import type { OriginModel, ResourceModel, Settings } from "../access/models";
import type { Fault, Problem } from "../problems/fault";

/** What makes of a mirror less, or other, than its origin, by the names of the attributes and of the options. */
const PARTIAL: { readonly [attribute: string]: string } = {
  filter_subject: "filterSubject",
  subject_transform: "subjectTransforms",
  start_seq: "startSequence",
  start_time: "startTime",
};

/** The limits by which a stream loses messages, by their names for a stream and for a bucket of the provider. */
const LIMITS = [
  { names: ["max_age", "ttl"], option: "maxAgeSeconds" },
  { names: ["max_bytes", "max_bucket_size"], option: "maxBytes" },
  { names: ["max_msgs"], option: "maxMessages" },
  { names: ["max_msgs_per_subject", "history"], option: "maxMessagesPerSubject" },
];

const isSet = (value: unknown) =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

/** A limit, as a number; none is infinite, and one that is known only at apply is not a number. */
function limitOf(settings: Settings, names: readonly string[]): number {
  const value = names.map((name) => settings[name]).find(isSet) ?? 0;
  const limit = Number(value);
  return limit <= 0 ? Number.POSITIVE_INFINITY : limit;
}

/** The options by which a mirror has not all that the other stream has. */
function lacking({ settings }: ResourceModel, origin: ResourceModel | undefined): string[] {
  const mirror = [settings.mirror].flat()[0] as Settings | undefined;
  const parts = Object.entries(PARTIAL).flatMap(([name, option]) => (isSet(mirror?.[name]) ? [option] : []));
  if (!origin) return parts;
  const less = LIMITS.filter(({ names }) => limitOf(settings, names) < limitOf(origin.settings, names));
  return [...parts, ...less.map(({ option }) => option)];
}

const isReadDirectly = ({ settings }: ResourceModel) => settings.allow_direct !== false;

const indirect = (value: string): Fault => ({
  what: "mirrorDirect is false, but the other stream can be read directly",
  value,
  allowed: "true: the server refuses a mirror that differs from its origin in this",
  fix: "Leave mirrorDirect out",
});

const partial = (name: string, options: readonly string[], isKnown: boolean): Fault => ({
  what: `a mirror that is no whole copy answers direct reads of the other stream [${options.join(", ")}]`,
  value: name,
  allowed:
    "mirrors of all messages: of others, who reads the other stream would by chance miss messages or get changed ones",
  fix: `Use sources instead of mirror: they answer under their own name only${
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
  if (found ? !isReadDirectly(found) : direct === false) return undefined;
  if (direct === false) return indirect(stream);
  const options = lacking(mirror, found);
  return options.length > 0 ? partial(stream, options, found !== undefined) : undefined;
}
