import { App, type ISynthesisSession, Lazy, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { programFiles } from "../files/program-files";
import { replaceFiles } from "../files/replace-files";
import { tellSummary } from "../files/synth-summary";
import { attached, attachedTo } from "../problems/attached";
import { describeProblems, type Problem } from "../problems/fault";
import { Program } from "../problems/program";
import { textExpression } from "../tokens/hcl-text";
import { terraformText } from "../tokens/terraform-text";
import type { AccountsFileModel } from "./accounts-files";
import { isHcl } from "./hcl-output";
import { lateChanges, lateStack, lateText, type Snapshot, snapshotOf } from "./late-changes";
import { ProgramAccounts } from "./program-accounts";
import { whenWritten } from "./stack-synthesis";

/** What a stack has that has something of the library in it: it is read again when it is written. */
export const GUARD = "guard";

/** Stands for the reading of a program whose files are not written yet. */
const UNWRITTEN = -1;

const NOTHING: Snapshot = new Map();

/** A text of the whole program in an attribute of a stack. */
interface GivenText {
  readonly construct: IConstruct;
  readonly stack: TerraformStack;
  readonly name: string;
  readonly make: () => string;
  readonly text: string;
}

/**
 * One synth of a program, in which cdktf writes stack by stack and calls the Aspects of each just before. The program's
 * files are written with the last one, when nothing can be refused any more. What an Aspect changes in a stack that is
 * written already cannot be mended, so that it is refused.
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

  /** What attributes were given of the whole program, by stack and construct. */
  private readonly texts = new Map<string, GivenText>();

  /** The stacks that there are before any Aspect is called, and who has looked. */
  private planned: { readonly by: IConstruct; readonly stacks: readonly TerraformStack[] } | undefined;

  private session: ISynthesisSession | undefined;

  /** How often the end of the synth was asked for, by who asks. */
  private readonly ends = new Map<string, number>();

  private filesFrom = UNWRITTEN;

  /** What writes the files of the program, when nothing can be refused any more. */
  private due: (() => void) | undefined;

  private looking = false;

  private constructor(
    private readonly root: IConstruct,
    private readonly program: ProgramAccounts,
  ) {}

  /** Whether the JSON of a stack is asked for only to see what it is. */
  public get isLooking(): boolean {
    return this.looking;
  }

  /** The paths of the stacks that are written already, which a refusal leaves as they are. */
  public get written(): string[] {
    return [...this.stacks.keys()].map(({ node }) => node.path);
  }

  /**
   * Notes which stacks there are. cdktf prepares all of them before it calls an Aspect; it writes no others.
   *
   * @param by who is prepared: one looks for all
   */
  public prepare(by: IConstruct): void {
    if (this.isLooking || (this.planned && this.planned.by !== by)) return;
    const stacks = this.allStacks();
    this.planned = { by, stacks };
    this.texts.clear();
    const last = stacks.at(-1);
    if (last && !attachedTo(last, GUARD)) this.endWith(last);
  }

  /**
   * A text that is made of the whole program, for an attribute of any resource, also in an expression. It means itself to
   * Terraform.
   *
   * @param name what the text is
   */
  public text(construct: IConstruct, name: string, make: () => string): string {
    return Lazy.stringValue({
      produce: ({ scope, suppressBraces, preparing }) => {
        const [stack, text] = [TerraformStack.of(scope), make()];
        if (!this.isLooking && !preparing)
          this.texts.set(`${stack.node.path} ${name}`, { construct, stack, name, make, text });
        if (suppressBraces) return textExpression(text);
        return isHcl(stack) ? `\${${textExpression(text)}}` : terraformText(text);
      },
    });
  }

  /**
   * Writes what belongs to a stack, whose Aspects have been called. (cdktf asks twice for a stack that is in another one.)
   *
   * @throws with the last stack, if something was changed that is in a stack that is written already
   */
  public write(stack: TerraformStack, session: ISynthesisSession): void {
    if (session !== this.session) this.begin(session);
    const last = this.lastOf(stack);
    this.stacks.set(stack, stack === last ? NOTHING : this.look(() => snapshotOf(stack)));
    if (stack === last) this.end(stack, session, GUARD);
    else this.endWith(last);
  }

  private begin(session: ISynthesisSession): void {
    this.session = session;
    this.stacks.clear();
    this.ends.clear();
    this.due = undefined;
    if (!this.plan) this.texts.clear();
    this.filesFrom = UNWRITTEN;
  }

  /** The stack that is written last: of `Testing.fullSynth`, the only one. */
  private lastOf(stack: TerraformStack): TerraformStack {
    return this.plan?.at(-1) ?? stack;
  }

  /** The stacks that are written in this synth; undefined where one is written by itself. */
  private get plan(): readonly TerraformStack[] | undefined {
    return this.session && this.isWhole(this.session) ? this.planned?.stacks : undefined;
  }

  /** Whether all stacks are written in a synth. */
  private isWhole({ manifest }: ISynthesisSession): boolean {
    return App.isApp(this.root) && (this.root as App).manifest === manifest;
  }

  /**
   * Whether no Aspect is called any more. cdktf asks what is in a stack in other ones with each of those, too, and calls the
   * Aspects of the stack itself after that.
   *
   * @param by who asks: one that asks each time
   */
  private isFinal(last: TerraformStack, by: string): boolean {
    const count = (this.ends.get(by) ?? 0) + 1;
    this.ends.set(by, count);
    return !this.plan || count >= last.node.scopes.filter(TerraformStack.isStack).length;
  }

  private allStacks(): TerraformStack[] {
    return this.root.node.findAll().filter(TerraformStack.isStack);
  }

  /**
   * Looks at all stacks before the last one is written, which may have nothing of the library in it, but Aspects. The stack
   * itself is asked to, which no Aspect can take out.
   */
  private endWith(last: TerraformStack): void {
    attached(last, "end", () => {
      whenWritten(last, (session) => SynthRound.of(last).end(last, session, "end"));
      return true;
    });
  }

  private end(last: TerraformStack, session: ISynthesisSession, by: string): void {
    if (session !== this.session) {
      if (!this.isWhole(session)) return;
      this.begin(session);
    }
    if (this.plan && last !== this.plan.at(-1)) return;
    const written = this.written.filter((path) => path !== last.node.path);
    const stacks = this.allStacks();
    for (const stack of stacks) if (!attachedTo(stack, GUARD)) this.program.readAgain(stack);
    const late = this.look(() => this.lateProblems(last, stacks));
    if (late.length > 0) throw new Error(describeProblems(late, written));
    Program.of(this.root).assertValid(written);
    const files = this.program.files();
    if (!this.isFinal(last, by) || this.filesFrom === this.program.reading) return;
    this.due = () => {
      this.writeFiles(files, session, stacks);
      this.filesFrom = this.program.reading;
    };
    if (by !== GUARD) this.finish();
  }

  /**
   * Writes the program's files, if the last stack is about to be written. That is when cdktf asks it for its JSON: annotations
   * that are errors, and custom synthesis that fails, have ended the synth before.
   */
  public finish(): void {
    const { due } = this;
    this.due = undefined;
    due?.();
  }

  private look<T>(at: () => T): T {
    this.looking = true;
    try {
      return at();
    } finally {
      this.looking = false;
    }
  }

  /**
   * What is wrong with the stacks that are written already, and with those that never will be. A stack that another one is
   * in may not be written yet.
   */
  private lateProblems(writing: TerraformStack, stacks: readonly TerraformStack[]): Problem[] {
    const planned = new Set(this.plan ?? stacks);
    const around = new Set<IConstruct>(writing.node.scopes);
    const texts = [...this.texts.values()].filter(({ stack, make, text }) => !around.has(stack) && make() !== text);
    return [
      ...stacks.filter((each) => !planned.has(each)).map(lateStack),
      ...texts.map(({ construct, name, stack }) => lateText(construct, name, stack)),
      ...[...this.stacks].flatMap(([stack, before]) => (stack === writing ? [] : lateChanges(stack, before))),
    ];
  }

  private writeFiles(
    declared: readonly AccountsFileModel[],
    session: ISynthesisSession,
    stacks: readonly TerraformStack[],
  ): void {
    const { manifest, outdir } = session;
    const folderOf = (stack: TerraformStack) => manifest.forStack(stack).workingDirectory;
    const first = this.filesFrom === UNWRITTEN;
    const withReports = declared.find(({ reports }) => reports);
    const files = declared.map((file) => {
      const folder = folderOf(TerraformStack.of(file.construct));
      return [...this.filesOf(file, folder, file === withReports)];
    });
    replaceFiles(outdir, stacks.map(folderOf), new Map(files.flat()));
    if (!first) return;
    for (const written of files)
      tellSummary(
        outdir,
        written.map(([path]) => path),
        this.program.catalog().findings,
      );
  }

  private filesOf(file: AccountsFileModel, folder: string, hasReports: boolean): ReadonlyMap<string, string> {
    return programFiles(folder, {
      accounts: this.program.fileAccounts(file),
      helmValues: file.helmValues,
      catalog: hasReports ? this.program.catalog() : undefined,
    });
  }
}
