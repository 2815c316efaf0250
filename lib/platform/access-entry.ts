import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { KeyedText } from "../documents/whole-stack";
import { KvEntry } from "../jetstream";
import type { Fault } from "../problems/fault";
import { declare } from "../program/declaration";
import { isOverridden, isTakenOut } from "../storage/resource-attributes";
import { own } from "../tokens/own-elements";
import { terraformText } from "../tokens/terraform-text";

/** What an access document is and where it goes. */
export interface AccessEntryProps {
  /** The key in the bucket: `access.users.prod-convex`. */
  readonly key: string;
  /** The key that the state address is made of. */
  readonly address: string;
  /** The bucket's name. */
  readonly bucket: string;
  /** The addresses of what must be there first, as far as the stack has it: of the bucket, and of the one of the app. */
  readonly before: () => string[];
  readonly provider: TerraformProvider | undefined;
  /** The document; asked for when the program is complete. */
  readonly document: () => string;
}

/** A document in the platform's bucket that says who may do what, so that a plan shows each change of a permission. */
export class AccessEntry extends KvEntry {
  private readonly documentKey: string;
  private readonly document: () => string;
  private readonly before: () => string[];

  public constructor(
    scope: Construct,
    id: string,
    { key, address, bucket, before, provider, document }: AccessEntryProps,
  ) {
    super(scope, id, { bucket, key, value: "", provider });
    own(this);
    this.documentKey = key;
    this.document = document;
    this.before = before;
    declare(this, {
      document,
      documentEntry: () => ({ faults: this.faults({ bucket, key, provider }), source: this.node.path }),
    });
    this.overrideLogicalId(`${bucket}_${address.replace(/[^\w-]/g, "_")}`);
  }

  /** The document with its key. */
  public keyedText(): KeyedText {
    return { key: this.documentKey, text: this.document() };
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    this.complete();
    return super.synthesizeAttributes();
  }

  protected override synthesizeHclAttributes(): { [name: string]: unknown } {
    this.complete();
    return super.synthesizeHclAttributes();
  }

  /** What is wrong with what was set on the resource: a plan would no longer show what somebody may do. */
  private faults({ bucket, key, provider }: Pick<AccessEntryProps, "bucket" | "key" | "provider">): Fault[] {
    const { bucketInput, keyInput, lifecycle, count, forEach } = this;
    const isSet = lifecycle?.ignoreChanges !== undefined || count !== undefined || forEach !== undefined;
    const isElsewhere = this.provider !== provider || isTakenOut(this);
    if (!isSet && !isElsewhere && bucketInput === bucket && keyInput === key && !isOverridden(this)) return [];
    return [
      {
        what: "an access document is changed by an Aspect or an override",
        value: key,
        allowed: "the entry as the library makes it: a plan shows by it what users may do",
        fix: "Remove the Aspect or override, or set accessEntries to false",
      },
    ];
  }

  private complete(): void {
    const before = this.before();
    this.value = terraformText(this.document());
    this.dependsOn = before.length > 0 ? before : undefined;
  }
}
