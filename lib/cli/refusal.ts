/** Why a command is not carried out, in words for who called it. */
export class Refusal extends Error {
  public constructor(
    message: string,
    /** What to do about it, one line each. */
    public readonly hints: readonly string[] = [],
  ) {
    super(message);
  }
}
