/** What the library makes and also takes, by the type under which it is taken, and how a message calls one. */
const KINDS = {
  IApp: "an app",
  IPlatform: "a platform",
  IStream: "a stream",
  IKeyValueStore: "a key-value store",
  IObjectStore: "an object store",
  Credentials: "a Credentials",
} as const;

/** A kind of things that the library makes and also takes. */
export type Kind = keyof typeof KINDS;

const KIND = Symbol.for("cdktf-nats-platform/kind");

/** Marks what the library made, so that it is known for that where it is taken, also by another copy of the library. */
export function mark(made: object, kind: Kind): void {
  Object.defineProperty(made, KIND, { value: kind });
}

/** The kind of something that the library made; undefined for all else, whatever its class is called. */
export function kindOf(value: unknown): Kind | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, KIND)) return undefined;
  return (value as { readonly [KIND]: Kind })[KIND];
}

/** Whether only the library makes objects of a type. */
export const isKind = (type: string): type is Kind => Object.hasOwn(KINDS, type);

/** How a message calls one of a kind: `an app`. */
export const kindText = (kind: Kind): string => KINDS[kind];
