import { describeFault, type Fault } from "../problems/fault";

/** Takes what is wrong with the arguments of a naming call; `undefined` is nothing. */
export type Refuse = (...faults: readonly (Fault | undefined)[]) => void;

/** Throws what is wrong, all of it at once; for use outside of a construct tree. */
export const refuse: Refuse = (...faults) => {
  const found = faults.filter((fault): fault is Fault => fault !== undefined);
  if (found.length > 0) throw new Error(found.map(describeFault).join("\n"));
};
