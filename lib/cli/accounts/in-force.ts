import { saysTheSame } from "./configuration-text";
import type { Outcome } from "./outcome";
import { reasonOf } from "./refused-reason";
import { isSecret, type ServerFile, textOf } from "./server-file";
import type { Settled } from "./settled";
import { jetStreamWarning, shortageBefore } from "./storage-check";
import { NoAnswer, type ServerState, type SystemAccount } from "./system-account";
import { prepareWithoutServer } from "./without-server";
import { type Kept, WrittenFile } from "./written-file";

/** The steps after which a process may be killed; `reloadedAgain` is seldom needed, and `putBack` follows a refusal. */
export type Step = "kept" | "written" | "reloaded" | "accepted" | "reloadedAgain" | "putBack" | "forgotten";

/** What a call may be given besides. */
export interface PutInForceOptions {
  /** The memory of this process about this file. @default - none: a file that is refused is tried at each call */
  readonly settled?: Settled;
  /** Called behind each step: tests end a call there. @default - nothing is called */
  readonly afterStep?: (step: Step) => void;
}

/** How much later than a file was written a server must have read it to have read that, in milliseconds: file systems round the time. */
const CLOCK_MILLIS = 50;

/** Whether the server has read its configuration since the file is what it is. */
function isReadBy({ loadedAt }: ServerState, written: WrittenFile): boolean {
  const changedAt = written.changedAt();
  return changedAt !== undefined && Date.parse(loadedAt) > changedAt + CLOCK_MILLIS;
}

/** One call, which is to end with one file in force on one server. */
class Attempt {
  private readonly written: WrittenFile;
  private readonly text: string;
  /** Whether the server was told to read the file. */
  private isTold = false;

  public constructor(
    private readonly system: SystemAccount,
    private readonly file: ServerFile,
    private readonly options: PutInForceOptions,
  ) {
    this.written = new WrittenFile(file.path);
    this.text = textOf(file);
  }

  public async run(): Promise<Outcome> {
    try {
      return await this.compare();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (this.isTold) return { kind: "unknown", reason: `the server was told to read the file: ${error.message}` };
      const done = error.isLost ? prepareWithoutServer(this.file) : `${this.file.path} is left as it is`;
      return { kind: "unreachable", reason: `${error.message}; ${done}` };
    }
  }

  private done(step: Step): void {
    this.options.afterStep?.(step);
  }

  private settle({ loadedAt }: ServerState, outcome: Outcome): Outcome {
    this.options.settled?.remember(this.text, loadedAt, outcome);
    return outcome;
  }

  private async compare(): Promise<Outcome> {
    const { file, written, text } = this;
    written.removeLeftovers();
    const before = await this.system.state();
    if (isSecret(file)) written.protect(text);
    const content = written.content();
    const remembered = this.options.settled?.recall(text, before.loadedAt);
    if (remembered && (content === text || remembered.kind === "refused")) return remembered;
    const found = written.kept();
    const isRead = isReadBy(before, written);
    if (content === text && !found && isRead) return this.unchanged(before);
    const isTaken = isRead || found?.isAccepted;
    const shortage = await shortageBefore(this.system, file, before);
    if (shortage) {
      if (found && !isTaken) this.putBack();
      return { kind: "refused", reason: shortage };
    }
    const isBase = found && (content === text || !(isTaken || found.content === undefined));
    return this.change(before, isBase ? found : { content, digest: before.digest, isAccepted: false });
  }

  private async unchanged(state: ServerState): Promise<Outcome> {
    const missing = await this.missingAccount();
    return this.settle(state, missing ?? { kind: "unchanged", digest: state.digest });
  }

  /** What came of it if the server lacks an account of the file. */
  private async missingAccount(): Promise<Outcome | undefined> {
    const { accounts = [] } = this.file;
    if (accounts.length === 0) return undefined;
    const known = await this.system.accounts();
    const missing = accounts.find((account) => !known.has(account));
    return missing === undefined ? undefined : this.unproven(`it has no account ${missing}`);
  }

  private unproven(why: string): Outcome {
    const { path } = this.file;
    const reason = [
      `the server has read its configuration, and ${why}: it does not seem to include ${path}.`,
      "Include that file in the server's configuration, or name the file that it includes.",
    ];
    return { kind: "unproven", reason: reason.join(" ") };
  }

  private async change(before: ServerState, kept: Kept): Promise<Outcome> {
    const accounts = await this.system.accounts();
    if (this.written.content() !== this.text) {
      this.written.keep({ ...kept, isAccepted: false });
      this.done("kept");
      this.written.replace(this.text, isSecret(this.file));
      this.done("written");
    }
    this.isTold = true;
    const refusal = await this.system.reload();
    this.done("reloaded");
    if (refusal !== undefined) return this.refused(before, refusal);
    this.written.accept();
    this.done("accepted");
    await this.reloadForNew(accounts);
    return this.prove(before, kept);
  }

  private putBack(): void {
    this.written.putBack();
    this.done("putBack");
    this.written.forget();
    this.done("forgotten");
  }

  private refused(before: ServerState, refusal: string): Outcome {
    this.putBack();
    const isLeft = this.written.content() === this.text;
    const left = isLeft ? `; ${this.file.path} has been so before, and the server will not start with it` : "";
    return this.settle(before, { kind: "refused", reason: `${reasonOf(refusal, this.file)}${left}` });
  }

  /**
   * Reloads once more if the server has got new accounts. After one reload, requests of a new account to a service that it
   * imports find no responder, however long it waits. After a second one they do. It is so with 2.11.11, 2.12.8 and 2.15.2,
   * in each of 15 trials. Nothing else needs it: not streams that a new account imports, not what an existing account imports
   * newly, not what a new account exports.
   */
  private async reloadForNew(before: ReadonlySet<string>): Promise<void> {
    const after = await this.system.accounts();
    if ([...after].every((account) => before.has(account))) return;
    await this.system.reload();
    this.done("reloadedAgain");
  }

  private async prove(before: ServerState, kept: Kept): Promise<Outcome> {
    const after = await this.system.state();
    const missing = await this.missingAccount();
    if (missing) return this.settle(after, missing);
    if (after.loadedAt === before.loadedAt) return this.settle(after, this.unproven("not since it was told to"));
    if (after.digest === kept.digest && !saysTheSame(kept.content ?? "", this.text)) {
      return this.settle(after, this.unproven("that says the same as before the file was changed"));
    }
    this.written.forget();
    this.done("forgotten");
    const warning = await jetStreamWarning(this.system, this.file, after);
    return this.settle(after, { kind: "inForce", digest: after.digest, ...(warning && { warning }) });
  }
}

/**
 * Brings a file into force on the server that a user of the system account is connected to, and says what came of it.
 *
 * A process or a machine may die at any moment: what is on disk then is the former or the new file in whole, and the next call
 * goes on from there. What no server has read yet is on disk until the server answers, since a server reads no other file. A server
 * refuses within milliseconds what it cannot read; then the former file is put back. One process at a time may do so for a file, on
 * the machine of the server: times of the file are compared with times of the server.
 *
 * The server reads its configuration only if the file differs from what it has read. Clients stay connected, but those of users
 * that the server has no more, or has otherwise.
 *
 * @throws a refusal if the file cannot be written, or the user may not ask the server
 */
export function putInForce(system: SystemAccount, file: ServerFile, options: PutInForceOptions = {}): Promise<Outcome> {
  return new Attempt(system, file, options).run();
}
