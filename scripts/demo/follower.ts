import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const COMMAND = "bin/cdktf-nats-platform.js";

/** The name of the user of the system account that follows. */
const USER = "sync";

const OPTIONS = ["--platform", "prod", "--reload-user", USER] as const;

/** How long documents may take to come into force, in milliseconds. */
const MOST_MILLIS = 20_000;

/** Where the demo's server is, and how users prove who they are. */
export interface Followed {
  readonly url: string;
  /** The file that the server's configuration includes. */
  readonly accounts: string;
  /** A file with the passwords. */
  readonly secrets: string;
  readonly passwords: Readonly<Record<string, string>>;
  /** The output folder of the program of the platform. */
  readonly outdir: string;
}

/** The accounts file with which the server starts. */
export function firstAccounts(outdir: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [COMMAND, "accounts", "render", outdir, "--reload-user", USER],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`accounts render failed:\n${stderr}`);
  return stdout;
}

/** `accounts sync` beside the demo's server. */
export class Follower {
  private readonly process: ChildProcess;
  private said = "";

  public constructor(private readonly followed: Followed) {
    const { accounts, secrets, outdir } = followed;
    const files = ["--to", accounts, "--secrets", secrets, "--start", outdir];
    this.process = spawn(process.execPath, [COMMAND, "accounts", "sync", ...OPTIONS, ...files, "--watch", "0.25"], {
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) stream?.on("data", (text) => (this.said += text));
  }

  /** What it says, without the times. */
  public get lines(): string[] {
    return this.said.split("\n").map((line) => line.replace(/^\S+Z /, ""));
  }

  /** Waits until it says something. */
  public async until(what: RegExp): Promise<void> {
    const end = Date.now() + MOST_MILLIS;
    while (!what.test(this.said)) {
      if (Date.now() > end || this.process.exitCode !== null) throw new Error(`accounts sync says:\n${this.said}`);
      await sleep(50);
    }
  }

  /** What `accounts status` says when all is in force. */
  public status(): string {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [COMMAND, "accounts", "status", ...OPTIONS, "--wait", String(MOST_MILLIS / 1000)],
      { env: this.env, encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`accounts status says:\n${stdout}${stderr}`);
    return stdout.split("\n")[0] ?? "";
  }

  /** Ends it. */
  public async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
  }

  private get env(): NodeJS.ProcessEnv {
    const { url, passwords } = this.followed;
    return {
      ...process.env,
      NATS_URL: url,
      NATS_USER: `sys-${USER}`,
      NATS_PASSWORD: passwords.SYS_SYNC_PASSWORD,
      NATS_READER_PASSWORD: passwords.ACCESS_READER_PASSWORD,
    };
  }
}
