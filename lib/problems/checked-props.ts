import { Construct, type IConstruct } from "constructs";
import { describeFault, type Fault } from "./fault";
import { assertSameConstructs } from "./framework";
import { NO_OPTIONS } from "./given-options";
import { holds } from "./holds";
import { placeholder } from "./placeholder";
import { Program } from "./program";
import { isTokenText } from "./shown";
import { signatures } from "./signatures";
import { checkedStruct, checkedValue, optionsFaults } from "./type-faults";
import { callText } from "./type-text";

/**
 * Reports what is wrong with options: one that is not known, a wrong type, something missing. TypeScript refuses most of it
 * before; JavaScript, Python and Go do not.
 *
 * @param construct whose constructor or method is called
 * @param struct the type of the options
 * @param name what the options are for, where the construct does not say it
 * @param call the method that takes them, where they are not those of the construct
 * @returns the options without what is wrong
 */
export function checkedProps<T extends object>(
  construct: IConstruct,
  struct: string,
  given: T,
  name = "",
  call?: string,
): T {
  if (given === NO_OPTIONS) return given;
  const { value, faults } = checkedStruct(name, given, struct);
  Program.of(construct).report(construct, ...(call === undefined ? faults : faults.map((each) => ofCall(call, each))));
  return value as T;
}

/**
 * Reports which arguments of a method are not of their types, or missing, with the method's name; what is in options is left
 * to who takes them.
 *
 * @param construct whose method is called
 * @param call the method as the table has it: `AppConstruct.addStream`
 * @returns the arguments, with a text that harms nothing in place of each text that is none, `NO_OPTIONS` in place of options
 * that are none, and without those that are wrong of any number
 */
export function checkedArguments<T extends readonly unknown[]>(construct: IConstruct, call: string, given: T): T {
  const program = Program.of(construct);
  const report = (faults: readonly Fault[]) => program.report(construct, ...faults.map((fault) => ofCall(call, fault)));
  const checked: unknown[] = [...given];
  for (const [index, parameter] of (signatures().calls[call] ?? []).entries()) {
    const { name, type, variadic } = parameter;
    if (typeof type === "object" && "struct" in type) {
      const faults = optionsFaults(name, given[index], parameter);
      report(faults);
      if (faults.length > 0) checked[index] = NO_OPTIONS;
      continue;
    }
    if (variadic) {
      const rest = checkedValue(name, given.slice(index), { type: { list: type } });
      report(rest.faults);
      checked.splice(index, checked.length, ...((rest.value as unknown[] | undefined) ?? []));
      continue;
    }
    const { value, faults } = checkedValue(name, given[index], parameter);
    report(faults);
    checked[index] = faults.length > 0 && type === "string" ? placeholder(program.count) : value;
  }
  return checked as unknown as T;
}

/** A fault of an argument with the method that it is for. */
export const ofCall = (call: string, fault: Fault): Fault => ({ ...fault, what: `${callText(call)}: ${fault.what}` });

/**
 * Refuses what should be a construct and is none, so that there is nothing to report at.
 *
 * @throws what is wrong
 */
export function assertConstruct(name: string, value: unknown, allowed: string, isRight = Construct.isConstruct): void {
  if (holds(() => isRight(value as IConstruct))) return;
  throw new Error(describeFault({ what: `${name} is not a construct`, allowed, fix: `Give ${allowed}` }));
}

function idFault(kind: string, scope: Construct, id: unknown): Fault | undefined {
  const fix = "Give an id that is unique in its scope";
  if (typeof id !== "string" || id === "") {
    return { what: `id of ${kind} is not a text`, value: id, allowed: "a text that is not empty", fix };
  }
  if (isTokenText(id)) return { what: `id of ${kind} is known only at apply`, allowed: "a text known at synth", fix };
  if (id in Object.prototype) {
    const allowed =
      "an id that no object of JavaScript has from the start, since the tree of constructs takes no other";
    return { what: `id of ${kind} is not free in any scope`, value: id, allowed, fix: "Give another id" };
  }
  const holder = scope.node.tryFindChild(id);
  return (
    holder && {
      what: `id of ${kind} is already taken by [${holder.node.path}]`,
      value: id,
      allowed: "each id once in its scope",
      fix,
    }
  );
}

/**
 * The scope and the id of a construct.
 *
 * @throws if there is no construct to report at
 */
export function placed(kind: string, scope: Construct, id: string): [Construct, string] {
  assertConstruct(`scope of ${kind}`, scope, "the stack, or a construct in it");
  assertSameConstructs(scope);
  const fault = idFault(kind, scope, id);
  if (fault) throw new Error(`[${scope.node.path}] ${describeFault(fault)}`);
  return [scope, id];
}
