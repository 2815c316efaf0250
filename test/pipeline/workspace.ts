import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { Resources } from "../../scripts/tools/provider/apply";
import type { Toolchain } from "../../scripts/tools/provider/choice";
import { Terraform } from "../../scripts/tools/terraform";
import type { RemoteState } from "./remote-state";

// Each test runs several commands of Terraform, on a machine that may have other things to do.
jest.setTimeout(60_000);

/** Declares the stacks of a program. */
export type Declare = (app: App) => void;

/** The file that tells Terraform where the test's server is and where the state lies; the generated files stay as they are. */
export const OVERRIDE = "test_override.tf.json";

/** What a generated `cdk.tf.json` says about providers. */
interface ProviderBlocks {
  readonly provider?: { readonly jetstream?: readonly { readonly alias?: string }[] };
}

/** A program in a folder of its own: what it generates, Terraform in its stacks, and their states. */
export class Workspace {
  /** Where the program would be run. */
  public readonly folder = mkdtempSync(join(tmpdir(), "pipeline-"));
  private readonly output = join(this.folder, "cdktf.out");

  /** Makes a folder for a program; `synth` fills it. The states lie there too, unless there is a remote place. */
  public constructor(
    private readonly toolchain: Toolchain,
    private readonly servers: () => string,
    private readonly remoteState?: RemoteState,
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

  /** Changes the generated Terraform of a stack, as an earlier version of the library may have made it. */
  public rewrite(stack: string, change: (text: string) => string): void {
    const file = join(this.folderOf(stack), "cdk.tf.json");
    writeFileSync(file, change(readFileSync(file, "utf8")));
    this.locate();
  }

  /** Terraform in the folder of a stack, with the passwords of all Terraform users and of no other user. */
  public terraform(stack: string, passwords: Readonly<Record<string, string>>): Terraform {
    const variables = Object.entries(passwords)
      .filter(([name]) => name.endsWith("_TERRAFORM_PASSWORD"))
      .map(([name, password]) => [name.toLowerCase(), password]);
    return new Terraform(this.toolchain, this.folderOf(stack), Object.fromEntries(variables));
  }

  /**
   * Removes the state of a stack if it is torn: Terraform does not write a state file on disk in one step, so one that
   * is killed can leave half of it. (A remote backend has no such moment.)
   */
  public dropTornState(stack: string): void {
    const file = this.stateOf(stack);
    if (!existsSync(file)) return;
    try {
      JSON.parse(readFileSync(file, "utf8"));
    } catch {
      rmSync(file);
    }
  }

  /**
   * Puts the state of a stack that is torn back to the one before, which Terraform keeps beside it; where it keeps none, since
   * nothing in the state was to change, the state is removed.
   */
  public restoreTornState(stack: string): void {
    const file = this.stateOf(stack);
    this.dropTornState(stack);
    if (!existsSync(file) && existsSync(`${file}.backup`)) copyFileSync(`${file}.backup`, file);
  }

  /** Removes the folder. */
  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private stateOf(stack: string): string {
    return join(this.folder, `terraform.${stack}.tfstate`);
  }

  /** The folder of a stack's files. */
  public folderOf(stack: string): string {
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
        terraform: { backend: this.remoteState?.backend(stack) ?? { local: { path: this.stateOf(stack) } } },
        provider: { jetstream: providers },
      };
      writeFileSync(join(this.folderOf(stack), OVERRIDE), JSON.stringify(json));
    }
  }
}
