import { HeldConnection } from "../held-connection";
import { Refusal } from "../refusal";
import { CONNECTION_HELP, connectionTo } from "../server";
import { type PutInForceOptions, putInForce } from "./in-force";
import type { Outcome } from "./outcome";
import type { ServerFile } from "./server-file";
import { Settled } from "./settled";
import { SystemAccount } from "./system-account";
import { prepareWithoutServer } from "./without-server";
import { WrittenFile } from "./written-file";

/** Whether a server is there and refuses who connects. */
const isRefused = ({ name, message }: Error) => /authorization|authentication|permission/i.test(`${name} ${message}`);

/** Whether a server is there and does not know the user by these credentials. */
const isUnknownUser = ({ message }: Error) => /authorization violation/i.test(message);

/** Whether a server is there and says nothing. */
const isBusy = ({ name, message }: Error) => /timeout/i.test(`${name} ${message}`);

/** The way to the server beside which the command is called, as a user of the system account; it connects when it needs to. */
export class SystemLink {
  private readonly connection = new HeldConnection(() =>
    connectionTo({ reconnect: false, ignoreClusterUpdates: true }),
  );
  private readonly settled = new Settled();

  /** @param options what is called behind each step */
  public constructor(private readonly options: Pick<PutInForceOptions, "afterStep"> = {}) {}

  /**
   * Brings a file into force, or makes it ready for a server that does not answer.
   *
   * @throws a refusal where the server refuses the user, or the file cannot be written
   */
  public async putInForce(file: ServerFile): Promise<Outcome> {
    try {
      const connection = await this.connection.get();
      const outcome = await putInForce(new SystemAccount(connection), file, { ...this.options, settled: this.settled });
      return outcome.kind === "unknown" ? await this.found(outcome, file) : outcome;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      return notConnected(error as Error, file);
    }
  }

  /**
   * What is known where a connection was lost while the server read a file. If it refuses the user now, whom it had let in by the
   * former file, it has the new one, in which the user's credentials are others.
   */
  private async found(outcome: Outcome, file: ServerFile): Promise<Outcome> {
    try {
      await this.connection.get();
      return outcome;
    } catch (error) {
      if (!isUnknownUser(error as Error)) return outcome;
      new WrittenFile(file.path).accept();
      const reason =
        "the server has taken the file, by which the user who asks it has other credentials. Connect with these";
      return { kind: "unknown", reason };
    }
  }

  /** Ends the connection. */
  public close(): Promise<void> {
    return this.connection.close();
  }
}

function notConnected(error: Error, file: ServerFile): Outcome {
  const { message } = error;
  if (isRefused(error)) {
    throw new Refusal(`the server refuses the user: ${message}`, [
      "Connect as a user of the system account.",
      ...CONNECTION_HELP,
    ]);
  }
  const done = isBusy(error) ? `${file.path} is left as it is` : prepareWithoutServer(file);
  return { kind: "unreachable", reason: `no connection: ${message}; ${done}` };
}
