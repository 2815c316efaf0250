import type { ISynthesisSession, TerraformStack } from "cdktf";
import { addCustomSynthesis, type ICustomSynthesis } from "cdktf/lib/synthesize/synthesizer";

/** The key under which cdktf keeps the custom synthesis of a construct, which it does not export. */
const [SYNTHESIS = Symbol("none")] = (() => {
  const probe = {};
  addCustomSynthesis(probe as never, { onSynthesize: () => undefined });
  return Object.getOwnPropertySymbols(probe);
})();

/**
 * Adds to what a stack does when it is written: cdktf asks the stack itself after all that is in it, and nothing can take it
 * out of the tree. What a program has there itself is done before.
 */
export function whenWritten(stack: TerraformStack, act: (session: ISynthesisSession) => void): void {
  const known = Object.getOwnPropertyDescriptor(stack, SYNTHESIS)?.value as ICustomSynthesis | undefined;
  if (!known) {
    Object.defineProperty(stack, SYNTHESIS, { value: { onSynthesize: act }, configurable: true });
    return;
  }
  const before = known.onSynthesize;
  known.onSynthesize = (session) => {
    before.call(known, session);
    act(session);
  };
}
