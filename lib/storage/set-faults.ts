import { isDeepStrictEqual } from "node:util";
import { type TerraformResource, Token } from "cdktf";
import type { OriginModel, ResourceModel, Settings } from "../access/models";
import { OWNER_KEY } from "../naming/names";
import type { Fault } from "../problems/fault";
import { configOf } from "./managed-resource";
import type { Ownership } from "./ownership";
import type { ResourceAttributes } from "./resource-attributes";
import {
  deliverFaults,
  foreignRepublishFault,
  republishFaults,
  setOriginFaults,
  transformFaults,
} from "./source-rules";
import { subjectFaults } from "./subject-rules";
import { unseenFaults } from "./unseen-faults";

/** What the library makes of a stream or bucket, where its Terraform resource may say otherwise. */
export interface Made {
  /** The name of the Terraform resource. */
  readonly name: string;
  readonly subjects: readonly string[];
  readonly republish?: ResourceModel["republish"];
  readonly origins?: readonly OriginModel[];
  readonly transform?: ResourceModel["transform"];
}

/** What is wrong with an attribute that was set otherwise than the library makes it, since others go by it. */
export function otherFault(what: string, made: string, set: unknown, fix: string): Fault | undefined {
  if (set === made || Token.isUnresolved(made)) return undefined;
  return { what, value: set, allowed: made, fix };
}

/** What is wrong with what was set on the Terraform resource of a stream or bucket, by an Aspect or an override. */
export function setFaults(
  owner: Ownership,
  made: Made,
  resource: TerraformResource,
  attributes: ResourceAttributes,
): Fault[] {
  const { subjects, republish, origins, transform, settings } = attributes;
  const set = isDeepStrictEqual(subjects, made.subjects) ? [] : subjects;
  const again = isDeepStrictEqual(republish, made.republish) ? undefined : republish;
  const faults = [
    renamedFault(made.name, settings),
    ownerFault(configOf(resource).metadata, settings.metadata),
    ...unseenFaults(resource, settings, owner.provider),
    ...deliverFaults(settings, owner.platform),
    ...subjectFaults(set, owner.subjects, made.subjects),
    isEmptied(made, attributes) ? NO_SUBJECTS_FAULT : undefined,
    ...(isDeepStrictEqual(transform, made.transform) ? [] : transformFaults("subject_transform", transform)),
    ...republishFaults({ republish: again }, subjects),
    foreignRepublishFault({ republish: again }, owner.subjects, owner.platform),
    ...(set.length === 0 && isDeepStrictEqual(origins, made.origins ?? [])
      ? []
      : setOriginFaults(made.name, origins, subjects)),
  ];
  return faults.filter((fault): fault is Fault => Boolean(fault));
}

/** What is wrong with another owner in the metadata than the program gives. */
function ownerFault(made: unknown, set: unknown): Fault | undefined {
  const [own, other] = [Object(made)[OWNER_KEY], Object(set)[OWNER_KEY]];
  if (own === other) return undefined;
  return {
    what: `${OWNER_KEY} of the metadata is not what the program gives it`,
    value: other,
    allowed: own === undefined ? "none: the platform has no owner" : String(own),
    fix: "Set the owner of the platform, and leave that key of the metadata as it is",
  };
}

/** Whether a stream that stores something would store nothing. */
const isEmptied = (made: Made, { subjects, origins, settings }: ResourceAttributes) =>
  subjects.length === 0 &&
  origins.length === 0 &&
  (made.subjects.length > 0 || (made.origins ?? []).length > 0) &&
  [undefined, null].includes(settings.subjects as undefined);

const NO_SUBJECTS_FAULT: Fault = {
  what: "the subjects of the Terraform resource are taken away",
  allowed: "at least one subject, a mirror or a source",
  fix: "Leave subjects as they are",
};

const renamedFault = (name: string, { name: set }: Settings) =>
  otherFault(
    "the name of the Terraform resource is not that of the convention",
    name,
    set,
    "Leave the name of the resource as it is: permissions and the catalog go by it",
  );
