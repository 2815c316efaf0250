import { isDeepStrictEqual } from "node:util";
import { Token } from "cdktf";
import type { OriginModel, ResourceModel, Settings } from "../access/models";
import type { Fault } from "../problems/fault";
import type { Ownership } from "./ownership";
import type { ResourceAttributes } from "./resource-attributes";
import { foreignRepublishFault, republishFaults, setOriginFaults, unresolvedDestination } from "./source-rules";
import { subjectFaults } from "./subject-rules";

/** What the library makes of a stream or bucket, where its Terraform resource may say otherwise. */
export interface Made {
  /** The name of the Terraform resource. */
  readonly name: string;
  readonly subjects: readonly string[];
  readonly republish?: ResourceModel["republish"];
  readonly origins?: readonly OriginModel[];
}

/** What is wrong with an attribute that was set otherwise than the library makes it, since others go by it. */
export function otherFault(what: string, made: string, set: unknown, fix: string): Fault | undefined {
  if (set === made || Token.isUnresolved(made)) return undefined;
  return { what, value: set, allowed: made, fix };
}

const lateFault = (what: string): Fault => ({
  what: `${what} is known only at apply`,
  allowed: "subjects that are known at synth: who may use them is checked by them",
  fix: "Give the subject itself",
});

const isLate = (value: unknown) => /\$\{/.test(String(value));

/** What is wrong with what was set on the Terraform resource of a stream or bucket, by an Aspect or an override. */
export function setFaults(owner: Ownership, made: Made, attributes: ResourceAttributes): Fault[] {
  const { subjects, republish, origins, settings } = attributes;
  const set = isDeepStrictEqual(subjects, made.subjects) ? [] : subjects;
  const again = isDeepStrictEqual(republish, made.republish) ? undefined : republish;
  const faults = [
    renamedFault(made.name, settings),
    ...subjectFaults(set, owner.subjects),
    [settings.subjects].flat().some(isLate) ? lateFault("a subject") : undefined,
    isLate(settings.republish_source) ? lateFault("republish source") : undefined,
    isLate(settings.republish_destination) ? unresolvedDestination("republish") : undefined,
    ...republishFaults({ republish: again }, subjects),
    foreignRepublishFault({ republish: again }, owner.subjects, owner.platform),
    ...(isDeepStrictEqual(origins, made.origins ?? []) ? [] : setOriginFaults(made.name, origins, subjects)),
  ];
  return faults.filter((fault) => fault !== undefined);
}

const renamedFault = (name: string, { name: set }: Settings) =>
  otherFault(
    "the name of the Terraform resource is not that of the convention",
    name,
    set,
    "Leave the name of the resource as it is: permissions and the catalog go by it",
  );
