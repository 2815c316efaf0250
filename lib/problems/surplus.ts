import type { IConstruct } from "constructs";
import type { Fault } from "./fault";
import { reporterOf } from "./program";
import { signatures } from "./signatures";
import { callText } from "./type-text";

type Method = (this: unknown, ...given: unknown[]) => unknown;

function surplusFault(call: string, given: readonly unknown[]): Fault | undefined {
  const parameters = signatures().calls[call];
  if (!parameters || parameters.some(({ variadic }) => variadic)) return undefined;
  const count = given.reduce<number>((last, each, index) => (each === undefined ? last : index + 1), 0);
  if (count <= parameters.length) return undefined;
  const last = parameters.at(-1)?.name;
  return {
    what: `${callText(call)} is given more arguments than it takes`,
    value: count,
    allowed: last === undefined ? "none" : `at most ${parameters.length}`,
    fix: last === undefined ? "Remove them" : `Remove what stands behind ${last}`,
  };
}

/**
 * Lets public methods report arguments that they do not take, which JavaScript drops without a word.
 *
 * @param holder what has the methods: the prototype of a class, or the class for its static ones
 * @param name what the table of signatures calls the class
 * @param at the construct to report at, by the object whose method is called and by what that returns
 */
export function refuseSurplus(
  holder: object,
  name: string,
  at = (self: unknown, _made: unknown) => self as IConstruct,
): void {
  for (const [method, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
    const call = descriptor.value as Method | undefined;
    if (typeof call !== "function" || method === "constructor" || method.startsWith("_")) continue;
    const value: Method = function (...given) {
      const made = call.apply(this, given);
      const fault = surplusFault(`${name}.${method}`, given);
      if (fault) reporterOf(at(this, made))(fault);
      return made;
    };
    Object.defineProperty(holder, method, { ...descriptor, value });
  }
}
