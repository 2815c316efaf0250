import { Construct, type IConstruct } from "constructs";
import { describeFault, type Fault } from "./fault";
import { Program, reporterOf } from "./program";
import { signatures } from "./signatures";
import { callText } from "./type-text";

type Method = (this: unknown, ...given: unknown[]) => unknown;

function surplusFault(call: string, given: ArrayLike<unknown>, text = callText(call)): Fault | undefined {
  const parameters = signatures().calls[call];
  if (!parameters || parameters.some(({ variadic }) => variadic)) return undefined;
  const count = Array.from(given).reduce<number>((last, each, index) => (each === undefined ? last : index + 1), 0);
  if (count <= parameters.length) return undefined;
  const last = parameters.at(-1)?.name;
  return {
    what: `${text} is given more arguments than it takes`,
    value: count,
    allowed: last === undefined ? "none" : `at most ${parameters.length}`,
    fix: last === undefined ? "Remove them" : `Remove what stands behind ${last}`,
  };
}

/** Reports arguments that a constructor does not take. */
export const reportSurplus = (construct: IConstruct, name: string, given: ArrayLike<unknown>): void =>
  Program.of(construct).report(construct, surplusFault(name, given));

/** What takes a fault. */
type Report = (fault: Fault) => void;

/**
 * Where arguments of a static method are reported: at the construct that it makes or is given.
 *
 * @throws the fault where there is no construct
 */
export const atConstruct =
  (construct: unknown): Report =>
  (fault) => {
    if (!Construct.isConstruct(construct)) throw new Error(describeFault(fault));
    reporterOf(construct)(fault);
  };

/**
 * Lets public methods report arguments that they do not take, which JavaScript drops without a word.
 *
 * @param holder what has the methods: the prototype of a class, or the class for its static ones
 * @param name what the table of signatures calls the class
 * @param reporter who takes the fault, by the object whose method is called, what that returns and what it is given
 */
export function refuseSurplus(
  holder: object,
  name: string,
  reporter: (self: unknown, made: unknown, given: readonly unknown[]) => Report = atConstruct,
): void {
  for (const [method, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
    const call = descriptor.value as Method | undefined;
    if (typeof call !== "function" || method === "constructor" || method.startsWith("_")) continue;
    const value: Method = function (...given) {
      const made = call.apply(this, given);
      const path = `${name}.${method}`;
      const fault = surplusFault(path, given, typeof holder === "function" ? `${name}.${callText(path)}` : undefined);
      if (fault) reporter(this, made, given)(fault);
      return made;
    };
    const { length } = call;
    Object.defineProperties(value, { name: { value: method }, length: { value: length } });
    Object.defineProperty(holder, method, { ...descriptor, value });
  }
}
