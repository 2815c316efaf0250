import { describeFault, type Fault } from "../problems/fault";

/** Throws what is wrong with the arguments of a naming call, all of it at once; for use outside of a construct tree. */
export function refuse(...faults: readonly (Fault | undefined)[]): void {
  const found = faults.filter((fault): fault is Fault => fault !== undefined);
  if (found.length > 0) throw new Error(found.map(describeFault).join("\n"));
}
