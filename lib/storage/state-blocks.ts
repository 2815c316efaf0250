import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { inOrder } from "../collections/order";
import { attached } from "../problems/attached";
import { literal } from "../tokens/literal";

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
  }

  public override toTerraform(): object {
    return literal({ import: [{ to: this.to, id: this.importId }] });
  }

  public override toHclTerraform(): object {
    const value = (text: string, storageClassType: string) => ({ value: text, type: "simple", storageClassType });
    return { import: [{ to: value(this.to, "reference"), id: value(this.importId, "string") }] };
  }
}

/**
 * The Terraform `removed` blocks of a stack: whatever the state has under their addresses is forgotten and not destroyed.
 * cdktf has no construct for them and cannot write them as HCL. One element writes all, because cdktf copies a list each
 * time that an element adds to it.
 */
export class RemovedBlocks extends TerraformElement {
  /** Adds a block to the stack of a construct. */
  public static add(construct: Construct, address: string): void {
    const stack = TerraformStack.of(construct);
    attached(stack, "removed", () => new RemovedBlocks(stack)).addresses.push(address);
  }

  private readonly addresses: string[] = [];

  private constructor(stack: TerraformStack) {
    super(stack, "NatsPlatformRemoved");
  }

  public override toTerraform(): object {
    return literal({
      removed: [...this.addresses].sort(inOrder).map((from) => ({ from, lifecycle: { destroy: false } })),
    });
  }
}
