import type { TerraformResource } from "cdktf";
import type { Fault } from "../problems/fault";

const isTexts = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === "string");

/** What an argument of a lifecycle may be, beside being left out. */
const LIFECYCLE: { readonly [argument: string]: readonly [isRight: (value: unknown) => boolean, allowed: string] } = {
  preventDestroy: [(value) => typeof value === "boolean", "true or false"],
  createBeforeDestroy: [(value) => typeof value === "boolean", "true or false"],
  ignoreChanges: [(value) => value === "all" || isTexts(value), '"all", or a list of attributes'],
};

const notFault = (argument: string, value: unknown, allowed: string): Fault => ({
  what: `${argument} of the Terraform resource is none`,
  value,
  allowed,
  fix: `Give ${argument} as ${allowed}, or leave it out`,
});

function lifecycleFaults(lifecycle: unknown): Fault[] {
  if (lifecycle === undefined) return [];
  if (typeof lifecycle !== "object" || lifecycle === null || Array.isArray(lifecycle)) {
    return [notFault("lifecycle", lifecycle, "an object of arguments")];
  }
  return Object.entries(LIFECYCLE).flatMap(([argument, [isRight, allowed]]) => {
    const value = (lifecycle as { readonly [argument: string]: unknown })[argument];
    return value === undefined || isRight(value) ? [] : [notFault(`lifecycle.${argument}`, value, allowed)];
  });
}

/** What is wrong with Terraform's own arguments that were set on a resource, of a type that only JavaScript lets one set. */
export function metaFaults({ dependsOn, lifecycle }: TerraformResource): Fault[] {
  const isRight = dependsOn === undefined || isTexts(dependsOn);
  return [
    ...(isRight ? [] : [notFault("dependsOn", dependsOn, "a list of addresses: [other.fqn]")]),
    ...lifecycleFaults(lifecycle),
  ];
}
