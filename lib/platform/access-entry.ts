import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { KvEntry } from "../jetstream";
import { declare } from "../program/declaration";

/** What an access document is and where it goes. */
export interface AccessEntryProps {
  /** The key in the platform's bucket: `access.users.prod-convex`. */
  readonly key: string;
  /** The key that the state address is made of. */
  readonly address: string;
  /** The bucket's name. */
  readonly bucket: string;
  /** The addresses of what must be there first: of the bucket, where its stack is the same. */
  readonly before: () => string[];
  readonly provider: TerraformProvider | undefined;
  /** The document; asked for when the program is complete. */
  readonly document: () => string;
}

/** A document in the platform's bucket that says who may do what, so that a plan shows each change of a permission. */
export class AccessEntry extends KvEntry {
  private readonly document: () => string;
  private readonly before: () => string[];

  public constructor(
    scope: Construct,
    id: string,
    { key, address, bucket, before, provider, document }: AccessEntryProps,
  ) {
    super(scope, id, { bucket, key, value: "", provider });
    this.document = document;
    this.before = before;
    declare(this, { document });
    this.overrideLogicalId(`${bucket}_${address.replace(/\./g, "_")}`);
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    this.complete();
    return super.synthesizeAttributes();
  }

  protected override synthesizeHclAttributes(): { [name: string]: unknown } {
    this.complete();
    return super.synthesizeHclAttributes();
  }

  private complete(): void {
    const before = this.before();
    this.value = this.document();
    this.dependsOn = before.length > 0 ? before : undefined;
  }
}
