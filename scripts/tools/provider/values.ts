import { decode, ExtensionCodec, encode } from "@msgpack/msgpack";
import type { BlockSchema } from "./schema";

/** A value that Terraform does not know yet. */
export const UNKNOWN = Object.freeze({ unknown: true });

/** The attributes and blocks of a resource; null for a resource that does not exist. */
export type State = Readonly<Record<string, unknown>> | null;

/** A value on its way to or from Terraform. */
export interface DynamicValue {
  readonly msgpack: Uint8Array;
}

const UNKNOWN_TYPE = 0;
const REFINED_UNKNOWN_TYPE = 12;

const codec = new ExtensionCodec();
codec.register({
  type: UNKNOWN_TYPE,
  encode: (value) => (value === UNKNOWN ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
codec.register({ type: REFINED_UNKNOWN_TYPE, encode: () => null, decode: () => UNKNOWN });

/** What Terraform sent. */
export function fromWire({ msgpack }: DynamicValue): State {
  return decode(msgpack, { extensionCodec: codec }) as State;
}

/** A value as Terraform wants it: an object has every attribute and block of its schema, and nothing else. */
export function toWire(state: State, schema?: BlockSchema): DynamicValue {
  const value = state && schema ? complete(state, schema) : state;
  return { msgpack: encode(value, { extensionCodec: codec }) };
}

/** An object with every attribute (null where unset) and block (`[]` where there is none) of its schema. */
export function complete(state: Readonly<Record<string, unknown>>, { attributes, block_types = {} }: BlockSchema) {
  const completed: Record<string, unknown> = {};
  for (const name of Object.keys(attributes)) completed[name] = state[name] ?? null;
  for (const [name, { block }] of Object.entries(block_types)) {
    const blocks = (state[name] ?? []) as Readonly<Record<string, unknown>>[];
    completed[name] = blocks.map((each) => complete(each, block));
  }
  return completed;
}
