import { type ISynthesisSession, Lazy, TerraformElement, TerraformStack } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import type { Construct } from "constructs";
import { Findings } from "../findings/findings";
import { attached } from "../problems/attached";
import { assertSameFramework } from "../problems/framework";
import { Program } from "../problems/program";
import { ProgramAccounts } from "./program-accounts";
import { GUARD, SynthRound } from "./synth-round";

/** Makes a construct part of the program: checked before anything is written. */
export function join(construct: Construct): void {
  assertSameFramework(construct);
  attached(TerraformStack.of(construct), GUARD, () => new SynthGuard(construct));
}

/**
 * Refuses a stack while the program has problems, and writes the program's files.
 *
 * cdktf asks every element of every stack for its JSON before it writes the first stack, which is the earliest moment at
 * which the program is complete; `Testing.synth` asks too. Then it takes stack by stack: calls the Aspects of one, lets
 * custom synthesis write, and writes its JSON. So a stack is read again when it is written.
 */
class SynthGuard extends TerraformElement {
  private justChecked = false;

  public constructor(scope: Construct) {
    super(scope as never, "NatsPlatformGuard");
    Program.of(this).keep(this);
    addCustomSynthesis(this, { onSynthesize: (session) => this.write(session) });
  }

  public override toTerraform(): object {
    if (!this.justChecked) this.check();
    this.justChecked = false;
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
    if (accounts.file()) Findings._announce(stack, accounts.catalog().findings);
    this.justChecked = true;
    SynthRound.of(this).write(stack, session);
    this.justChecked = true;
  }
}
