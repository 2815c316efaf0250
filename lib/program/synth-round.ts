import { type ISynthesisSession, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct, type IConstruct } from "constructs";
import { programFiles } from "../files/program-files";
import { replaceFiles } from "../files/replace-files";
import { tellSummary } from "../files/synth-summary";
import { attached } from "../problems/attached";
import { describeProblems } from "../problems/fault";
import { lateChanges } from "./late-changes";
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
  private ending: TerraformStack | undefined;

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
   * @throws with the last stack, if something was changed that is in a stack that is written already
   */
  public write(stack: TerraformStack, session: ISynthesisSession): void {
    if (this.stacks.has(stack)) this.restart();
    this.stacks.add(stack);
    this.writeProgram(session);
    const last = this.program.allStacks().at(-1) ?? stack;
    if (this.ending === last) return;
    if (last === stack) {
      this.end(last, session);
    } else {
      this.ending = last;
      const end = new Construct(last, "NatsPlatformEnd");
      addCustomSynthesis(end as never, { onSynthesize: (ended) => this.end(last, ended) });
    }
  }

  /** Ends with the last stack of the App, which may have nothing of the library in it, but Aspects that change others. */
  private end(last: TerraformStack, session: ISynthesisSession): void {
    const earlier = [...this.stacks].filter((stack) => stack !== last);
    const late = earlier.flatMap((stack) => lateChanges(stack, session));
    const written = earlier.map(({ node }) => node.path);
    if (late.length > 0) throw new Error(describeProblems(late, written));
    this.writeProgram(session);
  }

  private writeProgram(session: ISynthesisSession): void {
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
}
