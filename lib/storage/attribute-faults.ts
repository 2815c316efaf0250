import { type TerraformResource, Token } from "cdktf";
import type { Settings } from "../access/models";
import type { Fault } from "../problems/fault";
import { ownEntry } from "../problems/own-entry";
import { brokenRules } from "../problems/value-rules";
import { isExpression, UNKNOWN } from "../tokens/expression";
import { isLiteral } from "../tokens/literal";
import { COMBINATIONS, filtersOf } from "./attribute-combinations";
import { ATTRIBUTES, valueFault } from "./attribute-rules";
import { filterFaults } from "./consumer-rules";
import { lateFaults } from "./late-faults";
import { givenTo } from "./managed-resource";

/** What is wrong with the attributes of a type of resource. */
function faultsOf(type: string, settings: Settings): Fault[] {
  const rules = ATTRIBUTES[type] ?? {};
  const single = Object.keys(settings).flatMap((name) => {
    const check = settings[name] === undefined ? undefined : ownEntry(rules, name);
    return check ? (valueFault(name, settings[name], check) ?? []) : [];
  });
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

/** What the checks of options knew of a value. */
function knownEarly(value: unknown): unknown {
  if (Token.isUnresolved(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(knownEarly);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, knownEarly(each)]));
}

/** What was wrong already as the library made the resource of options: that is said of the options. */
function faultsBefore(resource: TerraformResource): readonly Fault[] {
  const { metadata, ...given } = givenTo(resource);
  const settings = snakeCased(knownEarly(given)) as Settings;
  return faultsOf(resource.terraformResourceType, { ...settings, metadata: knownEarly(metadata) });
}

/**
 * What the provider or the server refuse of the attributes that were set on a resource, or what would never let a plan come
 * to rest. What options say is checked as options, but for what the program produces only at synth. What is known only at
 * apply is taken as it is.
 */
export function attributeFaults(resource: TerraformResource, settings: Settings): Fault[] {
  const given = givenTo(resource);
  const late = isLiteral(given) ? [] : lateFaults(resource, snakeCased(given));
  const faults = faultsOf(resource.terraformResourceType, settings);
  if (faults.length === 0) return late;
  const before = new Set(faultsBefore(resource).map(({ what }) => what));
  return [...late, ...faults.filter(({ what }) => !before.has(what))];
}
