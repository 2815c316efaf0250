import { TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { attached } from "../problems/attached";
import type { Fault } from "../problems/fault";
import { Program } from "../problems/program";

/**
 * Lets `cdktf deploy` apply the stack of what is needed before that of who needs it, if both are of one program. Stacks that
 * need each other are refused, each pair once: neither could be applied first.
 */
export function comesAfter(construct: Construct, needed: IConstruct): void {
  const [home, stack] = [TerraformStack.of(needed), TerraformStack.of(construct)];
  if (home === stack || home.node.root !== stack.node.root) return;
  if (!home.dependsOn(stack)) {
    stack.addDependency(home);
    return;
  }
  const told = attached(stack, "circles", () => new Set<TerraformStack>());
  if (!told.has(home)) Program.of(construct).report(construct, circleFault(home, stack));
  told.add(home);
}

const circleFault = (home: TerraformStack, stack: TerraformStack): Fault => ({
  what: `the stack [${home.node.path}] is to be applied before that of the construct, which it needs itself`,
  value: stack.node.path,
  allowed:
    "stacks of which one can be applied before the other: an app has entries in its platform's bucket, and consumers on its streams",
  fix: "Declare the platforms in a stack of their own, or the app in the stack of its platform",
});
