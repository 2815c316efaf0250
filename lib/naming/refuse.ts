import { describeFault, type Fault } from "../problems/fault";

/** Takes what is wrong with the arguments of a naming call; `undefined` is nothing. */
export type Refuse = (...faults: readonly (Fault | undefined)[]) => void;

/** What is wrong with a text that is none: in languages that check no types. */
export function textFault(name: string, value: unknown): Fault | undefined {
  if (typeof value === "string") return undefined;
  return { what: `${name} is not a text`, value, allowed: "a text", fix: `Give the ${name}` };
}

/** Throws what is wrong, all of it at once; for use outside of a construct tree. */
export const refuse: Refuse = (...faults) => {
  const found = faults.filter((fault): fault is Fault => fault !== undefined);
  if (found.length > 0) throw new Error(found.map(describeFault).join("\n"));
};
