import { counted, listed, names } from "../../wording/lists";
import type { Command } from "../command";
import { ExitStatus } from "../exit-status";
import { FORMAT_OPTIONS, writerOf } from "../format-options";
import { CONNECTION_HELP, withServer } from "../server";
import type { Sentence, WrittenReport } from "../written-report";
import { Allowed } from "./allowed";
import { appliedFirst } from "./applied-first";
import { accessIn } from "./document-changes";
import type { Loss } from "./loss";
import { lossesIn } from "./losses";
import { notLookedAt } from "./not-looked-at";
import { askAbout, withAnswers } from "./on-server";
import { notDestroyed, unknownCopies } from "./other-stacks";
import { type Plan, type PlannedChange, readPlan } from "./plan";
import { PlannedAccounts } from "./planned-accounts";
import { ProgramCatalog } from "./program-catalog";
import { ProgramFacts } from "./program-facts";
import type { Surroundings } from "./surroundings";
import { dependsOnNewness } from "./taken-for-new";

/** A loss in words, with what programs want to know of it. */
interface SaidLoss extends Sentence {
  readonly loss: Loss["kind"];
  readonly name: string;
  readonly address: string;
}

const TITLES = {
  refused: "Refused by the server",
  destroyed: "Destroyed",
  emptied: "Emptied",
  overwritten: "Overwritten",
  leftBehind: "Left behind",
  unmanaged: "No longer managed",
  refusedByOld: "Refused by nats-server 2.11",
} as const;

/** The parts of the report, the most important first; the last one makes no plan fail. */
const KINDS = Object.keys(TITLES) as Loss["kind"][];

const isFailing = ({ kind }: Loss) => kind !== "refusedByOld";

const UNFINISHED: Sentence = {
  kind: "changed",
  text: "Terraform could not finish this plan: what is named here is a part, and the plan cannot be applied",
};

const TAKEN_FOR_NEW =
  "What the plan makes was taken for new: `--ask-server` looks whether the server has something of it already, which would be lost.";
const ELSEWHERE_FOR_NEW =
  "What the plan makes in accounts of other users than the one who asks was taken for new: ask as a user of those too.";

function said(loss: Loss, end = ""): SaidLoss {
  const { kind, resource, address, text, details } = loss;
  const sign = kind === "destroyed" ? "removed" : "changed";
  return { kind: sign, text: `${text}${end}`, details, loss: kind, name: resource.name, address };
}

/** What there is to do about a loss, at the end of its sentence. */
function endOf(loss: Loss, allowed: Allowed): string {
  return isFailing(loss) && loss.kind !== "refused" ? `; to allow it: \`${allowed.optionFor(loss)}\`` : "";
}

function summaryOf(plan: Plan, open: readonly Loss[], allowed: readonly Loss[], access: readonly Sentence[]): string {
  const count = (kind: Loss["kind"], what: string) => {
    const { length } = open.filter((each) => each.kind === kind);
    return length > 0 ? [`${length} ${what}`] : [];
  };
  const lost = [
    ...count("destroyed", "destroyed"),
    ...count("emptied", "emptied"),
    ...count("overwritten", "overwritten"),
    ...count("leftBehind", "left behind"),
    ...count("unmanaged", "no longer managed"),
  ];
  const refused = open.filter(({ kind }) => kind === "refused").length;
  return [
    ...(plan.errored ? ["Terraform could not finish the plan, so that it says nothing about the rest."] : []),
    ...(lost.length > 0 ? [`The plan loses something that is not allowed: ${listed(lost)}.`] : []),
    ...(lost.length === 0 && !plan.errored ? ["Nothing is lost that is not allowed."] : []),
    ...(refused > 0 ? [`The server will refuse ${counted(refused, "change")}.`] : []),
    ...(allowed.length > 0 ? [`Allowed: ${allowed.length}.`] : []),
    ...(access.length > 0
      ? [`${counted(access.length, "access document")} ${access.length === 1 ? "changes" : "change"}.`]
      : []),
  ].join(" ");
}

function reportOf(
  plan: Plan,
  names: readonly string[],
  losses: readonly Loss[],
  note: string | undefined,
): WrittenReport {
  const allowed = new Allowed(names, plan.changes, losses);
  const open = losses.filter((loss) => !allowed.has(loss));
  const granted = losses.filter((loss) => allowed.has(loss));
  const access = accessIn(plan.changes);
  const failing = open.filter(isFailing);
  const sections = KINDS.map((kind) => ({
    name: kind,
    title: TITLES[kind],
    sentences: open.filter((loss) => loss.kind === kind).map((loss) => said(loss, endOf(loss, allowed))),
  }));
  return {
    title: "What the plan loses on NATS",
    summary: summaryOf(plan, open, granted, access),
    facts: { passes: failing.length === 0 && !plan.errored },
    sections: [
      { name: "unfinished", title: "Not finished", sentences: plan.errored ? [UNFINISHED] : [] },
      { name: "appliedFirst", title: "To apply before the new accounts file", sentences: appliedFirst(plan.changes) },
      ...sections,
      { name: "allowed", title: "Lost, and allowed", sentences: granted.map((loss) => said(loss)) },
      { name: "unneeded", title: "Named by --allow without need", sentences: allowed.unneeded },
      { name: "access", title: "Who gains and loses access", sentences: access },
    ],
    ...(note !== undefined && { note }),
  };
}

/** What a plan would lose by itself, and does not by what the server has: another server may have more. */
function sparedText(planned: readonly Loss[], known: readonly Loss[]): string | undefined {
  const key = ({ kind, address }: Loss) => `${kind} ${address}`;
  const open = new Set(known.map(key));
  const spared = planned.filter((loss) => loss.kind === "emptied" && !open.has(key(loss)));
  if (spared.length === 0) return undefined;
  return `By what this server has, nothing is lost of ${names([...new Set(spared.map(({ resource }) => resource.name))])}; by the plan alone it could be.`;
}

/** What was taken for new, where a plan loses more if it is not, and what the server was not asked about. */
function noteOf(changes: readonly PlannedChange[], surroundings: Surroundings): string | undefined {
  const { server, accounts } = surroundings;
  const taken = dependsOnNewness(changes, surroundings);
  const texts = [
    taken ? (server ? ELSEWHERE_FOR_NEW : TAKEN_FOR_NEW) : undefined,
    unknownCopies(changes, surroundings),
    ...(server ? [notDestroyed(changes, surroundings), notLookedAt(changes, accounts)] : []),
  ].filter((text) => text !== undefined);
  return texts.length > 0 ? texts.join(" ") : undefined;
}

/** What a plan of Terraform loses: the gate of a pipeline. */
export const checkPlan: Command = {
  name: "check-plan",
  words: ["PLAN.json"],
  about: "what a plan of Terraform loses, in words; fails unless each loss is allowed by its name",
  help: [
    "PLAN.json is what `terraform show -json FILE` or `tofu show -json FILE` prints. Streams, buckets",
    "and consumers that are destroyed, replaced, emptied, no longer managed or not found any more are",
    "losses, and keys that are destroyed or may be overwritten, but those of access documents. A change",
    "that the server will refuse cannot be allowed. Who gains and loses access is said after that, and",
    "makes no plan fail. What is to be applied before the server gets the new accounts file is said first.",
    "",
    "A plan does not say in which account a stream is, what it was formerly, and how streams of other",
    "stacks keep messages. The program's catalog does: the one that --catalog names, or else the only one",
    "beside the plan, in the other stacks of its folder, or in cdktf.out/stacks. Without a catalog more is",
    "a loss.",
    "",
    "What the plan makes is taken for new without --ask-server, and the last line says so where that",
    "matters. With --ask-server, messages, values and consumers that the server has already under such a",
    "name count as existing; an update is compared with what the server has, and not with what the plan",
    "has from before; what has no messages loses none to a copy, a limit or a consumer, which is said. It says how many",
    "messages there are in what loses some, and what the plan makes that belongs to another program",
    "already (`owner` of the platform). What is in another account than that of the user counts as not",
    "looked at.",
    "",
    ...CONNECTION_HELP,
    "",
    "An entry of --allow is a name or an address, which allows all that becomes of it; or a kind of loss,",
    "a colon and such a name, which allows only that. `destroyed`: it is gone. `emptied`: some or all of",
    "its messages are deleted. `overwritten`: it gets another value, consumer or owner. `leftBehind`: it",
    "is made anew, or forgotten, and its data stays in another account. `unmanaged`: it stays as it is,",
    "and Terraform no longer has it, or another stack does. The report names the entry for each loss.",
    "",
    "Exit status: 0 nothing is lost but what is allowed, 4 something is, the server will refuse a change,",
    "or Terraform could not finish the plan. 2 called in a wrong way, no readable plan, or no answer of",
    "the server. An entry that is not needed changes nothing and is said, so that one list can be for",
    "several stacks.",
  ],
  options: {
    allow: {
      value: "[KIND:]NAME",
      repeats: true,
      about: "allow what is lost of a stream or bucket, by its name or address; may be given several times",
    },
    catalog: { value: "FILE", about: "the catalog of the program; by default the one that is near the plan" },
    "ask-server": { about: "ask the server of the environment for what it has of all that the plan is about" },
    ...FORMAT_OPTIONS,
  },
  examples: ["check-plan plan.json", "check-plan plan.json --allow destroyed:prod_cache --format markdown"],
  run({ words: [path = ""], options, switches, repeated }, io) {
    const write = writerOf(options);
    const plan = readPlan(path, io.cwd);
    const catalog = new ProgramCatalog(path, options.catalog, io.cwd);
    const facts = new ProgramFacts(() => catalog.read());
    const finish = (known: Plan, losses: readonly Loss[], surroundings: Surroundings, spared?: string) => {
      const notes = [spared, noteOf(known.changes, surroundings), catalog.note(losses)].filter(
        (each) => each !== undefined,
      );
      const note = notes.length > 0 ? notes.join(" ") : undefined;
      const report = reportOf(known, repeated.allow ?? [], losses, note);
      io.out(write(report));
      return report.facts.passes ? ExitStatus.OK : ExitStatus.LOST;
    };
    const unasked: Surroundings = { facts, accounts: new PlannedAccounts(facts, plan.changes) };
    const losses = lossesIn(plan.changes, unasked);
    if (!switches.has("ask-server")) return finish(plan, losses, unasked);
    return withServer(async (server) => {
      const asked = await askAbout(server, plan.changes, losses, facts);
      const { changes, surroundings } = asked;
      const known = withAnswers(lossesIn(changes, surroundings), asked);
      return finish({ ...plan, changes }, known, surroundings, sparedText(losses, known));
    });
  },
};
