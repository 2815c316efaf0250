import type { IConstruct } from "constructs";

const keyOf = (name: string) => Symbol.for(`cdktf-nats-platform/${name}`);

/**
 * What the library keeps at a construct: made when it is first asked for, and the same for two copies of the library in one
 * program.
 */
export function attached<T>(construct: IConstruct, name: string, make: () => T): T {
  const key = keyOf(name);
  const holder = construct as IConstruct & { [key]?: T };
  if (holder[key] === undefined) Object.defineProperty(holder, key, { value: make() });
  return holder[key] as T;
}

/** What the library keeps at a construct; undefined before it is made. */
export const attachedTo = <T>(construct: IConstruct, name: string): T | undefined =>
  Reflect.get(construct, keyOf(name)) as T | undefined;
