import { types } from "node:util";
import { Construct } from "constructs";

/** An object of options. */
export interface Given {
  readonly [option: string]: unknown;
}

/** In place of options of which it is reported already that they are none. */
export const NO_OPTIONS: object = Object.freeze({});

const CONTAINERS: readonly ((value: unknown) => boolean)[] = [
  Array.isArray,
  types.isMap,
  types.isSet,
  types.isWeakMap,
  types.isWeakSet,
  types.isPromise,
  types.isDate,
  types.isRegExp,
  types.isNativeError,
  types.isBoxedPrimitive,
  types.isAnyArrayBuffer,
  types.isArrayBufferView,
];

/** Whether a value is an object that Terraform knows only at apply. */
export function isResolvable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as { readonly resolve?: unknown }).resolve === "function";
  } catch {
    return false;
  }
}

/** Whether a value can hold options: an object that is nothing else, such as a construct, a list or a `Map`. */
export function isOptions(value: unknown): value is Given {
  if (typeof value !== "object" || value === null || isResolvable(value)) return false;
  return !Construct.isConstruct(value) && !CONTAINERS.some((isContainer) => isContainer(value));
}

/** Whether an object is of a class of the program, which may have more than options. */
function isOfClass(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && Object.hasOwn(prototype, "constructor") && Object.getPrototypeOf(prototype) !== null;
}

/**
 * The names that are given in an object. An object of a class gives its own fields, and of what its class has only what is
 * known: a class may have more than options.
 */
export function namesIn(given: Given, known: object): string[] {
  const names = new Set<string>();
  if (isOfClass(given)) for (const name of Object.keys(given)) names.add(name);
  else for (const name in given) names.add(name);
  for (const name of Object.keys(known)) if (name in given) names.add(name);
  return [...names];
}
