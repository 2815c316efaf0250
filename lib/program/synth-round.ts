import { type ISynthesisSession, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct, type IConstruct } from "constructs";
import { programFiles } from "../files/program-files";
import { replaceFiles } from "../files/replace-files";
import { tellSummary } from "../files/synth-summary";
import { attached } from "../problems/attached";
import { describeProblems } from "../problems/fault";
import { lateChanges, type Snapshot, snapshotOf } from "./late-changes";
import { type AccountsFileModel, ProgramAccounts } from "./program-accounts";

/** The construct that looks at what comes late. */
const END = "NatsPlatformEnd";

/** Stands for the reading of a program whose files are not written yet. */
const UNWRITTEN = -1;

const NOTHING: Snapshot = new Map();

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

  /** What has been written, in this order. */
  private readonly stacks = new Map<TerraformStack, Snapshot>();
  private session: ISynthesisSession | undefined;
  private filesFrom = UNWRITTEN;

  private constructor(
    private readonly root: IConstruct,
    private readonly program: ProgramAccounts,
  ) {}

  /** The paths of the stacks that are written already, which a refusal leaves as they are. */
  public get written(): string[] {
    return [...this.stacks.keys()].map(({ node }) => node.path);
  }

  /**
   * Writes what belongs to a stack, whose Aspects have been called. (cdktf asks twice for a stack that is in another one.)
   *
   * @throws with the last stack, if something was changed that is in a stack that is written already
   */
  public write(stack: TerraformStack, session: ISynthesisSession): void {
    if (session !== this.session) this.begin(session);
    const last = this.lastStacks();
    this.stacks.set(stack, last.length === 1 && last[0] === stack ? NOTHING : snapshotOf(stack));
    if (this.filesFrom === UNWRITTEN) this.writeProgram(stack, session);
    for (const each of last) if (each !== stack) this.endWith(each);
  }

  private begin(session: ISynthesisSession): void {
    this.session = session;
    this.stacks.clear();
    this.filesFrom = UNWRITTEN;
  }

  /** The stack that cdktf writes last: the last one of the App, or one that is in that. */
  private lastStacks(): TerraformStack[] {
    const outermost = this.root.node.children.filter(TerraformStack.isStack).at(-1);
    return [...new Set([this.program.allStacks().at(-1), outermost])].filter((each) => each !== undefined);
  }

  /** Looks at all stacks before the last one is written, which may have nothing of the library in it, but Aspects. */
  private endWith(last: TerraformStack): void {
    if (last.node.tryFindChild(END)) return;
    addCustomSynthesis(new Construct(last, END) as never, { onSynthesize: (session) => this.end(last, session) });
  }

  private end(last: TerraformStack, session: ISynthesisSession): void {
    if (session !== this.session) return;
    this.assertUnchanged(last);
    this.writeProgram(last, session);
  }

  /** Refuses changes of stacks that are written already; that of now is not yet. */
  private assertUnchanged(writing: TerraformStack): void {
    const earlier = [...this.stacks].filter(([stack]) => stack !== writing);
    const late = earlier.flatMap(([stack, before]) => lateChanges(stack, before));
    const written = earlier.map(([{ node }]) => node.path);
    if (late.length > 0) throw new Error(describeProblems(late, written));
  }

  private writeProgram(writing: TerraformStack, session: ISynthesisSession): void {
    const file = this.program.file();
    if (this.filesFrom === this.program.reading) return;
    if (file && !this.stacks.has(TerraformStack.of(file.construct))) return;
    this.assertUnchanged(writing);
    if (file) this.writeFiles(file, session);
    else replaceFiles(session.outdir, this.folders(session), new Map());
    this.filesFrom = this.program.reading;
  }

  /** The folders of all stacks of the program, also of those that have nothing to do with NATS. */
  private folders({ manifest }: ISynthesisSession): string[] {
    const stacks = this.root.node.findAll().filter(TerraformStack.isStack);
    return stacks.map((stack) => manifest.forStack(stack).workingDirectory);
  }

  private writeFiles(file: AccountsFileModel, session: ISynthesisSession): void {
    const { manifest, outdir } = session;
    const first = this.filesFrom === UNWRITTEN;
    const { findings } = this.program.catalog();
    const files = programFiles(manifest.forStack(TerraformStack.of(file.construct)).workingDirectory, {
      accounts: this.program.fileAccounts(),
      helmValues: file.helmValues,
      catalog: file.reports ? this.program.catalog() : undefined,
    });
    replaceFiles(outdir, this.folders(session), files);
    if (first) tellSummary(outdir, [...files.keys()], findings);
  }
}
