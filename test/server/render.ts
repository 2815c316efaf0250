import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import type { Account } from "../../lib/access/accounts";
import { ProgramAccounts } from "../../lib/program-accounts";
import type { StackJson } from "../support/synth";

/** What a program writes for the server and for Terraform. */
export interface Rendered {
  /** `accounts.conf`. */
  readonly accounts: string;
  /** The files of single accounts, by the account's name. */
  readonly accountFiles: ReadonlyMap<string, string>;
  /** `accounts.helm.yaml`; empty where the program does not ask for it. */
  readonly helmValues: string;
  /** Each stack's `cdk.tf.json`, by the stack's name. */
  readonly stacks: { readonly [name: string]: StackJson };
  /** What the accounts file is made from. */
  readonly model: readonly Account[];
}

/** Declares constructs in an app. */
export type AppProgram = (app: App) => void;

/** Synthesizes a program whose stacks are its own, and reads what it writes. */
export function render(program: AppProgram): Rendered {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  try {
    const app = new App({ outdir });
    program(app);
    app.synth();
    const stackFolder = join(outdir, "stacks");
    const names = readdirSync(stackFolder);
    const stacks = Object.fromEntries(
      names.map((name) => [name, JSON.parse(readFileSync(join(stackFolder, name, "cdk.tf.json"), "utf8"))]),
    );
    const owner = names.find((name) => readdirSync(join(stackFolder, name)).includes("accounts.conf"));
    if (owner === undefined) throw new Error("no stack has an accounts file");
    const folder = join(stackFolder, owner);
    const accountFolder = join(folder, "accounts");
    const helmFile = join(folder, "accounts.helm.yaml");
    return {
      accounts: readFileSync(join(folder, "accounts.conf"), "utf8"),
      accountFiles: new Map(
        readdirSync(accountFolder)
          .sort()
          .map((file) => [file.replace(/\.conf$/, ""), readFileSync(join(accountFolder, file), "utf8")]),
      ),
      helmValues: existsSync(helmFile) ? readFileSync(helmFile, "utf8") : "",
      stacks,
      model: ProgramAccounts.of(app).accounts(),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Synthesizes a program of one stack, `stack`. */
export const renderStack = (program: (stack: TerraformStack) => void): Rendered =>
  render((app) => program(new TerraformStack(app, "stack")));
