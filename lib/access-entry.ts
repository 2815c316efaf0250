import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { KvEntry } from "./jetstream";

/** What an access document is and where it goes. */
export interface AccessEntryProps {
  /** The key in the platform's bucket: `access.users.prod-convex`. */
  readonly key: string;
  /** The key that the state address is made of. */
  readonly address: string;
  /** The bucket's name. */
  readonly bucketName: string;
  /** The bucket as Terraform is to find it: a reference in its own stack, the name elsewhere. */
  readonly bucket: string;
  readonly provider: TerraformProvider | undefined;
  /** The document; asked for when the program is complete. */
  readonly document: () => string;
}

/** A document in the platform's bucket that says who may do what, so that a plan shows each change of a permission. */
export class AccessEntry extends KvEntry {
  private readonly document: () => string;

  public constructor(
    scope: Construct,
    id: string,
    { key, address, bucketName, bucket, provider, document }: AccessEntryProps,
  ) {
    super(scope, id, { bucket, key, value: "", provider });
    this.document = document;
    this.overrideLogicalId(`${bucketName}_${address.replace(/\./g, "_")}`);
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    this.value = this.document();
    return super.synthesizeAttributes();
  }

  protected override synthesizeHclAttributes(): { [name: string]: unknown } {
    this.value = this.document();
    return super.synthesizeHclAttributes();
  }
}
