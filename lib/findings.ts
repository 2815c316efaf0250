import { Annotations } from "cdktf";
import type { IConstruct } from "constructs";
import type { CatalogFinding } from "./catalog/catalog";
import { evaluate, UNUSED_ACKNOWLEDGEMENT } from "./finding-rules/evaluate";
import type { Acknowledgement } from "./finding-rules/finding";
import { RULES } from "./finding-rules/rules";
import { Program } from "./problems/program";

const IDS = [...RULES.map(({ id }) => id), UNUSED_ACKNOWLEDGEMENT];

/** What is said about the findings of one program. */
class ProgramFindings {
  private static readonly programs = new WeakMap<IConstruct, ProgramFindings>();

  public static of(construct: IConstruct): ProgramFindings {
    const root = construct.node.root;
    const findings = ProgramFindings.programs.get(root) ?? new ProgramFindings();
    ProgramFindings.programs.set(root, findings);
    return findings;
  }

  public readonly acknowledgements: Acknowledgement[] = [];
  public readonly announced = new Set<string>();
}

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
    return new Findings(construct);
  }

  /** @internal what is found in a program, with the acknowledgements */
  public static _evaluate(root: IConstruct, catalog: Parameters<typeof evaluate>[0]): CatalogFinding[] {
    return evaluate(catalog, ProgramFindings.of(root).acknowledgements);
  }

  /** @internal makes findings annotations and problems of the constructs that they are about */
  public static _announce(root: IConstruct, findings: readonly CatalogFinding[]): void {
    const { announced } = ProgramFindings.of(root);
    const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
    const constructs = new Map(root.node.findAll().map((construct) => [construct.node.path, construct]));
    for (const { id, level, message, source } of open) {
      const construct = constructs.get(source) ?? root;
      if (level === "error") Program.of(root).report(construct, errorOf(id, message));
      if (level === "error" || announced.has(`${id} ${source} ${message}`)) continue;
      announced.add(`${id} ${source} ${message}`);
      Annotations.of(construct).addWarning(`${id}: ${message}`);
    }
  }

  private constructor(private readonly construct: IConstruct) {}

  /**
   * Says that a finding is all right. The reason is part of the report.
   *
   * @param id the finding's id: `NP002`
   * @param reason why it is all right
   */
  public acknowledge(id: string, reason: string): void {
    const { construct } = this;
    const program = Program.of(construct);
    program.report(
      construct,
      IDS.includes(id)
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
    ProgramFindings.of(construct).acknowledgements.push({ id, source: construct.node.path, reason });
    program.changed();
  }
}

function errorOf(id: string, what: string) {
  const title = RULES.find((rule) => rule.id === id)?.title ?? "";
  return {
    what: `${id}: ${what}`,
    allowed: `programs without the finding "${title}"`,
    fix: `See docs/findings/${id}.md, or Findings.of(construct).acknowledge("${id}", "…") if it is all right`,
  };
}
