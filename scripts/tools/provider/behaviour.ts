import table from "./behaviour.json";
import { resourceSchema } from "./schema";

/** What the real provider does with an attribute beyond its schema. */
export interface AttributeBehaviour {
  /** The value where the configuration has none; `""` is no value, a text for a number stands for that number. */
  readonly default?: string | number | boolean;
  /** Whether another value replaces the resource. */
  readonly forces_replacement?: boolean;
  /** The values that are allowed; for a number the lowest and the highest. */
  readonly allowed?: readonly (string | number)[];
  /** Attributes that must not be given beside it. */
  readonly conflicts_with?: readonly string[];
}

/** The behaviour of all attributes that have any, by name, of a resource type or of the `provider` block. */
export function behaviourOf(type: string): { readonly [attribute: string]: AttributeBehaviour } {
  return (table as { [type: string]: { [attribute: string]: AttributeBehaviour } })[type] ?? {};
}

/** Attributes of a resource with the provider's defaults for those that are missing or null. */
export function withProviderDefaults(
  type: string,
  attributes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const filled = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
  const schema = resourceSchema(type).attributes;
  for (const [name, { default: value }] of Object.entries(behaviourOf(type))) {
    if (value === undefined || value === "" || filled[name] !== undefined) continue;
    filled[name] = schema[name]?.type === "number" ? Number(value) : value;
  }
  return filled;
}
