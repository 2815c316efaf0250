import { Run } from "./program.mjs";

/** How long the program waits for the server, and after how many milliseconds it is ended all the same. */
const TIMEOUT = "5s";
const LIMIT = 9000;

/** Something that the program has no command for. */
export class Unsupported extends Error {}

/** The options of a connection, with which each command is run, and what runs until it is stopped. */
export class Connection {
  #command;
  #report;
  #runs = new Map();
  #last = Promise.resolve();

  constructor(program, { url, user, password, inboxPrefix }, report) {
    const options = { server: url, user, password, timeout: TIMEOUT, "inbox-prefix": inboxPrefix };
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.#command = [program, ...given.flatMap(([name, value]) => [`--${name}`, value])];
    this.#report = report;
  }

  /**
   * Runs a command to its end.
   *
   * @returns what it has written, as `output`, and what it has logged, as `log`
   */
  run(args, { domain, input } = {}) {
    const key = Symbol("command");
    const run = this.#start(key, args, { domain, input, limit: LIMIT });
    return run.result.finally(() => this.#runs.delete(key));
  }

  /** Runs a command and returns what it has written, as text. */
  async text(args, options) {
    return (await this.run(args, options)).output.toString();
  }

  /** Runs a command when the ones before that were to keep their order have ended. */
  inOrder(args, options) {
    const result = this.#last.then(() => args && this.run(args, options));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /**
   * Starts a command that runs until it is stopped.
   *
   * @param key names it
   * @param ready is in its log when it is ready
   * @param separator ends each of its outputs
   * @param onOutput gets the outputs one by one
   */
  async follow(key, args, { domain, ready, separator, onOutput }) {
    let rest = "";
    const take = (data) => {
      const outputs = `${rest}${data.toString("latin1")}`.split(separator);
      rest = outputs.pop();
      for (const output of outputs) onOutput(Buffer.from(output, "latin1").toString());
    };
    await new Promise((resolve, reject) => {
      const onLog = (log) => log.includes(ready) && resolve();
      const run = this.#start(key, [...args, "--trace"], { domain, onLog, onOutput: take });
      run.result.then(() => reject(new Error("ended at once")), reject);
    });
  }

  /** Reports something that happened. */
  report(event) {
    this.#report(event);
  }

  /** Ends a command that was started to run until it is stopped. */
  stop(key) {
    this.#runs.get(key)?.stop();
    this.#runs.delete(key);
  }

  /** Ends all commands. */
  close() {
    for (const key of [...this.#runs.keys()]) this.stop(key);
  }

  #start(key, args, { domain, ...options }) {
    const command = [...this.#command, ...(domain ? ["--js-domain", domain] : []), ...args];
    const run = new Run(command, { ...options, onRefusal: this.#report });
    this.#runs.set(key, run);
    return run;
  }
}
