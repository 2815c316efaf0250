import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { describeFault } from "./fault";

/** The package that a class of the framework comes from, by the name that jsii gives it: `cdktf` or `cdktn`. */
function packageOf(type: unknown): string | undefined {
  for (let current = type; typeof current === "function"; current = Object.getPrototypeOf(current)) {
    const info = Object.getOwnPropertyDescriptor(current, Symbol.for("jsii.rtti"))?.value as
      | { fqn?: string }
      | undefined;
    const name = info?.fqn?.split(".")[0];
    if (name === "cdktf" || name === "cdktn") return name;
  }
  return undefined;
}

/**
 * Refuses a stack of cdktn where this library was given cdktf, which would crash later, in synth, with a message about
 * a missing function.
 *
 * @throws with the line that package.json needs
 */
export function assertSameFramework(construct: IConstruct): void {
  const stack = TerraformStack.of(construct);
  const theirs = packageOf(stack.constructor);
  const ours = packageOf(TerraformStack);
  if (theirs === undefined || theirs === ours) return;
  throw new Error(
    `[${construct.node.path}] ${describeFault({
      what: `stack "${stack.node.path}" comes from ${theirs}, but this library was installed with ${ours}`,
      allowed: "one framework for the whole program",
      fix:
        theirs === "cdktn"
          ? 'Add "cdktf": "npm:cdktn@^0.24.0" to the dependencies in package.json and install again: the library then uses cdktn'
          : 'Remove the alias "cdktf": "npm:cdktn@…" from package.json, or import everything from cdktn',
    })}`,
  );
}
