import type { Toolchain } from "../../../scripts/tools/provider/choice";
import { Random } from "../../support/random";
import { edited, nativeOf, sayWhereFrom } from "./change";
import { type AllowedLoss, type Contents, lossesBetween } from "./contents";
import { Draw } from "./draw";
import type { ProgramDraw } from "./model";
import { Stage } from "./stage";

const NAMES = [
  "edits",
  "refused at synth",
  "stopped by the gate",
  "stopped by Terraform",
  "refused by the server",
  "applied",
  "of them with allowed names",
  "messages looked at",
  "lost",
] as const;

/** How often something happened. What was stopped or refused was taken back, or left as it was in some stacks. */
export type Figures = Record<(typeof NAMES)[number], number>;

export const noFigures = (): Figures => Object.fromEntries(NAMES.map((name) => [name, 0])) as Figures;

const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** A random program on a server, which is edited and looked at. */
export class Trial {
  private readonly random: Random;
  private readonly draw: Draw;
  private readonly stage: Stage;
  private program: ProgramDraw | undefined;
  /** Whether some stack was left as it was before an edit. */
  private isBehind = false;

  public constructor(
    toolchain: Toolchain,
    seed: number,
    private readonly figures: Figures,
    private readonly say: (text: string) => void,
  ) {
    this.random = new Random(seed);
    this.draw = new Draw(this.random);
    this.stage = new Stage(toolchain, this.random, say);
  }

  /** Applies a random program for the first time; false, if a server refuses it, which is the matter of another test. */
  public async begin(): Promise<boolean> {
    let program = this.draw.program();
    while (!(await this.stage.open(program))) program = this.draw.program();
    const { outcomes } = await this.stage.apply(program, "nothing");
    this.program = program;
    return [...outcomes.values()].every((each) => each === "applied");
  }

  /** Makes a number of edits, one after another; tells what was lost. */
  public async edit(count: number): Promise<string[]> {
    for (let each = 0; each < count; each++) {
      await this.stage.fill();
      const { program, texts } = edited(this.program as ProgramDraw, this.random, this.draw);
      this.figures.edits++;
      const text = texts.join("; and ");
      const found = await this.editOnce(program, text);
      if (found.length === 0) continue;
      this.figures.lost += found.length;
      this.say(JSON.stringify(program));
      return [`edit ${each + 1}: ${text}`, ...found];
    }
    return [];
  }

  /** Stops and removes everything. */
  public stop(): Promise<void> {
    return this.stage.stop();
  }

  private async editOnce(program: ProgramDraw, text: string): Promise<string[]> {
    const { figures, random } = this;
    if (!(await this.stage.open(program))) {
      figures["refused at synth"]++;
      this.say(`  ${text}: refused at synth`);
      return [];
    }
    const before = await this.stage.contents();
    const allows = random.oneIn(3) ? "everything" : random.oneIn(6) ? "nothing" : "forgetting";
    const { outcomes, losses, texts, hasAllowed } = await this.stage.apply(program, allows);
    const lost = await this.lost(before, losses);
    if (lost.length > 0) return [...lost, ...texts];
    const all = [...outcomes.values()];
    const stopped = all.find((each) => each !== "applied");
    this.say(`  ${text}: ${stopped ?? "applied"}${hasAllowed ? ", allowed" : ""}`);
    if (stopped === undefined) {
      figures.applied++;
      if (hasAllowed) figures["of them with allowed names"]++;
      this.isBehind = false;
      return this.settle(program, losses);
    }
    if (stopped === "gate") figures["stopped by the gate"]++;
    if (stopped === "terraform") figures["stopped by Terraform"]++;
    if (stopped === "server") figures["refused by the server"]++;
    if (stopped === "gate" && random.oneIn(6)) {
      this.isBehind = true;
      await this.accept(program);
      return [];
    }
    return this.takeBack(program);
  }

  /** Goes on with a program that was applied; nobody has to know any more where things were. */
  private async settle(program: ProgramDraw, losses: readonly AllowedLoss[]): Promise<string[]> {
    await this.accept(program);
    const isReplaced = losses.some(({ kind }) => kind === "destroyed");
    const changed = await this.stage.unchanged();
    if (changed.length === 0 || !isReplaced) return changed;
    // The consumers of a stream that was made anew come with the next apply.
    const before = await this.stage.contents();
    const again = await this.stage.apply(program, "nothing");
    const lost = [...(await this.lost(before, [])), ...(await this.stage.unchanged())];
    return lost.length > 0 ? [...lost, ...again.texts] : [];
  }

  private async accept(program: ProgramDraw): Promise<void> {
    const settled = clone(program);
    if (!this.isBehind) sayWhereFrom(settled, settled);
    for (const { options } of nativeOf(settled)) delete options.adopt;
    this.program = settled;
    if (!(await this.stage.open(settled))) throw new Error("a program is refused that was accepted before");
  }

  private async takeBack(from: ProgramDraw): Promise<string[]> {
    const program = clone(this.program as ProgramDraw);
    if (!this.isBehind) sayWhereFrom(program, from);
    this.program = program;
    if (!(await this.stage.open(program))) throw new Error("a program is refused that was accepted before");
    const before = await this.stage.contents();
    const { outcomes, losses, texts } = await this.stage.apply(program, "everything");
    const lost = await this.lost(before, losses);
    if (lost.length > 0) return [...lost.map((each) => `taken back: ${each}`), ...texts];
    if ([...outcomes.values()].some((each) => each !== "applied")) {
      this.isBehind = true;
      this.say(`    taken back, and not all of it: ${[...outcomes.values()].join()}`);
      return [];
    }
    this.isBehind = false;
    return this.settle(program, losses);
  }

  private async lost(before: Contents, losses: readonly AllowedLoss[]): Promise<string[]> {
    const after = await this.stage.contents();
    for (const { messages } of before.values()) this.figures["messages looked at"] += messages.size;
    return lossesBetween(before, after, losses);
  }
}
