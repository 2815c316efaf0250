import { type ISynthesisSession, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { programFiles } from "../files/program-files";
import { replaceFiles } from "../files/replace-files";
import { tellSummary } from "../files/synth-summary";
import { attached } from "../problems/attached";
import type { Fault, Problem } from "../problems/fault";
import { describeProblems } from "../problems/fault";
import { type AccountsFileModel, ProgramAccounts } from "./program-accounts";

/**
 * One synth of a program, in which cdktf writes stack by stack and calls the Aspects of each just before. The program's
 * files are written with their stack, and again if an Aspect of a later stack changes what is in them. What it changes in
 * a stack that is written already cannot be mended, so that it is refused.
 */
export class SynthRound {
  /** The synth of the program that a construct belongs to. */
  public static of(construct: IConstruct): SynthRound {
    return attached(
      construct.node.root,
      "round",
      () => new SynthRound(construct.node.root, ProgramAccounts.of(construct)),
    );
  }

  private readonly stacks = new Set<TerraformStack>();
  private filesFrom = -1;
  private grants = 0;

  private constructor(
    private readonly root: IConstruct,
    private readonly program: ProgramAccounts,
  ) {}

  /** The paths of the stacks that are written already, which a refusal leaves as they are. */
  public get written(): string[] {
    return [...this.stacks].map(({ node }) => node.path);
  }

  /**
   * Writes what belongs to a stack, whose Aspects have been called.
   *
   * @throws if something was changed that is in a stack that is written already
   */
  public write(stack: TerraformStack, session: ISynthesisSession): void {
    if (this.stacks.has(stack)) this.restart();
    const late = [...this.lateResources(stack), ...this.lateGrants(stack)];
    if (late.length > 0) throw new Error(describeProblems(late, this.written));
    this.stacks.add(stack);
    const file = this.program.file();
    if (this.filesFrom === this.program.reading) return;
    if (!file) {
      replaceFiles(session.outdir, this.folders(session), new Map());
      this.filesFrom = this.program.reading;
    } else if (this.stacks.has(TerraformStack.of(file.construct))) {
      this.writeFiles(file, session);
      this.filesFrom = this.program.reading;
    }
  }

  /** The folders of all stacks of the program, also of those that have nothing to do with NATS. */
  private folders({ manifest }: ISynthesisSession): string[] {
    const stacks = this.root.node.findAll().filter(TerraformStack.isStack);
    return stacks.map((stack) => manifest.forStack(stack).workingDirectory);
  }

  private writeFiles(file: AccountsFileModel, session: ISynthesisSession): void {
    const { manifest, outdir } = session;
    const first = this.filesFrom === -1;
    const { findings } = this.program.catalog();
    const files = programFiles(manifest.forStack(TerraformStack.of(file.construct)).workingDirectory, {
      accounts: this.program.fileAccounts(),
      helmValues: file.helmValues,
      catalog: file.reports ? this.program.catalog() : undefined,
    });
    replaceFiles(outdir, this.folders(session), files);
    if (first) tellSummary(outdir, [...files.keys()], findings);
  }

  private restart(): void {
    this.stacks.clear();
    this.filesFrom = -1;
  }

  private lateResources(stack: TerraformStack): Problem[] {
    const missing = this.program.stacks().filter((each) => each !== stack && !this.stacks.has(each));
    if (missing.length > 0) return [];
    const earlier = [...this.stacks];
    return earlier.flatMap((each) => this.program.readAgain(each)).map((path) => ({ path, ...LATE_RESOURCE_FAULT }));
  }

  private lateGrants(stack: TerraformStack): Problem[] {
    const { grants } = this.program;
    const late = this.stacks.size > 0 && grants !== this.grants;
    this.grants = grants;
    return late ? [{ path: stack.node.path, ...LATE_GRANTS_FAULT }] : [];
  }
}

const LATE_RESOURCE_FAULT: Fault = {
  what: "stream or bucket is changed by an Aspect of a stack that is written after its own",
  allowed: "an Aspect of its own stack, or of a construct in that",
  fix: "Add the Aspect to the stack of what it changes; cdktf calls no Aspects of the App",
};

const LATE_GRANTS_FAULT: Fault = {
  what: "Aspects of the stack declare what users may do, when access entries of another stack are written already",
  allowed: "declarations before app.synth(), or by Aspects of the first stack",
  fix: "Declare it in the program itself",
};
