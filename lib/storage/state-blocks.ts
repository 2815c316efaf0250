import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { inOrder } from "../collections/order";
import { attached } from "../problems/attached";
import type { Fault } from "../problems/fault";
import { Program, problemsOf } from "../problems/program";
import { ProgramAccounts } from "../program/program-accounts";
import { literal } from "../tokens/literal";
import { overridesOf } from "../tokens/overrides";
import { own } from "../tokens/own-elements";

/**
 * A Terraform `import` block.
 *
 * cdktf's own `importFrom` starts `terraform version` once for every resource; this writes the same block without it.
 */
export class ImportBlock extends TerraformElement {
  public constructor(
    scope: Construct,
    private readonly to: string,
    private readonly importId: string,
  ) {
    super(scope as never, "Import");
    own(this);
    const stack = TerraformStack.of(this);
    Program.of(this).keep(this);
    Program.of(this).atSynth(() => problemsOf(this, [overrideFault("import", overridesOf(stack).import)]));
  }

  public override toTerraform(): object {
    return literal(this, { import: [{ to: this.to, id: this.importId }] });
  }

  public override toHclTerraform(): object {
    const value = (text: string, storageClassType: string) => ({ value: text, type: "simple", storageClassType });
    return { import: [{ to: value(this.to, "reference"), id: value(this.importId, "string") }] };
  }
}

/**
 * The Terraform `removed` blocks of a stack: whatever the state has under their addresses is forgotten and not destroyed,
 * unless it is retired in this stack and its data is to be deleted. These are the addresses of what is retired, those that a
 * bucket of the stack may have had in its other shape, and those of all other stacks of the program: what is moved to another
 * stack is taken in there, and must not be destroyed here, in whichever order they are applied.
 *
 * cdktf has no construct for them and cannot write them as HCL. One element writes all, because cdktf copies a list each
 * time that an element adds to it.
 */
export class RemovedBlocks extends TerraformElement {
  /**
   * Adds a block to the stack of a construct.
   *
   * @param destroy whether what the stack's state has there is destroyed
   */
  public static add(construct: Construct, address: string, destroy = false): void {
    const blocks = RemovedBlocks.in(TerraformStack.of(construct));
    blocks.addresses.push(address);
    if (destroy) blocks.destroyed.add(address);
  }

  /** The blocks of a stack, also of one that has nothing of the library any more. */
  public static in(stack: TerraformStack): RemovedBlocks {
    return attached(stack, "removed", () => new RemovedBlocks(stack));
  }

  private readonly addresses: string[] = [];
  private readonly destroyed = new Set<string>();
  private readonly all: RemovedBlocks[];

  private constructor(private readonly stack: TerraformStack) {
    super(stack, "NatsPlatformRemoved");
    own(this);
    this.all = attached(stack.node.root, "removedBlocks", () => []);
    this.all.push(this);
    Program.of(this).keep(this);
    Program.of(this).atSynth(() => problemsOf(stack, [overrideFault("removed", overridesOf(stack).removed)]));
  }

  public override toTerraform(): object {
    const beside = this.all.length > 1 ? ProgramAccounts.of(this.stack).addressesBeside(this.stack) : [];
    const addresses = [...new Set([...this.all.flatMap((each) => each.addresses), ...beside])].sort(inOrder);
    return literal(this, {
      removed: addresses.map((from) => ({ from, lifecycle: { destroy: this.destroyed.has(from) } })),
    });
  }
}

/** What is wrong with an override of a stack that writes other blocks in place of these; a list is added to them. */
function overrideFault(blocks: "import" | "removed", value: unknown): Fault | undefined {
  if (value === undefined || Array.isArray(value)) return undefined;
  return {
    what: `an override of the stack changes its ${blocks} blocks`,
    value,
    allowed:
      "the blocks as the library makes them: by them Terraform takes in what is there, and lets go of what is moved or kept",
    fix: "Remove the override",
  };
}
