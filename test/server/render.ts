import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import type { Account } from "../../lib/access/accounts";
import type { Catalog } from "../../lib/catalog/catalog";
import { catalogFrom } from "../../lib/catalog/catalog-text";
import { ProgramAccounts } from "../../lib/program/program-accounts";
import type { StackJson } from "../support/synth";

/** What a program writes for the server and for Terraform. */
export interface Files {
  /** `accounts.conf`. */
  readonly accounts: string;
  /** The files of single accounts, by the account's name. */
  readonly accountFiles: ReadonlyMap<string, string>;
  /** `accounts.helm.yaml`; empty where the program does not ask for it. */
  readonly helmValues: string;
  /** `catalog.json`. */
  readonly catalog: Catalog;
  /** Each stack's `cdk.tf.json`, by the stack's name. */
  readonly stacks: { readonly [name: string]: StackJson };
}

/** What a program writes, and what the accounts file is made from. */
export interface Rendered extends Files {
  readonly model: readonly Account[];
}

/** Declares constructs in an app. */
export type AppProgram = (app: App) => void;

/** Synthesizes a program whose stacks are its own, and reads what it writes. */
export function render(program: AppProgram): Rendered {
  return inTemporaryFolder((outdir) => {
    const app = new App({ outdir });
    program(app);
    app.synth();
    return { ...read(outdir), model: ProgramAccounts.of(app).accounts() };
  });
}

/** Runs an example of the repository, which synthesizes itself when it is loaded. */
export function renderExample(name: string): Files {
  return inTemporaryFolder((outdir) => {
    const before = process.env.CDKTF_OUTDIR;
    process.env.CDKTF_OUTDIR = outdir;
    try {
      jest.isolateModules(() => jest.requireActual(join(__dirname, "../../examples", name, "main.ts")));
    } finally {
      if (before === undefined) delete process.env.CDKTF_OUTDIR;
      else process.env.CDKTF_OUTDIR = before;
    }
    return read(outdir);
  });
}

function inTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(outdir: string): Files {
  const stackFolder = join(outdir, "stacks");
  const names = readdirSync(stackFolder);
  const textOf = (stack: string) => readFileSync(join(stackFolder, stack, "cdk.tf.json"), "utf8");
  const owner = names.find((name) => existsSync(join(stackFolder, name, "accounts.conf")));
  if (owner === undefined) throw new Error("no stack has an accounts file");
  const folder = join(stackFolder, owner);
  const accountFolder = join(folder, "accounts");
  const helmFile = join(folder, "accounts.helm.yaml");
  const accountFile = (file: string): [string, string] => [
    file.replace(/\.conf$/, ""),
    readFileSync(join(accountFolder, file), "utf8"),
  ];
  return {
    accounts: readFileSync(join(folder, "accounts.conf"), "utf8"),
    accountFiles: new Map(readdirSync(accountFolder).map(accountFile)),
    helmValues: existsSync(helmFile) ? readFileSync(helmFile, "utf8") : "",
    catalog: catalogFrom(JSON.parse(readFileSync(join(folder, "catalog.json"), "utf8"))),
    stacks: Object.fromEntries(names.map((name) => [name, JSON.parse(textOf(name))])),
  };
}

/** Synthesizes a program of one stack, `stack`. */
export const renderStack = (program: (stack: TerraformStack) => void): Rendered =>
  render((app) => program(new TerraformStack(app, "stack")));
