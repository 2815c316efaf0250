import type { TerraformResource } from "cdktf";
import { deepMerge } from "cdktf/lib/util";
import type { ConsumerModel, OriginModel, ResourceModel, Retention, Settings, TransformModel } from "../access/models";
import type * as jetstream from "../jetstream";
import { ownEntry } from "../problems/own-entry";
import { addressText, STATE_BLOCKS } from "../tokens/address-text";
import { isExpression } from "../tokens/expression";
import { overridesOf, stackOverridesOf } from "../tokens/overrides";
import { resolved } from "../tokens/resolved";

/** The members of a resource that cdktf makes its JSON of. */
interface Synthesized {
  synthesizeAttributes(): { [attribute: string]: unknown };
}

/** What overrides of its stack set of a resource. */
function stackOverrides(resource: TerraformResource): Settings {
  const types = stackOverridesOf(resource).resource as
    | { [type: string]: { [id: string]: Settings } }
    | null
    | undefined;
  const ids = types && ownEntry(types, resource.terraformResourceType);
  return (ids && ownEntry(ids, resource.friendlyUniqueId)) ?? {};
}

/** The blocks by which an override of its stack tells Terraform that a resource is another one, comes or goes. */
export function stateBlocksOf(resource: TerraformResource): string[] {
  const overrides = stackOverridesOf(resource);
  const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
  const isIt = (value: unknown) => addressText(value) === address;
  return STATE_BLOCKS.filter((name) =>
    [overrides[name]].flat().some((block) => Object.values(Object(block)).some(isIt)),
  );
}

/**
 * Whether its removal from the tree, an override of its stack or a move leaves a resource out of what is written, or writes
 * another one there.
 */
export function isTakenOut(resource: TerraformResource): boolean {
  const overrides = stackOverridesOf(resource);
  const isNone = (table: unknown, name: string) =>
    Object.hasOwn(Object(table), name) &&
    (!isGiven((table as Settings)[name]) || Array.isArray((table as Settings)[name]));
  const { terraformResourceType: type, friendlyUniqueId: id } = resource;
  const types = overrides.resource;
  return (
    resource.node.scope?.node.tryFindChild(resource.node.id) !== resource ||
    resource.hasResourceMove() !== undefined ||
    isNone(overrides, "resource") ||
    isNone(types, type) ||
    isNone(Object(types)[type], id)
  );
}

const isEmpty = (settings: Settings) => Object.keys(settings).length === 0;

const allOverridesOf = (resource: TerraformResource): Settings[] =>
  [overridesOf(resource), stackOverrides(resource)].filter((each) => !isEmpty(each));

/** Whether an override of a resource or of its stack changes what is written of it. */
export const isOverridden = (resource: TerraformResource): boolean => allOverridesOf(resource).length > 0;

/** Whether an override leaves a resource without what it depends on; a list is added to that. */
export const losesOrder = (resource: TerraformResource): boolean =>
  allOverridesOf(resource).some((each) => Object.hasOwn(each, "depends_on") && !Array.isArray(each.depends_on));

const referenceOf = (resource: unknown) =>
  typeof resource === "string" ? resource : (resource as TerraformResource | null)?.fqn;

/** Members by the names that Terraform has for them: `prevent_destroy`. */
const snakeCased = (members: object): Settings =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      name === "replaceTriggeredBy" ? [value].flat().map(referenceOf) : value,
    ]),
  );

/**
 * The attributes of a Terraform resource by their names in Terraform, as they will be written: also what an Aspect or an
 * override sets counts. What is known only at apply is an expression.
 */
export function settingsOf(resource: TerraformResource): Settings {
  const synthesized = resource as unknown as Synthesized;
  const attributes = synthesized.synthesizeAttributes();
  const { lifecycle, provisioners } = resource;
  if (lifecycle) attributes.lifecycle = snakeCased(lifecycle);
  if (provisioners) attributes.provisioner = provisioners;
  for (const overrides of allOverridesOf(resource)) deepMerge(attributes, overrides);
  return resolved(resource, attributes);
}

/** Whether an attribute is set. */
export const isGiven = (value: unknown) => value !== undefined && value !== null;

/** A number, also as text; undefined where Terraform decides. */
function known(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Whether a limit is set; what is known only at apply may be one. Below 1 is the server's word for none. */
const isLimit = (value: unknown) => isGiven(value) && (known(value) ?? 1) > 0;

/** A limit; undefined where there is none or Terraform decides. */
const limit = (value: unknown) => (isLimit(value) ? known(value) : undefined);

/** Whether something is switched on, or may be. */
export const mayBe = (value: unknown) => isGiven(value) && value !== false && value !== "false";

/** Texts of a list, without those that are known only at apply; a number is a text to Terraform, too. */
const textsOf = (list: unknown): string[] =>
  Array.isArray(list)
    ? list.filter((each) => isGiven(each) && typeof each !== "object" && !isExpression(each)).map(String)
    : [];

/** How many replicas there are; undefined where Terraform decides. */
const replicasOf = (value: unknown) => (isGiven(value) ? known(value) : 1);

const listOf = (value: unknown): readonly Settings[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "object" && each !== null);

const NO_ORIGINS: OriginModel[] = [];

const NO_TRANSFORMS: TransformModel[] = [];

/** Rewritings of subjects. */
function transformsOf(given: unknown): TransformModel[] {
  if (!isGiven(given)) return NO_TRANSFORMS;
  return listOf(given).map(({ source, destination }) => ({
    source: textOf(source) || ">",
    destination: textOf(destination) ?? "",
  }));
}

const textOf = (value: unknown) => (isGiven(value) ? String(value) : undefined);

/** Whether something that is set is switched off; the provider takes null for that. */
const isOff = (value: unknown) => value === false || value === "false" || value === null;

/** The prefix of the API of an origin's account; of what is in the own account, none. */
function externalOf(value: unknown): string | undefined {
  const [external] = listOf(value);
  return external && (textOf(external.api) ?? "");
}

/** The streams that a stream copies. */
function originsOf({ mirror, source, mirror_direct: direct }: Settings): OriginModel[] {
  if (!isGiven(mirror) && !isGiven(source)) return NO_ORIGINS;
  return [
    ...listOf(mirror).map((each) => [each, true] as const),
    ...listOf(source).map((each) => [each, false] as const),
  ]
    .filter(([origin]) => isGiven(origin.name))
    .map(([origin, isMirror]) => ({
      stream: String(origin.name),
      mirror: isMirror,
      filter: textOf(origin.filter_subject) || undefined,
      transforms: transformsOf(origin.subject_transform),
      externalApiPrefix: externalOf(origin.external),
      direct: direct === undefined || isOff(direct) ? false : isExpression(direct) ? undefined : true,
      byOption: false,
    }));
}

const RETENTIONS: readonly unknown[] = ["interest", "workqueue"] satisfies Retention[];

const retentionOf = (given: unknown) => (RETENTIONS.includes(given) ? (given as Retention) : "limits");

function republishOf({ republish_source: given, republish_destination: destination }: Settings) {
  const source = given || ">";
  return destination !== "" && textsOf([source, destination]).length === 2
    ? { source: String(source), destination: String(destination) }
    : undefined;
}

/** What is read of a resource. */
export type ResourceAttributes = Omit<
  ResourceModel,
  "name" | "kind" | "stream" | "account" | "platform" | "app" | "address" | "faults" | "source"
>;

/** What a `jetstream_stream` says. */
export function streamAttributes(stream: jetstream.Stream): ResourceAttributes {
  const settings = settingsOf(stream);
  const { replicas, max_age, max_bytes, max_msgs, max_msg_size, max_consumers, storage, retention } = settings;
  return {
    subjects: textsOf(settings.subjects),
    replicas: replicasOf(replicas),
    bounded: [max_age, max_bytes, max_msgs].some(isLimit),
    sized: isLimit(max_bytes),
    maxBytes: limit(max_bytes),
    maxMessageBytes: limit(max_msg_size),
    maxConsumers: limit(max_consumers),
    inMemory: storage === "memory",
    retention: retentionOf(retention),
    rollUp: mayBe(settings.allow_rollup_hdrs),
    origins: originsOf(settings),
    transform: transformsOf(settings.subject_transform).find(({ destination }) => destination !== ""),
    republish: republishOf(settings),
    settings,
  };
}

/** What a `jetstream_kv_bucket` or `jetstream_obj_bucket` says, and what it makes of that. */
export function nativeBucketAttributes(
  bucket: jetstream.KvBucket | jetstream.ObjBucket,
  subjects: readonly string[],
): ResourceAttributes {
  const settings = settingsOf(bucket);
  const { replicas, ttl, max_bucket_size, max_value_size, storage } = settings;
  return {
    subjects,
    replicas: replicasOf(replicas),
    bounded: [ttl, max_bucket_size].some(isLimit),
    sized: isLimit(max_bucket_size),
    maxBytes: limit(max_bucket_size),
    maxMessageBytes: limit(max_value_size),
    maxConsumers: undefined,
    inMemory: storage === "memory",
    retention: "limits",
    rollUp: true,
    origins: NO_ORIGINS,
    transform: undefined,
    republish: undefined,
    settings,
  };
}

/** What a `jetstream_consumer` says. */
export function consumerAttributes(
  consumer: jetstream.Consumer,
): Pick<ConsumerModel, "filters" | "acknowledges" | "replicas" | "settings"> {
  const settings = settingsOf(consumer);
  const { filter_subject: filter, filter_subjects: filters, ack_policy: acknowledgement, replicas } = settings;
  return {
    filters: [...textsOf([filter]), ...textsOf(filters)].filter((each) => each !== ""),
    acknowledges: acknowledgement !== "none",
    replicas: known(replicas),
    settings,
  };
}
