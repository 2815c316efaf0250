import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

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
    return { import: [{ to: this.to, id: this.importId }] };
  }

  public override toHclTerraform(): object {
    const value = (text: string, storageClassType: string) => ({ value: text, type: "simple", storageClassType });
    return { import: [{ to: value(this.to, "reference"), id: value(this.importId, "string") }] };
  }
}

/**
 * A Terraform `removed` block: whatever the state has under an address is forgotten and not destroyed. cdktf has no
 * construct for it and cannot write it as HCL.
 */
export class RemovedBlock extends TerraformElement {
  public constructor(
    scope: Construct,
    private readonly from: string,
  ) {
    super(scope as never, "Removed");
  }

  public override toTerraform(): object {
    return { removed: [{ from: this.from, lifecycle: { destroy: false } }] };
  }
}
