import type { FileAccount } from "../../server-config/file-account";
import { accountsIn } from "../../server-config/read-accounts-text";
import { counted, someOf } from "../../wording/lists";
import { isInForce, type Outcome, outcomeText } from "../accounts/outcome";
import type { Rendering } from "../accounts/rendering";
import { type Secrets, secretLine } from "../accounts/secrets";
import { type ServerFile, serverFileOf } from "../accounts/server-file";
import type { SystemLink } from "../accounts/system-link";
import type { Look } from "../accounts/watch";
import { WrittenFile } from "../accounts/written-file";
import { AcceptedFile, type Generation } from "./accepted-file";
import { changeLines } from "./change-lines";
import { chosen, type Judge, type Objection } from "./choice";
import { documentsPrint, type Inputs, type References, referencesIn, valuesPrint } from "./inputs";
import { type Judged, judgeOf, type UnitJudge } from "./judge";
import { digestIn, secretsIn, withMarker } from "./marker";
import { noticeText } from "./notice-text";
import { type Candidate, proposalOf, type Reading, type Units, unitsInForce, withChanges } from "./proposal";
import { refusals } from "./refusals";
import { removalsBy, usersOf } from "./removals";
import { isOfPlatform, type Notice, type Unit, type UnitsFound } from "./unit";

/** What is followed, and where to. */
export interface FollowOptions {
  /** The file that the server's configuration includes. */
  readonly path: string;
  /** How many users a change may take away; where there is no limit, also what is gone without a trace goes. */
  readonly maxRemovals: number;
  /** The documents of platforms that have no bucket yet; asked for as long as there is such a platform. */
  start(): Pick<UnitsFound, "whole" | "waiting">;
  rendering(): Rendering;
  /** The passwords; undefined where the server has them in its environment. */
  secrets(): Secrets | undefined;
  /** Says what changes, in lines. */
  log(lines: readonly string[]): void;
}

/** What is known behind a look, for whoever watches the process. */
export interface FollowState {
  readonly isInForce: boolean;
  /** The digest of the accounts that are in force; undefined before anything is. */
  readonly digest: string | undefined;
  readonly notices: readonly Notice[];
  readonly documents: number;
  readonly users: number;
}

/** Reads the buckets. */
export interface DocumentReader {
  read(): Promise<readonly Reading[]>;
}

/** What was decided of some inputs. */
interface Decision {
  readonly before: Units;
  readonly inputs: Inputs;
  readonly judge: UnitJudge;
  readonly candidates: readonly Candidate[];
  readonly notices: readonly Notice[];
  /** When it is made again though nothing has changed: where the server has refused something. */
  readonly again: number;
}

/** A decision, with what it was made of: as long as that is the same, it stands. */
interface Plan extends Decision {
  readonly documents: string;
  readonly references: References;
  readonly values: string;
}

/** The file of some accounts. */
interface Rendered {
  readonly accounts: readonly FileAccount[];
  /** The accounts, with the mark of their digest. */
  readonly content: string;
  readonly digest: string;
}

/** Ends the choice: the server was asked and does not answer. */
class Interrupted extends Error {}

/** How long something that a server has refused is not tried again, in milliseconds, unless something changes. */
const TRY_AGAIN_MILLIS = 60_000;

/**
 * Brings the documents of buckets into force on a server. What cannot be read, is not whole or is wrong leaves what it is about
 * as it is, on the server and on disk.
 */
export class Follower {
  private readonly written: WrittenFile;
  private readonly acceptedFile: AcceptedFile;
  /** What is in force, as far as it is known. */
  private current: Generation | undefined;
  /** All units whose change was told last. */
  private shown: readonly Unit[] = [];
  private plan: Plan | undefined;
  private rendered: Rendered | undefined;
  private damage: string | undefined;
  private lacking: readonly string[] = [];
  private last: FollowState = { isInForce: false, digest: undefined, notices: [], documents: 0, users: 0 };

  public constructor(
    private readonly options: FollowOptions,
    private readonly reader: DocumentReader,
    private readonly link: Pick<SystemLink, "putInForce">,
  ) {
    this.written = new WrittenFile(options.path);
    this.acceptedFile = new AcceptedFile(options.path);
  }

  /** What is known behind the last look. */
  public get state(): FollowState {
    return this.last;
  }

  /** Reads what there is to read, brings what can be into force, and says what came of it. @throws a refusal where an input is wrong */
  public async look(): Promise<Look> {
    const readings = await this.reader.read();
    const { units: accepted } = this.known();
    const inputs = this.inputs(readings, accepted);
    const documents = documentsPrint(inputs);
    const isSame = this.plan?.documents === documents;
    const references = isSame && this.plan ? this.plan.references : referencesIn(inputs, [...accepted.values()]);
    const values = valuesPrint(inputs, references);
    if (!isSame || this.plan?.values !== values || Date.now() > this.plan.again)
      this.plan = { ...(await this.planOf(inputs, accepted)), documents, references, values };
    return this.carryOut(this.plan);
  }

  /** What is accepted, as the file beside the accounts says it when it is asked for the first time. */
  private known(): Generation {
    if (this.current) return this.current;
    const proven = this.written.proven();
    const digest = proven === undefined ? "" : digestIn(proven);
    this.current = { digest, units: this.acceptedBefore(digest) };
    this.shown = [...this.current.units.values()];
    return this.current;
  }

  private acceptedBefore(digest: string): Units {
    try {
      return this.acceptedFile.read(digest);
    } catch (error) {
      this.damage = `what was accepted before is not known, since its file is damaged: ${(error as Error).message}`;
      return new Map();
    }
  }

  private inputs(readings: readonly Reading[], accepted: Units): Inputs {
    const begun = new Set([...accepted.values()].filter(isOfPlatform).map(({ platform }) => platform));
    const asked = readings.map(({ platform }) => platform).filter((platform) => !begun.has(platform));
    const found = asked.length === 0 ? { whole: [], waiting: [] } : this.options.start();
    const isAsked = ({ platform }: Pick<Unit, "platform">) => asked.includes(platform);
    return {
      readings,
      start: found.whole.filter(isAsked),
      startNotices: found.waiting.filter(isAsked),
      rendering: this.options.rendering(),
      secrets: this.options.secrets(),
    };
  }

  private async planOf(inputs: Inputs, before: Units): Promise<Decision> {
    const { start, rendering, secrets } = inputs;
    const former = this.formerSecrets();
    const hasValue = secrets && ((name: string) => Boolean(secrets(name)) || former.has(name));
    const judge = judgeOf({ ...rendering, ...(hasValue && { hasValue }) });
    const { candidates, notices } = proposalOf(
      before,
      inputs.readings,
      this.options.maxRemovals === Number.POSITIVE_INFINITY,
    );
    const all = (some: readonly Candidate[]) => unitsInForce(withChanges(before, some), start);
    const removals = removalsBy(candidates, before, all([]), all(candidates));
    const held = removals.users.length > this.options.maxRemovals ? removals.candidates : [];
    const free = candidates.filter((each) => !held.includes(each));
    const { taken, refused } = await chosen(free, async (some) => judge.objectionsTo(all(some)));
    const why = this.tooMany(removals.users);
    return {
      ...{ before, inputs, judge },
      candidates: taken,
      notices: [
        ...inputs.startNotices,
        ...notices,
        ...held.map(({ platform, app, stack }): Notice => ({ platform, app, stack, kind: "held", why })),
        ...refusals(refused),
      ],
      again: Number.POSITIVE_INFINITY,
    };
  }

  private tooMany(users: readonly string[]): string {
    const most = this.options.maxRemovals;
    return `${counted(users.length, "user")} would go, and ${most} may: ${someOf(users, 5)}. To do: --max-removals ${users.length}, if that is meant`;
  }

  /** The lines with secrets that are on disk, by their variables. */
  private formerSecrets(): ReadonlyMap<string, string> {
    const proven = this.written.proven();
    return proven === undefined ? new Map() : secretsIn(proven);
  }

  private async carryOut(plan: Plan): Promise<Look> {
    const { before, candidates, inputs } = plan;
    let outcome: Outcome | undefined;
    const bring: Judge = async (some) => {
      const units = withChanges(before, some);
      const all = unitsInForce(units, inputs.start);
      const judged = plan.judge.judge(all);
      const wrong = judged.objections.length > 0 ? judged.objections : this.guard(judged.accounts);
      if (wrong.length > 0) return wrong;
      const came = await this.put(judged, units, inputs);
      if (came.kind === "refused") return [{ text: came.reason }];
      outcome = came;
      if (came.kind === "unreachable" || came.kind === "unknown") throw new Interrupted();
      this.tell(all);
      return [];
    };
    try {
      const { taken, refused } = await chosen(candidates, bring);
      const again = refused.size > 0 ? Date.now() + TRY_AGAIN_MILLIS : plan.again;
      this.plan = { ...plan, candidates: taken, notices: [...plan.notices, ...refusals(refused)], again };
      const isLeft = taken.length === 0 && unitsInForce(before, inputs.start).length > 0;
      const stopping = isLeft ? await bring([]) : [];
      return this.told(this.plan, outcome, stopping);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      return this.told(plan, outcome, []);
    }
  }

  /** What speaks against a file that takes away more users than a change may, of those in the file that is there. */
  private guard(accounts: readonly FileAccount[]): readonly Objection[] {
    if (this.rendered?.accounts === accounts) return [];
    const proven = this.written.proven();
    if (proven === undefined) return [];
    const left = new Set(accounts.flatMap(({ users }) => users.map(({ name }) => name)));
    const gone = accountsIn(proven).users.filter((user) => !left.has(user));
    return gone.length > this.options.maxRemovals ? [{ text: this.tooMany(gone) }] : [];
  }

  private async put(judged: Judged, units: Units, inputs: Inputs): Promise<Outcome> {
    const rendered = this.renderedOf(judged);
    const next = { digest: rendered.digest, units };
    this.acceptedFile.write(this.known(), next);
    const outcome = await this.link.putInForce(this.fileOf(rendered, inputs));
    if (outcome.kind === "inForce" || outcome.kind === "unchanged") {
      this.current = next;
      this.acceptedFile.write(next, next);
    }
    return outcome;
  }

  private renderedOf({ accounts, text }: Judged): Rendered {
    if (this.rendered?.accounts === accounts) return this.rendered;
    const content = withMarker(text);
    this.rendered = { accounts, content, digest: digestIn(content) };
    return this.rendered;
  }

  /** The file with its secrets; where one is not given any more, that which is on disk stays. */
  private fileOf({ content }: Rendered, { secrets }: Inputs): ServerFile {
    if (!secrets) return serverFileOf(this.options.path, content, undefined);
    const former = this.formerSecrets();
    const lacking: string[] = [];
    const lineOf = (name: string) => {
      const value = secrets(name);
      if (value) return secretLine(name, value);
      lacking.push(name);
      return former.get(name) ?? "";
    };
    const file = serverFileOf(this.options.path, content, (variables) => variables.map(lineOf).join(""));
    this.lacking = lacking;
    return file;
  }

  private tell(all: readonly Unit[]): void {
    const lines = changeLines(this.shown, all);
    if (lines.length > 0) this.options.log(lines);
    this.shown = all;
  }

  private told({ notices }: Plan, outcome: Outcome | undefined, stopping: readonly Objection[]): Look {
    const lines = [
      ...(this.damage === undefined ? [] : [this.damage]),
      ...(this.lacking.length > 0 ? [`the secrets lack ${someOf(this.lacking)}: the former values stay`] : []),
      ...notices.map(noticeText),
    ];
    const isRight = stopping.length === 0 && outcome !== undefined && isInForce(outcome);
    this.last = {
      isInForce: isRight && lines.length === 0,
      digest: isRight ? this.rendered?.digest : undefined,
      notices,
      documents: this.shown.reduce((sum, { documents }) => sum + documents.length, 0),
      users: usersOf(this.shown).size,
    };
    const head = this.headOf(outcome, stopping);
    return { text: [head, ...lines.map((line) => `  ${line}`)].join("\n"), isInForce: this.last.isInForce };
  }

  private headOf(outcome: Outcome | undefined, stopping: readonly Objection[]): string {
    if (stopping.length > 0) return `Left as it is: ${stopping.map(({ text }) => text).join("; ")}`;
    if (outcome === undefined) return "Left as it is: there are no documents that could be in force";
    if (outcome.kind !== "inForce" && outcome.kind !== "unchanged") return outcomeText(outcome);
    const warning = outcome.kind === "inForce" ? outcome.warning : undefined;
    return `In force: accounts ${this.rendered?.digest}${warning ? `\n  but ${warning}` : ""}`;
  }
}
