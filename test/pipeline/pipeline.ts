import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { connect, type NatsConnection } from "nats";
import { passwordsFor, TestServer } from "../support/nats-server";
import type { Resources } from "../support/provider/apply";
import type { Toolchain } from "../support/provider/choice";
import { Terraform } from "../support/terraform";
import { ServerView } from "./server-view";

/** Declares the stacks of a program. */
export type Declare = (app: App) => void;

/** The file that tells Terraform where the test's server is and where the state lies; the generated files stay as they are. */
const OVERRIDE = "test_override.tf.json";

/** What a generated `cdk.tf.json` says about providers. */
interface ProviderBlocks {
  readonly provider?: { readonly jetstream?: readonly { readonly alias?: string }[] };
}

/** A program in a folder of its own: what it generates, Terraform in its stacks, and their states. */
export class Workspace {
  private readonly folder = mkdtempSync(join(tmpdir(), "pipeline-"));
  private readonly output = join(this.folder, "cdktf.out");

  /** Makes a folder for a program; `synth` fills it. */
  public constructor(
    private readonly toolchain: Toolchain,
    private readonly servers: () => string,
  ) {}

  /** Generates what a program says, over what was generated before. */
  public synth(program: Declare): void {
    const app = new App({ outdir: this.output });
    program(app);
    app.synth();
    this.locate();
  }

  /** Generates what one of the examples says. */
  public synthExample(name: string): void {
    process.env.CDKTF_OUTDIR = this.output;
    try {
      jest.isolateModules(() => require(`../../examples/${name}/main.ts`));
    } finally {
      delete process.env.CDKTF_OUTDIR;
    }
    this.locate();
  }

  /** The names of the stacks. */
  public get stacks(): string[] {
    return readdirSync(join(this.output, "stacks")).sort();
  }

  /** The accounts file. */
  public get accounts(): string {
    const file = this.stacks.map((stack) => join(this.folderOf(stack), "accounts.conf")).find(existsSync);
    if (!file) throw new Error("the program has no accounts file");
    return readFileSync(file, "utf8");
  }

  /** The generated Terraform of a stack. */
  public json(stack: string): Resources & ProviderBlocks {
    return JSON.parse(readFileSync(join(this.folderOf(stack), "cdk.tf.json"), "utf8"));
  }

  /** Terraform in the folder of a stack, with the passwords of all Terraform users and of no other user. */
  public terraform(stack: string, passwords: Readonly<Record<string, string>>): Terraform {
    const variables = Object.entries(passwords)
      .filter(([name]) => name.endsWith("_TERRAFORM_PASSWORD"))
      .map(([name, password]) => [name.toLowerCase(), password]);
    return new Terraform(this.toolchain, this.folderOf(stack), Object.fromEntries(variables));
  }

  /** Removes the folder. */
  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private folderOf(stack: string): string {
    return join(this.output, "stacks", stack);
  }

  /** Tells Terraform where the server is. */
  public locate(): void {
    for (const stack of this.stacks) {
      const providers = (this.json(stack).provider?.jetstream ?? []).map(({ alias }) => ({
        ...(alias && { alias }),
        servers: this.servers(),
      }));
      const json = {
        terraform: { backend: { local: { path: join(this.folder, `terraform.${stack}.tfstate`) } } },
        provider: { jetstream: providers },
      };
      writeFileSync(join(this.folderOf(stack), OVERRIDE), JSON.stringify(json));
    }
  }
}

/** A server that runs with a program's accounts, and the program's workspace. */
export class Pipeline {
  /** Generates a program and starts a server with its accounts file. */
  public static async start(toolchain: Toolchain, program: Declare): Promise<Pipeline> {
    const pipeline = new Pipeline(toolchain);
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

  private constructor(private readonly toolchain: Toolchain) {
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
    const pass = this.passwords[`${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`];
    const connection = await connect({ servers: this.nats.url, user, pass });
    this.connections.push(connection);
    return connection;
  }

  /** The server as a user sees it who may see everything of a platform: its first node. */
  public async view(user: string): Promise<ServerView> {
    return new ServerView(await this.connect(user));
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

  private get passwords(): Record<string, string> {
    return passwordsFor(this.workspace.accounts);
  }

  private makeWorkspace(): Workspace {
    return new Workspace(this.toolchain, () => this.server?.url ?? "nats://127.0.0.1:4222");
  }

  private async startServer(): Promise<void> {
    this.server = await TestServer.start({ accounts: this.workspace.accounts, env: this.passwords });
    this.workspace.locate();
  }
}
