import type { App } from "cdktf";
import type { IConstruct } from "constructs";
import type { RetiredModel } from "../access/models";
import type { Fault, Problem } from "../problems/fault";

/** What is wrong with something that needs a `removed` block, in a program that cdktf writes as HCL, where it has none. */
export function hclFault(construct: IConstruct, what: string, value?: string): Fault | undefined {
  if ((construct.node.root as Partial<App>).hclOutput !== true) return undefined;
  return {
    what: `${what} needs a \`removed\` block, which cdktf cannot write as HCL: Terraform would destroy the data`,
    value,
    allowed: "JSON, which cdktf writes unless it is told otherwise",
    fix: "Leave hclOutput of the App (SYNTH_HCL_OUTPUT) out",
  };
}

/** What is wrong with keeping the data of what is retired. It is said once, for what is retired at first. */
export function hclProblems(root: IConstruct, retired: readonly RetiredModel[]): Problem[] {
  const first = retired.find(({ data }) => data === "keep");
  const fault = first && hclFault(root, "retired: RetiredData.KEEP", first.name);
  return fault ? [{ path: first.source, ...fault }] : [];
}
