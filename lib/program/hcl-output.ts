import { type App, TerraformElement, TerraformStack, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";
import type { RetiredModel } from "../access/models";
import type { Fault, Problem } from "../problems/fault";
import { problemsOf } from "../problems/program";
import { overridesOf } from "../tokens/overrides";
import { isOfJetStream } from "./stack-addresses";

/** Whether cdktf writes a stack in Terraform's own language. */
export const isHcl = (stack: TerraformStack): boolean =>
  (stack.synthesizer as { readonly hclOutput?: boolean }).hclOutput === true;

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

/** What is wrong with a program that cdktf writes as HCL. Keeping data is said once, for what is retired at first. */
export function hclProblems(root: IConstruct, retired: readonly RetiredModel[]): Problem[] {
  const first = retired.find(({ data }) => data === "keep");
  const fault = first && hclFault(root, "retired: RetiredData.KEEP", first.name);
  const stacks = root.node.findAll().filter(TerraformStack.isStack).filter(isHcl);
  return [...(fault ? [{ path: first.source, ...fault }] : []), ...stacks.flatMap(stackProblems)];
}

/** What cdktf writes of the overrides of a stack. */
const WRITTEN = "terraform";

function stackProblems(stack: TerraformStack): Problem[] {
  const lost = Object.keys(overridesOf(stack)).filter((name) => name !== WRITTEN);
  const elements = stack.node.findAll().filter(TerraformElement.isTerraformElement);
  return [
    ...problemsOf(stack, lost.map(lostFault)),
    ...elements
      .filter((element) => element.cdktfStack === stack && isOfJetStream(element))
      .flatMap((element) => problemsOf(element, elementFaults(element))),
  ];
}

const lostFault = (value: string): Fault => ({
  what: "an override is lost, since cdktf does not write it as HCL",
  value,
  allowed: "overrides of whole attributes of a resource; in JSON, which cdktf writes unless it is told otherwise, all",
  fix: "Set the attribute itself, or leave hclOutput of the App (SYNTH_HCL_OUTPUT) out",
});

const blockFault = (value: string): Fault => ({
  what: "an override sets a block, which cdktf writes as an attribute in HCL, so that Terraform refuses it",
  value,
  allowed: "overrides of attributes; in JSON, which cdktf writes unless it is told otherwise, all",
  fix: "Set the block by the resource's own method, or leave hclOutput of the App (SYNTH_HCL_OUTPUT) out",
});

const LONG_FAULT: Fault = {
  what: "an expression on several lines is in an attribute, which cdktf cannot write as HCL",
  allowed: "expressions on one line; in JSON, which cdktf writes unless it is told otherwise, any",
  fix: "Write the expression on one line, or leave hclOutput of the App (SYNTH_HCL_OUTPUT) out",
};

/** What cdktf says of an attribute, beside its value. */
const DESCRIPTION = ["value", "isBlock", "type", "storageClassType", "dynamic"];

function elementFaults(element: TerraformElement): Fault[] {
  const written: object = element.toHclTerraform();
  return [
    ...(hasLineEnd(written) ? [LONG_FAULT] : []),
    ...Object.entries(overridesOf(element)).flatMap(([name, value]) =>
      hasLost(written, name) ? lostFault(name) : isBlock(name, value) ? blockFault(name) : [],
    ),
  ];
}

function hasLineEnd(part: unknown): boolean {
  if (typeof part === "string") return /[\r\n]/.test(part);
  if (typeof part !== "object" || part === null) return false;
  return Object.entries(part).some(([name, each]) => name !== "//" && hasLineEnd(each));
}

/** What are blocks to Terraform, as far as cdktf does not write them as such in any case. */
const BLOCKS = ["mirror", "source", "subject_transform", "tls", "provisioner", "connection"];

/** Whether an override brings a block, and not an expression in its place. */
function isBlock(name: string, value: unknown): boolean {
  const isPlain = (each: unknown) => typeof each === "object" && each !== null && !Tokenization.isResolvable(each);
  return BLOCKS.includes(name) && [value].flat().some(isPlain);
}

/** Whether something was set in an attribute that cdktf writes by its value only. */
function hasLost(part: unknown, attribute: string): boolean {
  if (typeof part !== "object" || part === null) return false;
  const found: unknown = Reflect.get(part, attribute);
  if (typeof found === "object" && found !== null && Object.hasOwn(found, "isBlock"))
    return Object.keys(found).some((name) => !DESCRIPTION.includes(name));
  return Object.values(part).some((each) => hasLost(each, attribute));
}
