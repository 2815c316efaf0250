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
    id: string,
    private readonly to: string,
    private readonly importId: string,
  ) {
    super(scope as never, id);
  }

  public override toTerraform(): object {
    return { import: [{ to: this.to, id: this.importId }] };
  }

  public override toHclTerraform(): object {
    const value = (text: string, storageClassType: string) => ({ value: text, type: "simple", storageClassType });
    return { import: [{ to: value(this.to, "reference"), id: value(this.importId, "string") }] };
  }
}
