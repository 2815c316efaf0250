import { connect, type NatsConnection } from "nats";
import { passwordsFor, TestServer } from "../../../scripts/tools/nats-server";
import type { Toolchain } from "../../../scripts/tools/provider/choice";
import { type Terraform, TerraformError } from "../../../scripts/tools/terraform";
import { KEEPER_PASSWORD, keeperOf, withKeepers } from "../../support/accounts-text";
import type { Random } from "../../support/random";
import { Workspace } from "../workspace";
import { adoptExisting } from "./change";
import { type AllowedLoss, type Contents, contentsOfAll, STAYING } from "./contents";
import { fill } from "./fill";
import { applied, checked, type PlannedStack, planned } from "./gate";
import { declare, type ProgramDraw } from "./model";

/** What became of one stack in an edit. */
type Outcome = "applied" | "gate" | "terraform" | "server";

const STOPPED_BY_TERRAFORM = /Instance cannot be destroyed|Provider configuration not present/;

/** How often an edit is tried where the server refuses a part, as what needs another stack is. */
const ROUNDS = 2;

/** What an apply of all stacks came to. */
export interface Applied {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly losses: readonly AllowedLoss[];
  /** What the gate and Terraform said. */
  readonly texts: readonly string[];
  readonly hasAllowed: boolean;
}

/** What is let through that the gate names: everything, or what is only forgotten, unless nothing is. */
export type Allows = "everything" | "forgetting" | "nothing";

/** A server with everything that ever was stored in it, and a program that is applied to it behind the gate. */
export class Stage {
  private readonly workspace: Workspace;
  private readonly keepers = new Map<string, NatsConnection>();
  private readonly stacks = new Map<string, Terraform>();
  private readonly initialised = new Set<string>();
  private readonly accounts = new Set<string>();
  private server: TestServer | undefined;

  public constructor(
    toolchain: Toolchain,
    private readonly random: Random,
    private readonly say: (text: string) => void,
  ) {
    this.workspace = new Workspace(toolchain, () => this.server?.url ?? "nats://127.0.0.1:4222");
  }

  /** Generates a program and lets the server read its accounts; false, if the program is refused. */
  public async open(program: ProgramDraw): Promise<boolean> {
    if (!this.synth(program)) return false;
    if (this.server) await this.server.reload(this.accountsText());
    else this.server = await TestServer.start({ accounts: this.accountsText() });
    this.workspace.locate();
    return true;
  }

  private synth(program: ProgramDraw): boolean {
    try {
      this.workspace.synth((app) => declare(program, app));
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!message.startsWith("NATS platform: ")) throw error;
      this.say(`    ${message.split("\n").slice(1, 3).join(" ").slice(0, 200)}`);
      return false;
    }
  }

  /** Applies, and again with the native buckets adopted that are there already. */
  public async apply(program: ProgramDraw, allows: Allows): Promise<Applied> {
    const first = await this.applyAll(allows);
    if (!adoptExisting(program, first.texts) || !this.synth(program)) return first;
    const second = await this.applyAll(allows);
    return {
      outcomes: second.outcomes,
      losses: [...first.losses, ...second.losses],
      texts: [...first.texts, ...second.texts],
      hasAllowed: first.hasAllowed || second.hasAllowed,
    };
  }

  /** Plans, checks and applies stacks in a random order; each as it is after the ones before, or as all were before. */
  private async applyAll(allows: Allows): Promise<Applied> {
    const outcomes = new Map<string, Outcome>();
    const losses: AllowedLoss[] = [];
    const texts: string[] = [];
    let hasAllowed = false;
    await this.initialise();
    for (let round = 0; round < ROUNDS; round++) {
      const names = [...this.stacks.keys()].filter((name) => round === 0 || outcomes.get(name) === "server");
      const order = this.random.shuffled(names);
      const atOnce = this.random.oneIn(2);
      const plan = (name: string) => planned(name, this.stacks.get(name) as Terraform).catch((error) => error as Error);
      const plans = new Map<string, PlannedStack | Error>();
      if (atOnce) await Promise.all(order.map(async (name) => plans.set(name, await plan(name))));
      for (const name of order) {
        const one = plans.get(name) ?? (await plan(name));
        if (one instanceof Error) {
          if (!(one instanceof TerraformError)) throw one;
          texts.push(`${name}: ${one.output}`);
          outcomes.set(name, STOPPED_BY_TERRAFORM.test(one.output) ? "terraform" : "server");
          if (outcomes.get(name) === "server") this.say(`    ${name}, plan: ${errorOf(one.output)}`);
          continue;
        }
        if (one.isEmpty) {
          outcomes.set(name, "applied");
          continue;
        }
        let verdict = checked(one);
        texts.push(`${name}: ${verdict.text}`);
        if (verdict.status !== 0) {
          const onlyForgets = verdict.losses.every(({ kind }) => STAYING.includes(kind));
          const isAllowed = allows === "everything" || (allows === "forgetting" && onlyForgets);
          if (isAllowed && !verdict.isRefused) {
            verdict = checked(one, verdict.names);
            if (verdict.status !== 0) throw new Error(`not let through although all is allowed: ${verdict.text}`);
            losses.push(...verdict.losses);
            hasAllowed = true;
          } else {
            outcomes.set(name, "gate");
            continue;
          }
        }
        losses.push(...verdict.written);
        try {
          await applied(one);
          outcomes.set(name, "applied");
        } catch (error) {
          if (!(error instanceof TerraformError)) throw error;
          texts.push(`${name}: ${error.output}`);
          outcomes.set(name, "server");
          this.say(`    ${name}, apply: ${errorOf(error.output)}`);
        }
      }
    }
    return { outcomes, losses, texts, hasAllowed };
  }

  /** Expects each next plan to be empty. */
  public async unchanged(): Promise<string[]> {
    const found = await Promise.all(
      [...this.stacks].map(async ([stack, terraform]) => {
        try {
          await terraform.run("plan", "-input=false", "-detailed-exitcode");
          return [];
        } catch (error) {
          return [`the next plan of ${stack} is not empty: ${error instanceof TerraformError ? error.output : error}`];
        }
      }),
    );
    return found.flat();
  }

  public async contents(): Promise<Contents> {
    return contentsOfAll(await this.connections());
  }

  public async fill(): Promise<void> {
    await fill((await this.connections()) as Map<string, NatsConnection>, await this.contents(), this.random);
  }
  /** Stops and removes everything. */
  public async stop(): Promise<void> {
    for (const keeper of this.keepers.values()) await keeper.close();
    await this.server?.stop();
    this.workspace.remove();
  }

  /** The accounts file with a user that may do everything in each account that ever was: none is taken from the server. */
  private accountsText(): string {
    const text = withKeepers(this.workspace.accounts).replace(/\$(\w+_PASSWORD)/g, '"pw-$1"');
    const own = [...text.matchAll(/^ {2}([\w-]+) \{$/gm)].map(([, name]) => name as string);
    for (const name of own) if (!WITHOUT_JETSTREAM.test(name)) this.accounts.add(name);
    const gone = [...this.accounts].filter((name) => !own.includes(name));
    const kept = gone.map(
      (name) =>
        `  ${name} {\n    jetstream: enabled\n    users: [ { user: "${keeperOf(name)}", password: "${KEEPER_PASSWORD}" } ]\n  }\n`,
    );
    return text.replace(/^accounts \{\n/m, (head) => `${head}${kept.join("")}`);
  }

  /** Where Terraform is to run, with the passwords of the program as it is now. */
  private async initialise(): Promise<void> {
    const passwords = passwordsFor(this.workspace.accounts);
    for (const stack of this.workspace.stacks) {
      this.stacks.set(stack, this.workspace.terraform(stack, passwords));
      const key = `${stack} ${this.workspace.json(stack).provider !== undefined}`;
      if (this.initialised.has(key)) continue;
      await this.stacks.get(stack)?.init();
      this.initialised.add(key);
    }
  }

  private async connections(): Promise<ReadonlyMap<string, NatsConnection>> {
    for (const account of this.accounts) {
      if (this.keepers.has(account)) continue;
      const identity = { user: keeperOf(account), pass: KEEPER_PASSWORD };
      const keeper = await connect({ servers: this.server?.url as string, ...identity, maxReconnectAttempts: -1 });
      this.keepers.set(account, keeper);
    }
    return this.keepers;
  }
}

/** The accounts in which nothing is stored. */
const WITHOUT_JETSTREAM = /^(MONITOR|ACCESS)$|_MESSAGING$/;

const errorOf = (output: string) =>
  output
    .slice(Math.max(0, output.indexOf("Error:")))
    .replace(/\s+/g, " ")
    .slice(0, 300);
