import { shown } from "./shown";
import { visible } from "./visible";

/**
 * What is wrong with one value, before it is known which construct it came from.
 *
 * Every refusal of the library has these four parts, so that whoever reads it can act without opening the docs.
 */
export interface Fault {
  /** What is wrong, as a sentence without its full stop: `app name has a character that is not allowed`. */
  readonly what: string;
  /** The offending value; absent where a value is missing or must not be repeated. */
  readonly value?: unknown;
  /** What would have been accepted. */
  readonly allowed: string;
  /** What to do about it. */
  readonly fix: string;
}

/** What is wrong with something, by all of its checks; `undefined` and `false` are nothing. */
export type Faults = readonly (Fault | undefined | false)[];

/** A fault together with the path of the construct that has it. */
export interface Problem extends Fault {
  readonly path: string;
}

/** The value of a fault behind a colon; nothing where there is none. */
const valueText = ({ value }: Fault) => (value === undefined ? "" : `: ${shown(value)}`);

/** One fault as text: what, value, allowed, fix; without a path. */
export function describeFault(fault: Fault): string {
  return visible(
    `${fault.what}${valueText(fault)}. Allowed: ${fault.allowed}. ${fault.fix}${fault.fix.endsWith("?") ? "" : "."}`,
  );
}

/** A problem in three lines: where it is and what is wrong, what is allowed, what to do. */
export const problemLines = (problem: Problem): string[] =>
  [
    `[${problem.path}] ${problem.what}${valueText(problem)}`,
    `    allowed: ${problem.allowed}`,
    `    to do:   ${problem.fix}`,
  ].map(visible);

/**
 * All problems of a program as the text of one error.
 *
 * @param written the stacks that were written before they were found
 */
export function describeProblems(problems: readonly Problem[], written: readonly string[] = []): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.flatMap(problemLines).map((line) => `  ${line}`);
  const outcome =
    written.length === 0
      ? "nothing was written"
      : `these stacks were written before and must not be applied: ${visible(written.join(", "))}`;
  return `NATS platform: ${count} found, ${outcome}.\n${lines.join("\n")}`;
}
