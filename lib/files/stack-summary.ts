import { TerraformStack, Testing } from "cdktf";
import { by } from "../collections/order";
import { mayHaveAccessDocuments } from "../naming/names";
import { assertConstruct } from "../problems/checked-props";
import { assertMade } from "../problems/made-by";
import { atConstruct, refuseSurplus } from "../problems/surplus";

interface Attributes {
  readonly [name: string]: unknown;
}

/** Attributes that say nothing about what a resource is on the server. */
const LEFT_OUT = ["name", "provider", "//"];

function describe(value: unknown): string {
  if (Array.isArray(value)) return value.map(describe).join(" ");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

const isAccessKey = (bucket: string, key: string) =>
  mayHaveAccessDocuments(bucket) && /^access\.(users|accounts)\./.test(key);

/** Whether an entry says no more than that all others are there, by a digest of their texts. */
const isStackKey = (bucket: string, key: string) => mayHaveAccessDocuments(bucket) && key.startsWith("access.stacks.");

/** The access document that an entry holds; entries of the user's own may hold anything, under any key. */
function documentOf({ bucket, key, value }: Attributes): Attributes | undefined {
  if (!isAccessKey(String(bucket), String(key))) return undefined;
  try {
    const document: unknown = JSON.parse(String(value));
    return typeof document === "object" && document !== null && !Array.isArray(document)
      ? (document as Attributes)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Members of a document that say where something is declared, how it is written, or what others say. */
const NO_FACTS = ["version", "stack", "user", "source", "declaredBy", "about", "permissionSet"];

/** Members of a way between accounts that its words say already. */
const IN_WORDS = [...NO_FACTS, "account", "kind", "subject"];

function furtherText(what: unknown): string {
  if (typeof what === "string") return "";
  if (typeof what !== "object" || what === null) return ` ${describe(what)}`;
  const further = Object.entries(what).filter(([name]) => !IN_WORDS.includes(name));
  return further.length === 0 ? "" : ` ${describe(Object.fromEntries(further))}`;
}

function entryLines(document: Attributes): string[] {
  const members = Object.entries(document).filter(([name]) => !NO_FACTS.includes(name));
  return members.sort(by(([name]) => name)).flatMap(([name, content]) =>
    typeof content === "object" && content !== null
      ? Object.entries(content)
          .sort(by(([subject]) => subject))
          .map(([subject, what]) => `  ${name} ${subject}${furtherText(what)}`)
      : [`  ${name} ${describe(content)}`],
  );
}

function resourceLines(type: string, label: string, attributes: Attributes): string[] {
  const document = type === "jetstream_kv_entry" && documentOf(attributes);
  if (document) return [`${type}.${label}`, ...entryLines(document)];
  const lines = Object.entries(attributes)
    .filter(([name]) => !LEFT_OUT.includes(name))
    .map(([name, value]) => `  ${name} ${describe(value)}`);
  return [`${type}.${label}`, ...lines];
}

/** A stack as text that a person can review: for the snapshot tests of programs that use this library. */
export class StackSummary {
  /**
   * The JetStream resources of a stack with their attributes, and what each user may do, one fact a line. Sorted, and the
   * same wherever the constructs are declared; construct paths, reasons and the backend are left out.
   *
   * ```
   * expect(StackSummary.textOf(stack)).toMatchSnapshot();
   * ```
   *
   * @param stack the stack, complete
   * @throws if the program has problems, as synth does
   */
  public static textOf(stack: TerraformStack): string {
    assertConstruct("what StackSummary is asked of", stack, "a TerraformStack", TerraformStack.isStack);
    const { resource = {} } = JSON.parse(Testing.synth(stack)) as {
      resource?: { readonly [type: string]: { readonly [label: string]: Attributes } };
    };
    const lines = Object.entries(resource)
      .filter(([type]) => type.startsWith("jetstream_"))
      .flatMap(([type, resources]) =>
        Object.entries(resources)
          .filter(([, { bucket, key }]) => !isStackKey(String(bucket), String(key)))
          .sort(by(([label]) => label))
          .flatMap(([label, attributes]) => resourceLines(type, label, attributes)),
      );
    return `${lines.join("\n")}\n`;
  }

  private constructor() {
    assertMade("StackSummary", () => false);
  }
}

refuseSurplus(StackSummary, "StackSummary", (_, __, [stack]) => atConstruct(stack));
