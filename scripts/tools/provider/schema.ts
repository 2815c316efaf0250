import { readFileSync } from "node:fs";
import { join } from "node:path";

/** An attribute, as `terraform providers schema -json` prints it. */
export interface AttributeSchema {
  readonly type: string | readonly [string, string];
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

/** A block and how often it may stand. */
export interface NestedBlockSchema {
  readonly nesting_mode: "list" | "set";
  readonly min_items?: number;
  readonly max_items?: number;
  readonly block: BlockSchema;
}

/** The attributes and blocks of a resource or of a block in it. */
export interface BlockSchema {
  readonly attributes: { readonly [name: string]: AttributeSchema };
  readonly block_types?: { readonly [name: string]: NestedBlockSchema };
}

interface VersionedSchema {
  readonly version: number;
  readonly block: BlockSchema;
}

interface ProviderSchema {
  readonly provider: VersionedSchema;
  readonly resource_schemas: { readonly [type: string]: VersionedSchema };
}

const file = join(__dirname, "..", "..", "bindings", "provider-schema.json");
const [schema] = Object.values<ProviderSchema>(JSON.parse(readFileSync(file, "utf8")).provider_schemas);

/** The real provider's schema, from the file that the bindings of the library are generated from. */
export const providerSchema = schema as ProviderSchema;

/** The attributes and blocks of a resource type. */
export function resourceSchema(type: string): BlockSchema {
  const found = providerSchema.resource_schemas[type];
  if (!found) throw new Error(`the provider has no ${type}`);
  return found.block;
}

/** A schema as the plugin protocol wants it. */
export function protocolSchema({ version, block }: VersionedSchema): object {
  return { version, block: protocolBlock(block) };
}

function protocolBlock({ attributes, block_types = {} }: BlockSchema): object {
  return {
    attributes: Object.entries(attributes).map(([name, { type, ...flags }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...flags,
    })),
    block_types: Object.entries(block_types).map(([name, nested]) => ({
      type_name: name,
      block: protocolBlock(nested.block),
      nesting: nested.nesting_mode.toUpperCase(),
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
    })),
  };
}
