import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for files of the program; the driver removes it at its end. */
export const FOLDER = mkdtempSync(join(tmpdir(), "nats-cli-"));

/** Nothing of what the machine's user has set up for the program matters here. */
const ENVIRONMENT = { PATH: process.env.PATH, HOME: FOLDER, XDG_CONFIG_HOME: FOLDER };

const REFUSAL = /Permissions Violation for (Publish|Subscription) to "([^"]+)"/g;
const OPERATION = { Publish: "publish", Subscription: "subscription" };

/** What the program says about its failure, without what it logs before. */
const failureIn = (log) => /nats: error: ([\s\S]*)/.exec(log)?.[1].trim() ?? log.trim();

/**
 * A run of the program. It ends at the first refusal by the server, since the program often waits for an answer that
 * cannot come, and even says that all went well where the answer is of no importance to it.
 */
export class Run {
  #child;
  #log = "";
  #output = [];
  #refusal;

  /**
   * Starts the program.
   *
   * @param command the program and its arguments
   * @param options `input` is what it reads, `onOutput` and `onLog` get what it writes as it comes, `onRefusal` gets what
   *   the server refused, and `limit` is after how many milliseconds it is ended
   */
  constructor([program, ...args], { input, onOutput, onLog, onRefusal, limit }) {
    const stdin = input === undefined ? "ignore" : "pipe";
    this.#child = spawn(program, args, { env: ENVIRONMENT, stdio: [stdin, "pipe", "pipe"], timeout: limit });
    this.#child.stdin?.on("error", () => undefined).end(input);
    this.#child.stdout.on("data", onOutput ?? ((data) => this.#output.push(data)));
    this.#child.stderr.on("data", (data) => {
      this.#log += data;
      onLog?.(this.#log);
      this.#findRefusal(onRefusal);
    });
    /** Resolves with what the program has written, and fails if it failed or something was refused. */
    this.result = new Promise((resolve, reject) => {
      this.#child.on("error", reject).on("close", (status, signal) => {
        if (this.#refusal) reject(new Error(this.#refusal));
        else if (status === 0) resolve({ output: Buffer.concat(this.#output), log: this.#log });
        else reject(new Error(signal ? `ended by ${signal} ${this.#log}` : failureIn(this.#log)));
      });
    });
  }

  /** Ends the program. */
  stop() {
    this.#child.kill("SIGKILL");
  }

  #findRefusal(onRefusal) {
    const [first] = this.#log.matchAll(REFUSAL);
    if (!first || this.#refusal) return;
    const [text, operation, subject] = first;
    this.#refusal = text;
    onRefusal({ event: "refusal", operation: OPERATION[operation], subject });
    this.stop();
  }
}
