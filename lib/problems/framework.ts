import { TerraformElement, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { attached } from "./attached";
import { describeFault, type Fault } from "./fault";

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

/** The id of a construct that is made only to see whether one can be. */
const PROBE = "NatsPlatformProbe";

/**
 * Refuses a tree of another version of `constructs` that keeps it otherwise, so that no construct of this one, or no element
 * of the framework in it, can be made there. Versions that are alike in this are taken.
 *
 * @throws how to have one version
 */
export function assertSameConstructs(scope: Construct): void {
  attached(scope.node.root, "constructs", () => {
    try {
      new TerraformElement(new Construct(scope, PROBE), PROBE);
    } catch (error) {
      if (error instanceof TypeError) throw new Error(`[${scope.node.path}] ${describeFault(OTHER_VERSION_FAULT)}`);
    } finally {
      scope.node.tryRemoveChild(PROBE);
    }
    return true;
  });
}

const OTHER_VERSION_FAULT: Fault = {
  what: "the program has another version of constructs than this library, which cannot add to it",
  allowed: "one version of constructs for the whole program",
  fix: "See with `npm ls constructs` who brings which, and install again with one",
};
