import { Annotations, TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { CatalogFinding } from "../catalog/catalog";
import { inOrder } from "../collections/order";
import { assertConstruct, checkedArguments } from "../problems/checked-props";
import type { Problem } from "../problems/fault";
import { assertMade } from "../problems/made-by";
import { Program } from "../problems/program";
import { atConstruct, refuseSurplus } from "../problems/surplus";
import { visible } from "../problems/visible";
import { evaluate, UNUSED_ACKNOWLEDGEMENT } from "./evaluate";
import type { Acknowledgement } from "./finding";
import { RULES } from "./rules";

const IDS = [...RULES.map(({ id }) => id), UNUSED_ACKNOWLEDGEMENT].sort(inOrder);

/** The type of the metadata of a construct that holds an acknowledgement. */
const ACKNOWLEDGEMENT = "cdktf-nats-platform:acknowledgement";

/**
 * What a program's author should know about its accounts, users and streams: each finding has a stable id (`NP001`) and a
 * page in `docs/findings`. Findings are warnings of the constructs that they are about, and part of the report; those
 * that are errors stop the synth.
 */
export class Findings {
  /**
   * The findings about a construct, and about all inside of it.
   *
   * @param construct the construct
   */
  public static of(construct: IConstruct): Findings {
    assertConstruct("what Findings is asked of", construct, "a construct of the program");
    return new Findings(construct);
  }

  /** @internal what is found in a program, with the acknowledgements of its constructs */
  public static _evaluate(root: IConstruct, catalog: Parameters<typeof evaluate>[0]): CatalogFinding[] {
    const metadata = root.node.findAll().flatMap((construct) => construct.node.metadata);
    const acknowledgements = metadata.flatMap(({ type, data }) => (type === ACKNOWLEDGEMENT ? [data] : []));
    return evaluate(catalog, acknowledgements);
  }

  /** @internal the findings that stop the synth */
  public static _problems(findings: readonly CatalogFinding[]): Problem[] {
    return findings
      .filter(({ level, acknowledged }) => level === "error" && acknowledged === undefined)
      .map(({ id, message, source }) => ({ path: source, ...errorOf(id, message) }));
  }

  /** @internal makes findings annotations of the constructs of a stack that they are about, each once */
  public static _announce(stack: TerraformStack, findings: readonly CatalogFinding[]): void {
    for (const { id, level, message, source, acknowledged } of findings) {
      if (level === "error" || acknowledged !== undefined) continue;
      const construct = source === "" ? stack : find(stack.node.root, source);
      const home = construct.node.scopes.reverse().find(TerraformStack.isStack) ?? stack;
      if (home !== stack) continue;
      const text = visible(`${id}: ${message}`);
      if (construct.node.metadata.some(({ data }) => data === text)) continue;
      Annotations.of(construct).addWarning(text);
    }
  }

  private constructor(
    /** @internal */
    public readonly _construct: IConstruct,
  ) {
    assertMade("Findings", () => Construct.isConstruct(_construct));
  }

  /**
   * Says that a finding is all right. The reason is part of the report.
   *
   * @param id the finding's id: `NP002`
   * @param reason why it is all right
   */
  public acknowledge(id: string, reason: string): void {
    const construct = this._construct;
    const program = Program.of(construct);
    const given = id;
    [id, reason] = checkedArguments(construct, "Findings.acknowledge", [id, reason] as const);
    program.report(
      construct,
      id !== given || IDS.includes(id)
        ? undefined
        : { what: "finding is not known", value: id, allowed: IDS.join(", "), fix: "Use the id that the report has" },
      reason.trim() === ""
        ? {
            what: `${id} is acknowledged without a reason`,
            allowed: "a reason in words",
            fix: "Say why it is all right",
          }
        : undefined,
    );
    construct.node.addMetadata(ACKNOWLEDGEMENT, { id, source: construct.node.path, reason } satisfies Acknowledgement);
    program.changed();
  }
}

refuseSurplus(Findings.prototype, "Findings", (findings) => atConstruct((findings as Findings)._construct));
refuseSurplus(Findings, "Findings", (_, __, [construct]) => atConstruct(construct));

/** The construct at a path. */
function find(root: IConstruct, path: string): IConstruct {
  return path.split("/").reduce((scope, id) => scope.node.findChild(id), root);
}

function errorOf(id: string, what: string) {
  const title = RULES.find((rule) => rule.id === id)?.title ?? "";
  return {
    what: `${id}: ${what}`,
    allowed: `programs without the finding "${title}"`,
    fix: `See docs/findings/${id}.md, or Findings.of(construct).acknowledge("${id}", "…") if it is all right`,
  };
}
