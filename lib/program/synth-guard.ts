import { type ISynthesisSession, Lazy, TerraformElement, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import type { Construct } from "constructs";
import { Findings } from "../findings/findings";
import { attached } from "../problems/attached";
import { describeProblems, type Fault } from "../problems/fault";
import { assertSameFramework } from "../problems/framework";
import { Program } from "../problems/program";
import { own } from "../tokens/own-elements";
import { ProgramAccounts } from "./program-accounts";
import { whenWritten } from "./stack-synthesis";
import { GUARD, SynthRound } from "./synth-round";

/** Makes a construct part of the program: checked before anything is written. */
export function join(construct: Construct): void {
  assertSameFramework(construct);
  const stack = TerraformStack.of(construct);
  attached(stack, GUARD, () => {
    whenWritten(stack, () => Program.of(stack).assertNoneRemoved(SynthRound.of(stack).written));
    return new SynthGuard(construct);
  });
}

/**
 * Refuses a stack while the program has problems, and writes the program's files.
 *
 * cdktf asks every element of every stack for its JSON before it writes the first stack, which is the earliest moment at
 * which the program is complete; `Testing.synth` asks too. Then it takes stack by stack: calls the Aspects of one, lets
 * custom synthesis write, and writes its JSON. So a stack is read again when it is written.
 */
class SynthGuard extends TerraformElement {
  /** The revision of the program with which the stack is written, until its JSON is. */
  private written: number | undefined;

  public constructor(scope: Construct) {
    super(scope as never, "NatsPlatformGuard");
    own(this);
    Program.of(this).keep(this);
    addCustomSynthesis(this, { onSynthesize: (session) => this.write(session) });
  }

  public override toTerraform(): object {
    if (!SynthRound.of(this).isLooking) {
      this.check();
      this.assertAsWritten();
    }
    return Lazy.anyValue({ produce: ({ preparing }) => this.prepared(preparing) });
  }

  public override toHclTerraform(): object {
    return this.toTerraform();
  }

  private prepared(preparing: boolean): object {
    if (preparing) SynthRound.of(this).prepare(this);
    return {};
  }

  private check(): ProgramAccounts {
    const accounts = ProgramAccounts.of(this);
    accounts.readAgain(TerraformStack.of(this));
    Program.of(this).assertValid(SynthRound.of(this).written);
    return accounts;
  }

  private write(session: ISynthesisSession): void {
    Program.of(this).assertNoneRemoved(SynthRound.of(this).written);
    const accounts = this.check();
    const stack = TerraformStack.of(this);
    if (accounts.files().length > 0) Findings._announce(stack, accounts.catalog().findings);
    SynthRound.of(this).write(stack, session);
    this.written = Program.of(this).revision;
  }

  /** Refuses what was changed after all Aspects, and lets the files of the program be written. */
  private assertAsWritten(): void {
    const { written } = this;
    this.written = undefined;
    if (written === undefined) return;
    if (written === Program.of(this).revision) {
      SynthRound.of(this).finish();
      return;
    }
    const { path } = TerraformStack.of(this).node;
    throw new Error(describeProblems([{ path, ...CHANGED_FAULT }], SynthRound.of(this).written));
  }
}

const CHANGED_FAULT: Fault = {
  what: "the program is changed by custom synthesis or by an element that is asked for its JSON, after all Aspects",
  allowed: "declarations before app.synth(), and Aspects",
  fix: "Declare it in the program itself, or in an Aspect of the stack",
};
