import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { App, TerraformStack, Testing } from "cdktf";

/** Attributes of one block of Terraform's JSON. */
export interface Block {
  readonly [attribute: string]: unknown;
}

/** One stack in Terraform's JSON, as far as the library writes it. */
export interface StackJson {
  readonly resource?: { readonly [type: string]: { readonly [address: string]: Block } };
  readonly provider?: { readonly jetstream?: readonly Block[] };
  readonly variable?: { readonly [name: string]: Block };
  readonly import?: readonly Block[];
}

/** Declares constructs in a stack named `stack`, and in further stacks of the app. */
export type Program = (stack: TerraformStack, app: App) => void;

function inTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function declare(outdir: string, program: Program): { app: App; stack: TerraformStack } {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "stack");
  program(stack, app);
  return { app, stack };
}

/** The text of every stack's file that a program writes, by the stack's name. */
export function synthTexts(program: Program): { readonly [stack: string]: string } {
  return inTemporaryFolder((outdir) => {
    declare(outdir, program).app.synth();
    const stacks = join(outdir, "stacks");
    const textOf = (stack: string) => readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8");
    return Object.fromEntries(readdirSync(stacks).map((stack) => [stack, textOf(stack)]));
  });
}

/** Every file that a program writes, by its path below `stacks`. */
export function synthFiles(program: Program): { readonly [path: string]: string } {
  return inTemporaryFolder((outdir) => {
    declare(outdir, program).app.synth();
    const stacks = join(outdir, "stacks");
    const entries = readdirSync(stacks, { recursive: true, encoding: "utf8", withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(paths.map((path) => [relative(stacks, path), readFileSync(path, "utf8")]));
  });
}

/** Uses the constructs of a program, of which nothing is written. */
export function declared<T>(program: Program, use: (app: App, stack: TerraformStack) => T): T {
  return inTemporaryFolder((outdir) => {
    const { app, stack } = declare(outdir, program);
    return use(app, stack);
  });
}

/** The stacks that a program writes, by name. */
export function synthStacks(program: Program): { readonly [stack: string]: StackJson } {
  return Object.fromEntries(Object.entries(synthTexts(program)).map(([name, text]) => [name, JSON.parse(text)]));
}

/** The stack `stack` of a program. */
export function synth(program: Program): StackJson {
  return synthStacks(program).stack ?? {};
}

/** What `Testing.synth` makes of the stack `stack` of a program, without cdktf's metadata. */
export function testingSynth(program: Program): string {
  return declared(program, (_, stack) => Testing.synth(stack));
}

/** The addresses of a stack's resources, sorted: `jetstream_stream.prod_convex_wal`. */
export function addresses({ resource = {} }: StackJson): string[] {
  return Object.entries(resource)
    .flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `${type}.${name}`))
    .sort();
}

/** The addresses of a stack's streams and buckets, sorted. */
export function storageAddresses(stack: StackJson): string[] {
  return addresses(stack).filter((address) => /^jetstream_(stream|kv_bucket|obj_bucket)\./.test(address));
}

/** A Terraform expression in a string: `var.name` in `${}`. */
export const expression = (text: string) => `\${${text}}`;

/** The attributes of the resource at an address, without cdktf's metadata. */
export function block({ resource = {} }: StackJson, address: string): Block {
  const [type = "", name = ""] = address.split(".");
  const found = resource[type]?.[name];
  if (!found) throw new Error(`no ${address} among ${addresses({ resource }).join(", ")}`);
  const { "//": _, ...attributes } = found;
  return attributes;
}

function messageOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What came of a program that should be refused. */
export interface Refusal {
  /** The message of the error that `app.synth()` throws; undefined if it throws none. */
  readonly message: string | undefined;
  /** The files that were written all the same. */
  readonly written: readonly string[];
  /** The message of the error that `Testing.synth` throws for the stack `stack`. */
  readonly testing: string | undefined;
}

/** Synthesizes a program that should be refused. An error in a constructor is not caught. */
export function refusal(program: Program): Refusal {
  return inTemporaryFolder((outdir) => {
    const { app, stack } = declare(outdir, program);
    const message = messageOf(() => app.synth());
    const written = existsSync(outdir)
      ? readdirSync(outdir, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"))
      : [];
    return { message, written, testing: messageOf(() => Testing.synth(stack)) };
  });
}

/** The problems in a message, one text each. */
export function problemsIn(message: string): string[] {
  return message.split(/\n(?= {2}\[)/).slice(1);
}
