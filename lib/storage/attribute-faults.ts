import { isDeepStrictEqual } from "node:util";
import type { TerraformResource } from "cdktf";
import type { Settings } from "../access/models";
import type { Fault } from "../problems/fault";
import { brokenRules } from "../problems/value-rules";
import { isExpression } from "../tokens/expression";
import { COMBINATIONS, filtersOf } from "./attribute-combinations";
import { ATTRIBUTES } from "./attribute-rules";
import { filterFaults } from "./consumer-rules";
import { configOf } from "./managed-resource";
import { isGiven } from "./resource-attributes";

const camelCased = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The ruled attributes of each type of resource with the names that cdktf has for them. */
const NAMES = Object.fromEntries(
  Object.entries(ATTRIBUTES).map(([type, rules]) => [
    type,
    Object.keys(rules).map((name) => ({ name, property: camelCased(name) })),
  ]),
);

/** Attributes that an Aspect or an override has set otherwise than the library does. */
function changedAttributes(resource: TerraformResource, settings: Settings): string[] {
  const config = configOf(resource);
  return (NAMES[resource.terraformResourceType] ?? [])
    .filter(({ name, property }) => !isDeepStrictEqual(settings[name], config[property]))
    .map(({ name }) => name);
}

/**
 * What the provider or the server refuse of the attributes that were set on a resource, or what would never let a plan come
 * to rest. What options say is checked as options, and what is known only at apply is taken as it is.
 */
export function attributeFaults(resource: TerraformResource, settings: Settings): Fault[] {
  const type = resource.terraformResourceType;
  const changed = changedAttributes(resource, settings);
  if (changed.length === 0) return [];
  const single = changed.flatMap((name) => {
    const value = settings[name];
    const fault = isGiven(value) && !isExpression(value) && ATTRIBUTES[type]?.[name]?.(name, value);
    return fault ? [fault] : [];
  });
  if (single.length > 0) return single;
  const filters = filtersOf(settings)
    .filter((each) => !isExpression(each))
    .map(String);
  const together = [...brokenRules(settings, COMBINATIONS[type] ?? []), ...filterFaults(filters)];
  return together.filter((fault) => fault !== undefined);
}
