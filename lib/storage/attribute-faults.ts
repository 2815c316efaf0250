import type { TerraformResource } from "cdktf";
import type { Settings } from "../access/models";
import type { Fault } from "../problems/fault";
import { brokenRules } from "../problems/value-rules";
import { isExpression } from "../tokens/expression";
import { resolved } from "../tokens/resolved";
import { COMBINATIONS, filtersOf } from "./attribute-combinations";
import { ATTRIBUTES, valueFault } from "./attribute-rules";
import { filterFaults } from "./consumer-rules";
import { configOf } from "./managed-resource";

/** What is wrong with the attributes of a type of resource. */
function faultsOf(type: string, settings: Settings): Fault[] {
  const single = Object.entries(ATTRIBUTES[type] ?? {}).flatMap(
    ([name, check]) => valueFault(name, settings[name], check) ?? [],
  );
  if (single.length > 0) return single;
  const filters = filtersOf(settings)
    .filter((each) => !isExpression(each))
    .map(String);
  const together = [...brokenRules(settings, COMBINATIONS[type] ?? []), ...filterFaults(filters)];
  return together.filter((fault) => fault !== undefined);
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the library gave to a resource, by the names of Terraform. */
function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [snakeCase(name), snakeCased(each)]));
}

/** What was wrong already as the library made the resource of options: that is said of the options. */
function faultsBefore(resource: TerraformResource): readonly Fault[] {
  const { metadata, provider: _, lifecycle: __, ...config } = configOf(resource);
  const settings = snakeCased(resolved(resource, config)) as Settings;
  return faultsOf(resource.terraformResourceType, { ...settings, metadata });
}

/**
 * What the provider or the server refuse of the attributes that were set on a resource, or what would never let a plan come
 * to rest. What options say is checked as options, and what is known only at apply is taken as it is.
 */
export function attributeFaults(resource: TerraformResource, settings: Settings): Fault[] {
  const faults = faultsOf(resource.terraformResourceType, settings);
  if (faults.length === 0) return faults;
  const before = new Set(faultsBefore(resource).map(({ what }) => what));
  return faults.filter(({ what }) => !before.has(what));
}
