import { Construct, type IConstruct } from "constructs";
import { describeFault } from "./fault";
import { Program } from "./program";
import { checkedStruct } from "./type-faults";

/**
 * Reports what is wrong with options: one that is not known, a wrong type, something missing. TypeScript refuses most of it
 * before; JavaScript, Python and Go do not.
 *
 * @param construct whose constructor or method is called
 * @param struct the type of the options
 * @param name what the options are for, where the construct does not say it
 * @returns the options without what is wrong
 */
export function checkedProps<T extends object>(construct: IConstruct, struct: string, given: T, name = ""): T {
  const { value, faults } = checkedStruct(name, given, struct);
  Program.of(construct).report(construct, ...faults);
  return value as T;
}

/**
 * The scope and the id of a construct.
 *
 * @throws if there is no construct to report at
 */
export function placed(kind: string, scope: Construct, id: string): [Construct, string] {
  const fault = (what: string, allowed: string, fix: string) =>
    new Error(`${Construct.isConstruct(scope) ? `[${scope.node.path}] ` : ""}${describeFault({ what, allowed, fix })}`);
  if (!Construct.isConstruct(scope)) {
    throw fault(`scope of ${kind} is not a construct`, "a stack, or a construct in one", "Give the stack as scope");
  }
  if (typeof id !== "string" || id === "") {
    throw fault(`id of ${kind} is not a text`, "a text that is not empty", "Give an id that is unique in its scope");
  }
  return [scope, id];
}
