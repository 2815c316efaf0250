import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What a server of a test is started with. */
export interface ServerOptions {
  /** The accounts file, as the library renders it. */
  readonly accounts?: string;
  /** Further lines of the server's configuration. */
  readonly config?: string;
  /** The bytes that all accounts together may store; what the disk has room for, if left out. */
  readonly storage?: number;
  /** The environment that the file's variables are looked up in. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The program, found or installed before the tests. */
export function serverProgram(): string {
  const program = process.env.NATS_SERVER;
  if (!program) throw new Error("NATS_SERVER is not set: run the tests by `npm test`");
  return program;
}

/** What `nats-server -t` says to an accounts file. */
export function checkAccounts(
  accounts: string,
  env: Readonly<Record<string, string>>,
): { ok: boolean; output: string } {
  const folder = mkdtempSync(join(tmpdir(), "nats-check-"));
  try {
    const file = join(folder, "accounts.conf");
    writeFileSync(file, accounts);
    const { status, stdout, stderr } = spawnSync(serverProgram(), ["-t", "-c", file], { encoding: "utf8", env });
    return { ok: status === 0, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A password for each variable that an accounts file names, the same for the same variable: `pw-PROD_CONVEX_PASSWORD`. */
export function passwordsFor(accounts: string): Record<string, string> {
  const variables = [...accounts.matchAll(/password: \$(\w+)/g)].map(([, name]) => name as string);
  return Object.fromEntries(variables.map((name) => [name, `pw-${name}`]));
}

/** A nats-server on a free port of the loopback interface, with JetStream in a folder of its own. */
export class TestServer {
  /** Starts a server and waits until it accepts clients. */
  public static async start(options: ServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(options);
    await server.run();
    return server;
  }

  /** Where its configuration `nats.conf` is, which includes `accounts.conf`. */
  public readonly folder = mkdtempSync(join(tmpdir(), "nats-server-"));
  private process: ChildProcess | undefined;
  private port = 0;
  private ports = "";

  private constructor(private readonly options: ServerOptions) {
    mkdirSync(join(this.folder, "ports"));
    this.writeAccounts(options.accounts ?? "");
  }

  /** Where clients connect. */
  public get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** The process that runs. */
  public get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Where it is monitored, if its configuration has `http`. */
  public get monitor(): string | undefined {
    return /http:\/\/127\.0\.0\.1:\d+/.exec(this.ports)?.[0];
  }

  /** What is in its accounts file now. */
  public get accounts(): string {
    return readFileSync(join(this.folder, "accounts.conf"), "utf8");
  }

  /** Everything that the server has logged. */
  public get log(): string {
    return readFileSync(join(this.folder, "server.log"), "utf8");
  }

  /** Replaces the accounts file and lets the server read it; resolves when it has taken it. */
  public async reload(accounts: string): Promise<void> {
    const before = this.log.length;
    this.writeAccounts(accounts);
    this.process?.kill("SIGHUP");
    await this.until(() => {
      const news = this.log.slice(before);
      if (news.includes("Failed to reload")) throw new Error(news);
      return news.includes("Reloaded server configuration");
    }, "reload");
  }

  /** Stops the server, keeping its data for `restart`. */
  public async halt(): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    await ended;
  }

  /** Ends the server as a loss of power does, keeping its data for `restart`. */
  public async kill(): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGKILL");
    await ended;
  }

  /** Starts a halted server again, on the same port and data. */
  public async restart(): Promise<void> {
    await this.halt();
    await this.run();
  }

  /** Stops the server and removes its data. */
  public async stop(): Promise<void> {
    await this.halt();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private writeAccounts(accounts: string): void {
    writeFileSync(join(this.folder, "accounts.conf"), accounts);
  }

  private async run(): Promise<void> {
    const { storage } = this.options;
    const config = [
      `listen: "127.0.0.1:${this.port === 0 ? -1 : this.port}"`,
      `ports_file_dir: "${join(this.folder, "ports")}"`,
      `log_file: "${join(this.folder, "server.log")}"`,
      `jetstream { store_dir: "${join(this.folder, "data")}"${storage === undefined ? "" : `, max_file_store: ${storage}`} }`,
      this.options.config ?? "",
      'include "accounts.conf"',
    ];
    writeFileSync(join(this.folder, "nats.conf"), config.join("\n"));
    for (const file of readdirSync(join(this.folder, "ports"))) rmSync(join(this.folder, "ports", file));
    const env = { PATH: process.env.PATH ?? "", ...this.options.env };
    this.process = spawn(serverProgram(), ["-c", join(this.folder, "nats.conf")], { env, stdio: "ignore" });
    await this.until(() => this.findPort(), "start");
  }

  private findPort(): boolean {
    if (this.process?.exitCode !== null && this.process?.exitCode !== undefined) {
      throw new Error(`nats-server ended with status ${this.process.exitCode}`);
    }
    const [file] = readdirSync(join(this.folder, "ports"));
    if (!file) return false;
    this.ports = readFileSync(join(this.folder, "ports", file), "utf8");
    const port = /127\.0\.0\.1:(\d+)/.exec(this.ports)?.[1];
    if (port) this.port = Number(port);
    return port !== undefined;
  }

  private async until(condition: () => boolean, what: string): Promise<void> {
    for (let attempt = 0; attempt < 1000; attempt++) {
      if (condition()) return;
      await sleep(10);
    }
    throw new Error(`nats-server did not ${what} within 10 s:\n${this.log}`);
  }
}
