import { type TerraformResource, Token } from "cdktf";
import type { ConsumerModel, OriginModel, Retention, TransformModel } from "../access/models";
import * as jetstream from "../jetstream";
import { resolvedText } from "../tokens/resolved-text";

/** A number, or undefined where Terraform decides. */
const known = (value: unknown): number | undefined =>
  typeof value === "number" && !Token.isUnresolved(value) ? value : undefined;

/** A limit, or undefined where there is none or Terraform decides; below 1 is the server's word for none. */
function limit(value: unknown): number | undefined {
  const number = known(value);
  return number !== undefined && number > 0 ? number : undefined;
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

/** The attributes that overrides of a resource set, by their names in Terraform. */
function overridesOf(resource: TerraformResource): { readonly [attribute: string]: unknown } {
  return (resource as unknown as { readonly rawOverrides: { readonly [attribute: string]: unknown } }).rawOverrides;
}

/** A rewriting as a program gives it, or an override. */
interface Transform {
  readonly source?: string;
  readonly destination?: string;
}

/** An origin as a program gives it, or an override, which has Terraform's names. */
interface Origin {
  readonly name: string;
  readonly filterSubject?: string;
  readonly filter_subject?: string;
  readonly subjectTransform?: unknown;
  readonly subject_transform?: unknown;
  readonly external?: { readonly api?: string };
}

const NO_ORIGINS: OriginModel[] = [];

const NO_TRANSFORMS: TransformModel[] = [];

/** Rewritings of subjects, without those that are known only at apply. */
function transformsOf(given: unknown): TransformModel[] {
  if (!isGiven(given) || Token.isUnresolved(given)) return NO_TRANSFORMS;
  const list = (Array.isArray(given) ? given : [given]) as readonly (Transform | undefined)[];
  return list.flatMap((each) => {
    const { source = ">", destination } = each ?? {};
    return destination === undefined || [source, destination].some(Token.isUnresolved) ? [] : [{ source, destination }];
  });
}

/** The streams that a stream copies. */
function originsOf(stream: TerraformResource, mirror: unknown, sources: unknown, direct: unknown): OriginModel[] {
  if (!isGiven(mirror) && !isGiven(sources)) return NO_ORIGINS;
  const given = [mirror, ...(Array.isArray(sources) ? sources : [])] as (Origin | undefined)[];
  return given
    .filter((origin): origin is Origin => isGiven(origin?.name))
    .map((origin) => ({
      stream: resolvedText(stream, origin.name),
      mirror: origin === mirror,
      filter: origin.filterSubject ?? origin.filter_subject,
      transforms: transformsOf(origin.subjectTransform ?? origin.subject_transform),
      externalApiPrefix: isGiven(origin.external) ? (origin.external?.api ?? "") : undefined,
      direct: typeof direct === "boolean" ? direct : undefined,
      byOption: false,
    }));
}

/** How many bytes the texts of a resource have. */
function textBytes(...texts: readonly unknown[]): { readonly textBytes?: number } {
  const given = texts.filter(isGiven);
  return given.length === 0 ? {} : { textBytes: Buffer.byteLength(JSON.stringify(given)) };
}

const RETENTIONS: readonly unknown[] = ["interest", "workqueue"] satisfies Retention[];

const retentionOf = (given: unknown) => (RETENTIONS.includes(given) ? (given as Retention) : "limits");

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
    subject_transform: stream.subjectTransformInput,
    retention: stream.retentionInput,
    storage: stream.storageInput,
    max_msg_size: stream.maxMsgSizeInput,
    max_consumers: stream.maxConsumersInput,
    republish_source: stream.republishSourceInput,
    republish_destination: stream.republishDestinationInput,
    description: stream.descriptionInput,
    metadata: stream.metadataInput,
    ...overridesOf(stream),
  };
  const subjects = Array.isArray(given.subjects) ? given.subjects : [];
  const destination = given.republish_destination;
  return {
    subjects: subjects.filter((subject) => !Token.isUnresolved(subject)),
    replicas: given.replicas === undefined ? 1 : known(given.replicas),
    bounded: [given.max_age, given.max_bytes, given.max_msgs].some(isGiven),
    sized: isGiven(given.max_bytes),
    maxBytes: limit(given.max_bytes),
    maxMessageBytes: limit(given.max_msg_size),
    maxConsumers: limit(given.max_consumers),
    inMemory: given.storage === "memory",
    ...textBytes(given.description, given.metadata),
    retention: retentionOf(given.retention),
    rollUp: given.allow_rollup_hdrs === true,
    transform: transformsOf(given.subject_transform)[0],
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
    storage: bucket.storageInput,
    description: bucket.descriptionInput,
    ...(bucket instanceof jetstream.KvBucket && { max_value_size: bucket.maxValueSizeInput }),
    ...overridesOf(bucket),
  };
  return {
    replicas: given.replicas === undefined ? 1 : known(given.replicas),
    bounded: [given.ttl, given.max_bucket_size].some(isGiven),
    sized: isGiven(given.max_bucket_size),
    maxBytes: limit(given.max_bucket_size),
    maxMessageBytes: limit("max_value_size" in given ? given.max_value_size : undefined),
    maxConsumers: undefined,
    inMemory: given.storage === "memory",
    ...textBytes(given.description),
    retention: "limits" as const,
    rollUp: true,
    origins: NO_ORIGINS,
    transform: undefined,
    republish: undefined,
  };
}

/** What a `jetstream_consumer` says, as it will be written. */
export function consumerAttributes(
  consumer: jetstream.Consumer,
): Pick<ConsumerModel, "filters" | "acknowledges" | "replicas" | "textBytes"> {
  const given = {
    filter_subject: consumer.filterSubjectInput,
    filter_subjects: consumer.filterSubjectsInput,
    ack_policy: consumer.ackPolicyInput,
    replicas: consumer.replicasInput,
    description: consumer.descriptionInput,
    metadata: consumer.metadataInput,
    ...overridesOf(consumer),
  };
  const filters = [given.filter_subject, ...(Array.isArray(given.filter_subjects) ? given.filter_subjects : [])];
  return {
    filters: filters.filter((filter): filter is string => typeof filter === "string" && !Token.isUnresolved(filter)),
    acknowledges: given.ack_policy !== "none",
    ...textBytes(given.description, given.metadata),
    replicas: known(given.replicas),
  };
}
