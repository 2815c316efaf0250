import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** What overrides set, by the names of Terraform; cdktf has no public member for it. */
export interface Overrides {
  readonly [name: string]: unknown;
}

/** What overrides of an element or a stack set. */
export const overridesOf = (construct: IConstruct): Overrides =>
  (construct as unknown as { readonly rawOverrides: Overrides }).rawOverrides;

/** What overrides of the stack that a construct is in set, for all that is in it. */
export const stackOverridesOf = (construct: IConstruct): Overrides => overridesOf(TerraformStack.of(construct));
