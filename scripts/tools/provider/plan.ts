import { isDeepStrictEqual } from "node:util";
import { behaviourOf, withProviderDefaults } from "./behaviour";
import { type BlockSchema, resourceSchema } from "./schema";
import { complete, type State, UNKNOWN } from "./values";

/** What a change would come to. */
export interface PlannedChange {
  readonly planned: State;
  /** The attributes whose new value needs another resource in place of this one. */
  readonly replacing: readonly string[];
}

/**
 * Plans a change as the SDK of the real provider does: defaults are filled in, what only the server knows is unknown
 * until the resource exists, and an empty value is the same as none.
 */
export function planChange(type: string, prior: State, proposed: State): PlannedChange {
  if (proposed === null) return { planned: null, replacing: [] };
  const schema = resourceSchema(type);
  const planned = normalized(type, proposed);
  if (prior === null) {
    for (const [name, { computed }] of Object.entries(schema.attributes)) {
      if (computed && planned[name] === null) planned[name] = UNKNOWN;
    }
    return { planned, replacing: [] };
  }
  const replacing = Object.entries(behaviourOf(type))
    .filter(([name, { forces_replacement }]) => forces_replacement && differs(schema, name, prior[name], planned[name]))
    .map(([name]) => name);
  return { planned, replacing };
}

/** A change inside of a block replaces nothing, only another number of blocks does. */
function differs(schema: BlockSchema, name: string, before: unknown, after: unknown): boolean {
  if (schema.block_types?.[name]) return (before as unknown[]).length !== (after as unknown[]).length;
  return !isDeepStrictEqual(before, after);
}

/** A state with the provider's defaults, and null for every empty value that is not a default. */
export function normalized(type: string, state: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const defaults = behaviourOf(type);
  const schema = resourceSchema(type);
  const filled = withProviderDefaults(type, state);
  if (filled.persist_mode === "default") filled.persist_mode = null;
  return withoutEmpty(complete(filled, schema), schema, (name) => (defaults[name]?.default ?? "") !== "");
}

function withoutEmpty(
  values: Readonly<Record<string, unknown>>,
  { attributes, block_types = {} }: BlockSchema,
  hasDefault: (name: string) => boolean,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, { required }] of Object.entries(attributes)) {
    result[name] = isEmpty(values[name]) && !required && !hasDefault(name) ? null : values[name];
  }
  for (const [name, { block }] of Object.entries(block_types)) {
    const blocks = values[name] as Readonly<Record<string, unknown>>[];
    result[name] = blocks.map((each) => withoutEmpty(each, block, () => false));
  }
  return result;
}

function isEmpty(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  if (value !== null && typeof value === "object") return Object.keys(value).length === 0;
  return !value;
}
