import { DefaultTokenResolver, StringConcat, type TerraformResource, Token, Tokenization } from "cdktf";
import type { OriginModel } from "../access/models";
import type * as jetstream from "../jetstream";

/** A number, or undefined where Terraform decides. */
const known = (value: unknown): number | undefined =>
  typeof value === "number" && !Token.isUnresolved(value) ? value : undefined;

const isGiven = (value: unknown) => value !== undefined && value !== null;

/** The attributes that overrides of a resource set, by their names in Terraform. */
function overridesOf(resource: TerraformResource): { readonly [attribute: string]: unknown } {
  return (resource as unknown as { readonly rawOverrides: { readonly [attribute: string]: unknown } }).rawOverrides;
}

/** An origin as a program gives it, or an override, which has Terraform's names. */
interface Origin {
  readonly name: string;
  readonly filterSubject?: string;
  readonly filter_subject?: string;
  readonly external?: unknown;
}

const resolver = new DefaultTokenResolver(new StringConcat());

/** A name as text: `${jetstream_stream.prod_convex_wal.name}` where it is known only at apply. */
const textOf = (scope: TerraformResource, name: string): string =>
  Token.isUnresolved(name) ? String(Tokenization.resolve(name, { scope, resolver, preparing: false })) : name;

const NO_ORIGINS: OriginModel[] = [];

/** The streams of the same account that a stream copies. */
function originsOf(stream: TerraformResource, mirror: unknown, sources: unknown, direct: unknown): OriginModel[] {
  if (!isGiven(mirror) && !isGiven(sources)) return NO_ORIGINS;
  const given = [mirror, ...(Array.isArray(sources) ? sources : [])] as (Origin | undefined)[];
  const own = given.filter((origin): origin is Origin => isGiven(origin?.name) && !isGiven(origin?.external));
  return own.map((origin) => ({
    stream: textOf(stream, origin.name),
    filter: origin.filterSubject ?? origin.filter_subject,
    direct: typeof direct === "boolean" ? direct : undefined,
    byOption: false,
  }));
}

/** What a `jetstream_stream` says, as it will be written: also what an Aspect or an override sets counts. */
export function streamAttributes(stream: jetstream.Stream) {
  const given = {
    subjects: stream.subjectsInput,
    replicas: stream.replicasInput,
    max_age: stream.maxAgeInput,
    max_bytes: stream.maxBytesInput,
    max_msgs: stream.maxMsgsInput,
    allow_rollup_hdrs: stream.allowRollupHdrsInput,
    mirror: stream.mirrorInput,
    mirror_direct: stream.mirrorDirectInput,
    source: stream.sourceInput,
    republish_source: stream.republishSourceInput,
    republish_destination: stream.republishDestinationInput,
    ...overridesOf(stream),
  };
  const subjects = Array.isArray(given.subjects) ? given.subjects : [];
  const destination = given.republish_destination;
  return {
    subjects: subjects.filter((subject) => !Token.isUnresolved(subject)),
    replicas: given.replicas === undefined ? 1 : known(given.replicas),
    bounded: [given.max_age, given.max_bytes, given.max_msgs].some(isGiven),
    sized: isGiven(given.max_bytes),
    rollUp: given.allow_rollup_hdrs === true,
    origins: originsOf(stream, given.mirror, given.source, given.mirror_direct),
    republish: destination ? { source: given.republish_source ?? ">", destination } : undefined,
  };
}

/** What a `jetstream_kv_bucket` or `jetstream_obj_bucket` says, as it will be written. */
export function nativeBucketAttributes(bucket: jetstream.KvBucket | jetstream.ObjBucket) {
  const given = {
    replicas: bucket.replicasInput,
    ttl: bucket.ttlInput,
    max_bucket_size: bucket.maxBucketSizeInput,
    ...overridesOf(bucket),
  };
  return {
    replicas: given.replicas === undefined ? 1 : known(given.replicas),
    bounded: [given.ttl, given.max_bucket_size].some(isGiven),
    sized: isGiven(given.max_bucket_size),
    rollUp: true,
    origins: [],
    republish: undefined,
  };
}
