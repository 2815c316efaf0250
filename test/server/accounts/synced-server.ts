import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { type PutInForceOptions, putInForce, type Step } from "../../../lib/cli/accounts/in-force";
import type { Outcome } from "../../../lib/cli/accounts/outcome";
import type { ServerFile } from "../../../lib/cli/accounts/server-file";
import { SystemAccount } from "../../../lib/cli/accounts/system-account";
import { type ServerOptions, serverProgram, TestServer } from "../../../scripts/tools/nats-server";

/** The text of accounts beside the system account, each with a user of its name and further settings. */
export function accountsText(accounts: Readonly<Record<string, string>>, password = '"pw"'): string {
  const entries = Object.entries(accounts).map(
    ([name, settings]) => `  ${name}: { users: [{ user: ${name}, password: ${password} }], ${settings} }`,
  );
  return [
    "system_account: SYS",
    "accounts: {",
    "  SYS: { users: [{ user: sys, password: sys }] }",
    ...entries,
    "}",
    "",
  ].join("\n");
}

/** A death of the process behind a step. */
export class Killed extends Error {}

/** Options with which a call ends behind a step, as if the process were killed there. */
export const killedAfter = (step: Step): PutInForceOptions => ({
  afterStep(each) {
    if (each === step) throw new Killed(step);
  },
});

/** A server whose accounts file is brought into force by a user of its system account. */
export class SyncedServer {
  /** Starts one, with an account A. */
  public static async start(options: ServerOptions = {}): Promise<SyncedServer> {
    const server = await TestServer.start({ accounts: accountsText({ A: "" }), ...options });
    const synced = new SyncedServer(server);
    await synced.reconnect();
    return synced;
  }

  private connection: NatsConnection | undefined;
  private clients: NatsConnection[] = [];

  private constructor(public readonly server: TestServer) {}

  /** Where its accounts file is. */
  public get path(): string {
    return join(this.server.folder, "accounts.conf");
  }

  /** Where the former content of that is. */
  public get lastPath(): string {
    return `${this.path}.last`;
  }

  /** What is in its accounts file. */
  public get content(): string {
    return readFileSync(this.path, "utf8");
  }

  /** Whether a change is neither in force nor put back. */
  public get isPending(): boolean {
    return existsSync(this.lastPath);
  }

  /** The user of the system account, as it connects now. */
  public get system(): SystemAccount {
    if (!this.connection) throw new Error("the server is not connected to");
    return new SystemAccount(this.connection);
  }

  /** Connects again as the user of the system account. */
  public async reconnect(password = "sys"): Promise<void> {
    await this.connection?.close();
    this.connection = await this.connectAs("sys", password);
  }

  /** Brings a text, or a whole file, into force. */
  public put(file: string | Partial<ServerFile>, options?: PutInForceOptions): Promise<Outcome> {
    const given = typeof file === "string" ? { content: file } : file;
    return putInForce(this.system, { path: this.path, content: "", ...given }, options);
  }

  /** What `nats-server -t` says to the configuration that is on disk. */
  public check(): string {
    const config = join(this.server.folder, "nats.conf");
    const { status, stdout, stderr } = spawnSync(serverProgram(), ["-t", "-c", config], { encoding: "utf8" });
    return status === 0 ? "valid" : stdout + stderr;
  }

  /** Connects as a user, and closes the connection at the end. */
  public async connectAs(user: string, password = "pw"): Promise<NatsConnection> {
    const client = await connect({ servers: this.server.url, user, pass: password, reconnect: false, timeout: 2_000 });
    this.clients.push(client);
    return client;
  }

  /** Whether a user is let in. */
  public letsIn(user: string, password?: string): Promise<boolean> {
    return this.connectAs(user, password).then(
      () => true,
      () => false,
    );
  }

  /** Closes all connections and stops the server. */
  public async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await this.server.stop();
  }
}
