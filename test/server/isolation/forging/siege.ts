import { type Attempt, type Effect, KINDS, type Kind, MARK, thinned } from "./attempt";
import { changesOf, type Finding } from "./changes";
import { type Family, groupedBy } from "./family";
import type { Field } from "./field";
import { stateOf } from "./state";

/** How much is tried. */
export interface Effort {
  /** Attempts of a family, at most. */
  readonly attempts: number;
  /** Attempts at once. */
  readonly batch: number;
  /** How often a batch is tried again in parts, to find which of its attempts it was. */
  readonly searches: number;
}

/** What came of the attempts of a family. */
export interface Outcome {
  readonly family: string;
  readonly attempts: number;
  readonly effects: readonly Effect[];
}

/** What was seen of some attempts at once. */
interface Seen {
  /** Of attempts that are known. */
  readonly told: ReadonlyMap<number, Finding>;
  /** Of attempts yet to be found. */
  readonly untold: readonly Finding[];
}

const rank = (kind: Kind) => KINDS.indexOf(kind);

/** The worst of what was seen. */
const worst = (findings: readonly Finding[]): Finding =>
  [...findings].sort((one, other) => rank(one.kind) - rank(other.kind))[0] as Finding;

/** Tries the attempts of one family from one field. */
export class Siege {
  private static attempts = 0;
  private readonly effects: Effect[] = [];
  private searches = 0;

  public constructor(
    private readonly field: Field,
    private readonly family: Family,
    private readonly effort: Effort,
  ) {}

  /** Tries everything; undefined if the attacker or the server has not what the family takes. */
  public async run(): Promise<Outcome | undefined> {
    const { field, family, effort } = this;
    if (family.jetStream && !field.account.jetStream) return undefined;
    if (family.ownStreams && field.user) return undefined;
    if (family.since && !field.place.isAtLeast(...family.since)) return undefined;
    const drafts = thinned(family.attempts(field), Math.ceil(effort.attempts * (family.share ?? 1)));
    field.taps.since = Siege.attempts;
    const attempts = drafts.map((draft): Attempt => ({ ...draft, id: ++Siege.attempts }));
    for (const group of groupedBy(attempts, (attempt) => family.together?.(attempt) ?? "").values()) {
      for (let start = 0; start < group.length; start += effort.batch) {
        this.searches = effort.searches;
        await this.search(group.slice(start, start + effort.batch));
      }
    }
    return { family: family.name, attempts: attempts.length, effects: this.effects };
  }

  /** Tries some attempts, and again in halves what nothing tells about. */
  private async search(attempts: readonly Attempt[]): Promise<void> {
    if (attempts.length === 0) return;
    const { told, untold } = await this.look(attempts);
    for (const attempt of attempts) {
      const finding = told.get(attempt.id);
      if (finding) this.note(attempt, finding);
    }
    if (untold.length === 0) return;
    const rest = attempts.filter(({ id }) => !told.has(id));
    const [first] = rest;
    if (!first) return;
    if (rest.length === 1 || this.searches <= 0) return this.note(first, worst(untold));
    this.searches--;
    if (told.size > 0) return this.search(rest);
    const half = Math.ceil(rest.length / 2);
    await this.search(rest.slice(0, half));
    await this.search(rest.slice(half));
  }

  private note(attempt: Attempt, { kind, account, what, called = "", attempt: known }: Finding): void {
    const { target, stored, via = "" } = attempt;
    const { attacker, expected } = this.field;
    // An event that the attacker publishes under its own subject is no other one when it is fetched again.
    const isForged = known !== undefined && called === stored && target !== stored;
    const fetched = !isForged && called !== "" && expected.mayFetch(called);
    this.effects.push({ family: this.family.name, attacker, target, stored, via, kind, account, what, fetched });
  }

  /** Tries some attempts once, and puts back what they have changed. */
  private async look(attempts: readonly Attempt[]): Promise<Seen> {
    const { field, family } = this;
    const { belongings, taps, place, expected } = field;
    await family.run(field, attempts);
    await field.client.flush();
    await field.settle();
    const ended = await field.takeEnded();
    const after = await stateOf(
      place,
      field.victims.map(({ name }) => name),
    );
    const changes = await Promise.all(changesOf(belongings.state, after, expected).map((each) => this.told(each)));
    const findings = [...taps.take(), ...field.takeLearned(), ...ended, ...changes];
    belongings.accept(after);
    const damaged = new Set(changes.map(({ account }) => account));
    if (damaged.size > 0) await field.repair([...damaged]);
    const told = new Map<number, Finding>();
    const untold: Finding[] = [];
    const own = new Set(attempts.map(({ id }) => id));
    for (const finding of findings) {
      const { attempt } = finding;
      if (attempt === undefined || !own.has(attempt)) untold.push(finding);
      else told.set(attempt, worst([finding, ...(told.has(attempt) ? [told.get(attempt) as Finding] : [])]));
    }
    return { told, untold };
  }

  /** What was stored, with the number of the attempt that the message carries. */
  private async told(finding: Finding): Promise<Finding> {
    if (!finding.stored) return finding;
    const { stream, subject } = finding.stored;
    const keeper = this.field.place.keeper(finding.account);
    const { message } = await keeper.ask(`$JS.API.STREAM.MSG.GET.${stream}`, { last_by_subj: subject });
    const number = new RegExp(`${MARK}: ?(\\d+)`).exec(atob(message?.hdrs ?? ""))?.[1];
    return number && message.subject === subject ? { ...finding, attempt: Number(number) } : finding;
  }
}
