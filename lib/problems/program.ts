import type { IConstruct } from "constructs";
import { valueAt } from "../collections/groups";
import { attached } from "./attached";
import { describeProblems, type Fault, type Faults, type Problem } from "./fault";
import { withoutPlaceholders } from "./placeholder";
import { isInTree } from "./tree";

/** Something that only one construct of a program may have; the value is what the message calls it. */
export type ClaimKind = "platform" | "app" | "account" | "user" | "resource" | "consumer" | "Litestream replica";

/** Reports what is wrong at a construct, for who does not know the construct. */
export const reporterOf =
  (construct: IConstruct) =>
  (...faults: Faults): void =>
    Program.of(construct).report(construct, ...faults);

/** Faults at a construct. */
export function problemsOf(construct: IConstruct, faults: Faults): Problem[] {
  return faults.flatMap((fault) => (fault ? [{ path: construct.node.path, ...fault }] : []));
}

/**
 * What the constructs of one program know of each other: the problems found so far and the names that are taken.
 *
 * A constructor never throws for bad input. It reports here, and the first stack that is prepared for synthesis refuses
 * the whole program with all problems in one error, before anything is written.
 */
export class Program {
  /** The program that a construct belongs to: the tree under one root. */
  public static of(construct: IConstruct): Program {
    return attached(construct.node.root, "program", () => new Program());
  }

  private readonly problems: Problem[] = [];
  private readonly claims = new Map<ClaimKind, Map<string, IConstruct>>();
  private readonly duplicates = new Set<IConstruct>();
  private readonly kept = new Set<IConstruct>();
  private readonly checks: Array<() => readonly Problem[]> = [];
  private valid = "";
  private changes = 0;

  /** Records what is wrong at a construct. */
  public report(construct: IConstruct, ...faults: Faults): void {
    this.problems.push(...problemsOf(construct, faults));
  }

  /** How many problems are reported so far. */
  public get count(): number {
    return this.problems.length;
  }

  /** Counts the changes of the program, so that what follows from it can be kept until the next one. */
  public get revision(): number {
    return this.changes;
  }

  /** Notes that a construct must stay in the tree, since something goes by it. */
  public keep(construct: IConstruct): void {
    this.kept.add(construct);
  }

  /** Notes that a construct says something new. */
  public changed(): void {
    this.changes++;
  }

  /** Adds a check that can be made only when the program is complete. */
  public atSynth(check: () => readonly Problem[]): void {
    this.checks.push(check);
    this.changed();
  }

  /**
   * Takes a name for a construct. If another construct has it, that is reported with both paths.
   *
   * @param fix what to do about it
   * @returns whether the construct has the name
   */
  public claim(kind: ClaimKind, name: string, construct: IConstruct, fix = "Rename one of the two"): boolean {
    const taken = valueAt(this.claims, kind, () => new Map<string, IConstruct>());
    const holder = valueAt(taken, name, () => construct);
    if (holder === construct) return true;
    if (!this.isDuplicate(construct)) {
      if (kind === "platform" || kind === "app") this.duplicates.add(construct);
      this.report(construct, {
        what: `${kind} name is already taken by [${holder.node.path}]`,
        value: name,
        allowed: `each ${kind} name once in a program, in whichever stack`,
        fix,
      });
    }
    return false;
  }

  /**
   * Reports a reference by name to what the program declares itself, unless that is to go.
   *
   * @param itself what to pass in its place
   */
  public reportOwn(reference: IConstruct, kind: ClaimKind, name: string, itself: string): void {
    this.atSynth(() => {
      const own = this.claims.get(kind)?.get(name);
      if (!own || (own as IConstruct & { readonly _goes?: boolean })._goes) return [];
      const what = `${kind} is referred to by its name that this program declares [${own.node.path}]`;
      const allowed =
        "references to what other programs declare: what this one declares is checked and ordered by itself";
      return problemsOf(reference, [{ what, value: name, allowed, fix: `Pass ${itself}` }]);
    });
  }

  /**
   * Whether a construct is, or is in, a platform or app whose name is taken. What it holds then has names that are taken
   * too, which is no news.
   */
  public isDuplicate(construct: IConstruct): boolean {
    return this.duplicates.size > 0 && construct.node.scopes.some((scope) => this.duplicates.has(scope));
  }

  /**
   * Refuses a program with problems.
   *
   * @param written the stacks that are written already
   * @throws one error with all problems
   */
  public assertValid(written: readonly string[] = []): void {
    const now = `${this.changes} ${this.problems.length}`;
    if (this.valid === now) return;
    this.assertNoneRemoved(written);
    const found = [...this.problems, ...this.checks.flatMap((check) => check())];
    if (found.length > 0) throw new Error(describeProblems(found.map(withoutPlaceholders), written));
    this.valid = now;
  }

  /**
   * Refuses a program of which something is no longer in the tree, though others may know it.
   *
   * @param written the stacks that are written already
   * @throws one error with all that is removed
   */
  public assertNoneRemoved(written: readonly string[]): void {
    const holders = new Set([...this.kept, ...[...this.claims.values()].flatMap((taken) => [...taken.values()])]);
    const known = new Set<IConstruct>();
    const removed = [...holders].filter((holder) => !isInTree(holder, known));
    if (removed.length === 0) return;
    throw new Error(
      describeProblems(
        removed.flatMap((holder) => problemsOf(holder, [REMOVED_FAULT])),
        written,
      ),
    );
  }
}

const REMOVED_FAULT: Fault = {
  what: "construct is removed from the tree after it was declared, when others know it already",
  allowed: "constructs that stay where they are declared",
  fix: "Do not declare it, instead of node.tryRemoveChild(); to let go of what is applied, set retired",
};
