import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { connect, type NatsConnection } from "nats";
import { passwordsFor, TestServer } from "../../scripts/tools/nats-server";
import type { Toolchain } from "../../scripts/tools/provider/choice";
import { ServerApi } from "../../scripts/tools/provider/server-api";
import type { Terraform } from "../../scripts/tools/terraform";
import { DocumentsReader, READER } from "../support/access-documents";
import type { RemoteState } from "./remote-state";
import { DocumentsView, ServerView, type View } from "./server-view";
import { type Declare, Workspace } from "./workspace";

const COMMAND = join(__dirname, "../../bin/cdktf-nats-platform.js");

/** A server that runs with a program's accounts, and the program's workspace. */
export class Pipeline {
  /** Generates a program and starts a server with its accounts file. */
  public static async start(toolchain: Toolchain, program: Declare, remoteState?: RemoteState): Promise<Pipeline> {
    const pipeline = new Pipeline(toolchain, remoteState);
    try {
      pipeline.workspace.synth(program);
      await pipeline.startServer();
      return pipeline;
    } catch (error) {
      await pipeline.stop();
      throw error;
    }
  }

  /** Generates an example and starts a server with its accounts file. */
  public static async startExample(toolchain: Toolchain, name: string): Promise<Pipeline> {
    const pipeline = new Pipeline(toolchain);
    try {
      pipeline.workspace.synthExample(name);
      await pipeline.startServer();
      return pipeline;
    } catch (error) {
      await pipeline.stop();
      throw error;
    }
  }

  public readonly workspace: Workspace;

  private readonly connections: NatsConnection[] = [];
  private readonly furtherWorkspaces: Workspace[] = [];
  private server: TestServer | undefined;

  private constructor(
    private readonly toolchain: Toolchain,
    private readonly remoteState?: RemoteState,
  ) {
    this.workspace = this.makeWorkspace();
  }

  /** The server. */
  public get nats(): TestServer {
    if (!this.server) throw new Error("the server is not started");
    return this.server;
  }

  /** Terraform in the folder of a stack, initialised. */
  public async terraform(stack: string, workspace: Workspace = this.workspace): Promise<Terraform> {
    const terraform = workspace.terraform(stack, this.passwords);
    await terraform.init();
    return terraform;
  }

  /** A workspace for another program on the same server. */
  public addWorkspace(): Workspace {
    const workspace = this.makeWorkspace();
    this.furtherWorkspaces.push(workspace);
    return workspace;
  }

  /** Generates the program again, as it is after a change, and lets the server read the new accounts file. */
  public async change(program: Declare): Promise<void> {
    this.workspace.synth(program);
    await this.nats.reload(this.workspace.accounts);
  }

  /** A connection of a user: `prod-node-1`, by the password that the server has for it. */
  public async connect(user: string): Promise<NatsConnection> {
    const connection = await connect({ servers: this.nats.url, user, pass: this.passwordOf(user) });
    this.connections.push(connection);
    return connection;
  }

  /** Runs the command where the program is, with the environment of a user. */
  public command(user: string, ...args: readonly string[]): { readonly status: number | null; readonly text: string } {
    const NATS_PASSWORD = this.passwordOf(user);
    const env = { ...process.env, NATS_URL: this.nats.url, NATS_USER: user, NATS_PASSWORD };
    const options = { cwd: this.workspace.folder, env, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], options);
    return { status, text: stdout + stderr };
  }

  /** The server as a user sees it who may see everything of a platform: its first node. */
  public async view(user: string): Promise<ServerView> {
    return new ServerView(await this.connect(user));
  }

  /** The server as those see it who may see everything of a platform: a node, and the reader of its access documents. */
  public async views(platform: string, node = `${platform}-node-1`): Promise<View[]> {
    return [await this.view(node), new DocumentsView(await this.connect(READER), platform)];
  }

  /** The access documents of a platform, as their reader gets them. */
  public async documents(platform: string): Promise<DocumentsReader> {
    return new DocumentsReader(await this.connect(READER), platform);
  }

  /** The bucket with the access documents of a platform, as Terraform writes it. */
  public async documentsApi(platform: string): Promise<ServerApi> {
    return new ServerApi(await this.connect(`${platform}-access-terraform`));
  }

  /** The refusals that the server has logged. */
  public get violations(): string[] {
    return this.nats.log.split("\n").filter((line) => /violation/i.test(line));
  }

  /** Stops and removes everything. */
  public async stop(): Promise<void> {
    for (const connection of this.connections) await connection.close();
    await this.server?.stop();
    for (const workspace of [this.workspace, ...this.furtherWorkspaces]) workspace.remove();
  }

  /** The password that the server has for a user. */
  public passwordOf(user: string): string | undefined {
    return this.passwords[`${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`];
  }

  private get passwords(): Record<string, string> {
    return passwordsFor(this.workspace.accounts);
  }

  private makeWorkspace(): Workspace {
    return new Workspace(this.toolchain, () => this.server?.url ?? "nats://127.0.0.1:4222", this.remoteState);
  }

  private async startServer(): Promise<void> {
    this.server = await TestServer.start({ accounts: this.workspace.accounts, env: this.passwords });
    this.workspace.locate();
  }
}
