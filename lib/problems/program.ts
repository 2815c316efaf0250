import { TerraformElement, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { describeProblems, type Fault, type Problem } from "./fault";

/** Something that only one construct of a program may have; the value is what the message calls it. */
export type ClaimKind =
  | "platform"
  | "app"
  | "account"
  | "user"
  | "nkey"
  | "server variable"
  | "resource"
  | "consumer"
  | "Litestream replica";

/**
 * What the constructs of one program know of each other: the problems found so far and the names that are taken.
 *
 * A constructor never throws for bad input. It reports here, and the first stack that is prepared for synthesis refuses
 * the whole program with all problems in one error, before anything is written.
 */
export class Program {
  private static readonly programs = new WeakMap<IConstruct, Program>();

  /** The program that a construct belongs to: the tree under one root. */
  public static of(construct: IConstruct): Program {
    const root = construct.node.root;
    let program = Program.programs.get(root);
    if (!program) {
      program = new Program();
      Program.programs.set(root, program);
    }
    return program;
  }

  private readonly problems: Problem[] = [];
  private readonly claims = new Map<ClaimKind, Map<string, IConstruct>>();
  private readonly duplicates = new Set<IConstruct>();
  private readonly checks: Array<() => void> = [];
  private valid = -1;
  private changes = 0;
  private readonly guarded = new WeakSet<TerraformStack>();

  /** Makes the stack of `construct` refuse to synthesize while the program has problems. */
  public guard(construct: IConstruct): void {
    const stack = TerraformStack.of(construct);
    if (this.guarded.has(stack)) return;
    this.guarded.add(stack);
    new SynthGuard(construct, this);
  }

  /** Records what is wrong at a construct; `undefined` records nothing. */
  public report(construct: IConstruct, ...faults: readonly (Fault | undefined)[]): void {
    for (const fault of faults) {
      if (!fault) continue;
      this.add([{ path: construct.node.path, ...fault }]);
    }
  }

  /** Records problems that name their construct themselves. */
  public add(problems: readonly Problem[]): void {
    this.problems.push(...problems);
    this.changed();
  }

  /** Counts the changes of the program, so that what follows from it can be kept until the next one. */
  public get revision(): number {
    return this.changes;
  }

  /** Notes that a construct says something new. */
  public changed(): void {
    this.changes++;
  }

  /** Adds a check that can be made only when the program is complete; it reports what it finds. */
  public atSynth(check: () => void): void {
    this.checks.push(check);
    this.changed();
  }

  /**
   * Takes a name for a construct. If another construct has it, that is reported with both paths.
   *
   * @param fix what to do about it
   * @returns whether the name was free
   */
  public claim(kind: ClaimKind, name: string, construct: IConstruct, fix = "Rename one of the two"): boolean {
    const taken = this.claims.get(kind) ?? new Map<string, IConstruct>();
    const holder = taken.get(name);
    if (holder === undefined) {
      this.claims.set(kind, taken.set(name, construct));
      return true;
    }
    if (holder !== construct && !this.isDuplicate(construct)) {
      if (kind === "platform" || kind === "app") this.duplicates.add(construct);
      this.report(construct, {
        what: `${kind} name is already taken by [${holder.node.path}]`,
        value: name,
        allowed: `each ${kind} name once in a program, in whichever stack`,
        fix,
      });
    }
    return false;
  }

  /**
   * Whether a construct is, or is in, a platform or app whose name is taken. What it holds then has names that are taken
   * too, which is no news.
   */
  public isDuplicate(construct: IConstruct): boolean {
    return this.duplicates.size > 0 && construct.node.scopes.some((scope) => this.duplicates.has(scope));
  }

  /**
   * Refuses a program with problems.
   *
   * @throws one error with all problems
   */
  public assertValid(): void {
    if (this.valid === this.changes) return;
    const complete = this.problems.length;
    for (const check of this.checks) check();
    const found = this.problems.slice();
    this.problems.length = complete;
    if (found.length > 0) throw new Error(describeProblems(found));
    this.valid = this.changes;
  }
}

/**
 * Emits nothing; being asked to is the earliest moment at which the program is complete. cdktf asks every element
 * before it validates or writes the first stack, and `Testing.synth`, which skips validations, asks too.
 */
class SynthGuard extends TerraformElement {
  public constructor(
    scope: IConstruct,
    private readonly program: Program,
  ) {
    super(scope as never, "NatsPlatformGuard");
  }

  public override toTerraform(): object {
    this.program.assertValid();
    return {};
  }

  public override toHclTerraform(): object {
    return this.toTerraform();
  }
}
