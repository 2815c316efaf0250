import { type ChildProcess, spawn } from "node:child_process";
import { isDeepStrictEqual } from "node:util";
import type { Toolchain } from "./provider/choice";

/** A command of Terraform that failed. */
export class TerraformError extends Error {
  public constructor(
    command: string,
    /** Everything that it printed. */
    public readonly output: string,
  ) {
    super(`terraform ${command} failed:\n${output.slice(Math.max(0, output.indexOf("Error:")))}`);
  }
}

/** What a plan does with one resource. */
export interface ResourceChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly importing?: { readonly id: string };
  };
}

/** What a plan would do, and what it found changed on the server. */
export interface Plan {
  /** What it prints for people. */
  readonly text: string;
  /** The resources that it does something with. */
  readonly changes: readonly ResourceChange[];
  /** The resources that are not on the server as they are in the state. */
  readonly drift: readonly ResourceChange[];
}

/** A resource in Terraform's state. */
export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const PLAN_FILE = "test.tfplan";

/** A folder with Terraform's files, and the commands to run in it. */
export class Terraform {
  public constructor(
    private readonly toolchain: Toolchain,
    private readonly folder: string,
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {}

  /** Prepares the folder. */
  public async init(): Promise<void> {
    await this.run("init", ...this.toolchain.initArguments);
  }

  /** Checks the files without any server. */
  public async validate(): Promise<void> {
    await this.run("validate");
  }

  /** Plans, and throws where the plan is refused. */
  public async plan(...args: string[]): Promise<Plan> {
    const text = await this.run("plan", `-out=${PLAN_FILE}`, ...args);
    const { resource_changes = [], resource_drift = [] } = JSON.parse(await this.run("show", "-json", PLAN_FILE));
    const changes = resource_changes as ResourceChange[];
    return {
      text,
      changes: changes.filter(({ change }) => change.actions.join() !== "no-op" || change.importing),
      drift: (resource_drift as ResourceChange[]).filter(({ change }) => !isSame(change.before, change.after)),
    };
  }

  /** Applies what a plan would do now. */
  public apply(...args: string[]): Promise<string> {
    return this.run("apply", "-auto-approve", ...args);
  }

  /** Applies the last plan, and nothing else. */
  public applyPlan(): Promise<string> {
    return this.run("apply", PLAN_FILE);
  }

  /** Destroys everything in the state. */
  public destroy(): Promise<string> {
    return this.run("destroy", "-auto-approve");
  }

  /** Takes a resource that exists into the state. */
  public import(address: string, id: string): Promise<string> {
    return this.run("import", address, id);
  }

  /** Removes resources from the state, not from where they are. */
  public async forget(...addresses: string[]): Promise<void> {
    await this.run("state rm", ...addresses);
  }

  /** The resources in the state. */
  public async state(): Promise<StateResource[]> {
    const { values } = JSON.parse(await this.run("show", "-json"));
    return values?.root_module?.resources ?? [];
  }

  /** Runs a command and returns what it printed. */
  public async run(command: string, ...args: string[]): Promise<string> {
    const { status, output } = await outcome(this.start(command, ...args));
    if (status !== 0) throw new TerraformError(command, output);
    return output;
  }

  /** Starts a command in a process group of its own, so that it can be killed with its providers. */
  public start(command: string, ...args: string[]): ChildProcess {
    const variables = Object.entries(this.variables).map(([name, value]) => [`TF_VAR_${name}`, value]);
    return spawn(this.toolchain.program, [...command.split(" "), "-no-color", ...args], {
      cwd: this.folder,
      env: { ...this.toolchain.env, ...Object.fromEntries(variables) },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}

/** Whether two values differ in nothing but null, empty texts, empty lists and the like. */
function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(withoutEmpty(one), withoutEmpty(other));
}

function withoutEmpty(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value || undefined;
  const entries = Object.entries(value).map(([key, each]) => [key, withoutEmpty(each)] as const);
  const kept = entries.filter(([, each]) => each !== undefined);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** What a started command comes to. */
export function outcome(child: ChildProcess): Promise<{ status: number | null; output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output }));
  });
}

/** Kills a started command and everything that it started. */
export function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
