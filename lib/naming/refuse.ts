import { describeFault, type Fault, type Faults } from "../problems/fault";
import { isTokenText } from "../problems/shown";

/** Takes what is wrong with the arguments of a naming call. */
export type Refuse = (...faults: Faults) => void;

/** What is wrong with a text that is none, as in languages that check no types, or that is known only at apply. */
export function textFault(name: string, value: unknown): Fault | undefined {
  if (typeof value === "string" && !isTokenText(value)) return undefined;
  return { what: `${name} is not a text`, value, allowed: "a text known at synth", fix: `Give the ${name}` };
}

/** A text as it is, and a text that harms nothing in place of what was refused because it is none. */
export const asText = (value: unknown): string => (typeof value === "string" ? value : "unnamed");

/** Throws what is wrong, all of it at once; for use outside of a construct tree. */
export const refuse: Refuse = (...faults) => {
  const found = faults.filter((fault) => fault !== undefined && fault !== false);
  if (found.length > 0) throw new Error(found.map(describeFault).join("\n"));
};
