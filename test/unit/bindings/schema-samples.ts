import schema from "../../../scripts/bindings/provider-schema.json";
import type { Bindings } from "./support";

/** `"string"`, or `["list", "string"]` for a collection. */
type Type = string | string[];

export interface Block {
  attributes?: Record<string, { type: Type; required?: boolean; optional?: boolean }>;
  block_types?: Record<string, { block: Block; max_items?: number }>;
}

/** A config of a generated class, made from the schema instead of written down. */
// biome-ignore lint/suspicious/noExplicitAny: one type for the configs of all generated classes
export type Config = Record<string, any>;

/** One value for each type of attribute that the schema has. */
export interface Samples {
  string: string;
  number: number;
  bool: boolean;
  "list of string": string[];
  "list of number": number[];
  "map of string": Record<string, string>;
}

export const ORDINARY: Samples = {
  string: "text",
  number: 7,
  bool: true,
  "list of string": ["a", "b"],
  "list of number": [1, 2],
  "map of string": { key: "value" },
};

export const FALSY: Samples = {
  string: "",
  number: 0,
  bool: false,
  "list of string": [],
  "list of number": [],
  "map of string": {},
};

const { provider, resource_schemas } = schema.provider_schemas["registry.terraform.io/nats-io/jetstream"];

export const PROVIDER: Block = provider.block;

/** The generated class of each resource, with its schema. */
export const RESOURCES: { className: keyof Bindings; block: Block }[] = [
  { className: "Consumer", block: resource_schemas.jetstream_consumer.block },
  { className: "KvBucket", block: resource_schemas.jetstream_kv_bucket.block },
  { className: "KvEntry", block: resource_schemas.jetstream_kv_entry.block },
  { className: "ObjBucket", block: resource_schemas.jetstream_obj_bucket.block },
  { className: "Stream", block: resource_schemas.jetstream_stream.block },
];

/** A config that sets everything in `block`, nested blocks included, two of each that may repeat. */
export function fullConfig(block: Block, samples: Samples): Config {
  const config: Config = {};
  for (const [name, { type, required, optional }] of Object.entries(block.attributes ?? {})) {
    if (required || optional) {
      config[camelCase(name)] = sampleOf(type, samples);
    }
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const value = fullConfig(nested.block, samples);
    config[camelCase(name)] = nested.max_items === 1 ? value : [value, value];
  }
  return config;
}

/** A config that sets what `block` requires, and nothing else. */
export function requiredConfig(block: Block, samples: Samples): Config {
  const full = fullConfig(block, samples);
  const required = Object.entries(block.attributes ?? {}).filter(([, attribute]) => attribute.required);
  return Object.fromEntries(required.map(([name]) => [camelCase(name), full[camelCase(name)]]));
}

function sampleOf(type: Type, samples: Samples): unknown {
  const name = [type].flat().join(" of ");
  if (!Object.hasOwn(samples, name)) {
    throw new Error(`The schema has an attribute of type ${name}, for which there is no sample.`);
  }
  return samples[name as keyof Samples];
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
