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
 * Refuses what should be a construct and is none, so that there is nothing to report at.
 *
 * @throws what is wrong
 */
export function assertConstruct(name: string, value: unknown, allowed: string, isRight = Construct.isConstruct): void {
  if (isRight(value as IConstruct)) return;
  throw new Error(describeFault({ what: `${name} is not a construct`, allowed, fix: `Give ${allowed}` }));
}

/**
 * The scope and the id of a construct.
 *
 * @throws if there is no construct to report at
 */
export function placed(kind: string, scope: Construct, id: string): [Construct, string] {
  assertConstruct(`scope of ${kind}`, scope, "the stack, or a construct in it");
  if (typeof id === "string" && id !== "") return [scope, id];
  const [what, allowed] = [`id of ${kind} is not a text`, "a text that is not empty"];
  throw new Error(
    `[${scope.node.path}] ${describeFault({ what, allowed, fix: "Give an id that is unique in its scope" })}`,
  );
}
