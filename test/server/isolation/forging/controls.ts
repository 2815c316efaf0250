import { type AccountByHand, worldByHand } from "./by-hand";
import { Campaign } from "./campaign";
import { FAMILIES } from "./families";
import type { Family } from "./family";
import { GUARDED, TOGETHER, UNGUARDED } from "./shapes";
import type { Effort, Outcome } from "./siege";

/** Accounts in which a family must have an effect, so that finding none elsewhere says something. */
interface Faulty {
  readonly known: readonly AccountByHand[];
  readonly running: readonly AccountByHand[];
  readonly attacker: string;
}

/** Storage and imports in one account. */
const MIXED: Faulty = { known: TOGETHER, running: TOGETHER, attacker: "PROD_CONVEX" };

/** Imports of which the attacks are not told, so that whatever passes them is an effect. */
const LEAKING: Faulty = { known: GUARDED, running: UNGUARDED, attacker: "APP" };

/** The families whose messages are called as the subject that they are sent to. */
const LEAKED = new Set([
  "publish with a reply",
  "ask under others' names",
  "answer of the own API",
  "mappings",
  "headers",
  "message traces",
  "direct get",
  "batched direct get",
  "get of a message",
  "republish",
  "external, others' messages",
]);

/** The families that can have no effect on any version, and why. */
export const HARMLESS: { readonly [family: string]: string } = {
  "external, own messages": "the server refuses an external API that is the account's own",
  "import's answer to a call":
    "the server takes no request of a client whose answer is to go to another account's call",
};

/** What came of the controls of one version of the server. */
export interface ControlResult {
  readonly family: string;
  readonly outcome?: Outcome;
  /** What is wrong, if anything. */
  readonly failure?: string;
}

/** Tries each family where it must have an effect. */
export async function runControls(effort: Effort, families: readonly Family[] = FAMILIES): Promise<ControlResult[]> {
  const leaked = families.filter(({ name }) => LEAKED.has(name));
  const mixed = families.filter(({ name }) => !LEAKED.has(name));
  return [...(await runOn(LEAKING, leaked, effort)), ...(await runOn(MIXED, mixed, effort))];
}

async function runOn({ known, running, attacker }: Faulty, families: readonly Family[], effort: Effort) {
  const { place, stop } = await worldByHand(known, running);
  try {
    const outcomes = await (await Campaign.at(place, effort)).run({ account: attacker }, families);
    return families.map(({ name, since }): ControlResult => {
      const outcome = outcomes.find(({ family }) => family === name);
      if (!outcome) return since ? { family: name } : { family: name, failure: "was not tried" };
      const failure = failureOf(outcome, place.version);
      return { family: name, outcome, ...(failure && { failure }) };
    });
  } finally {
    await stop();
  }
}

function failureOf({ family, attempts, effects }: Outcome, version: string): string | undefined {
  if (attempts === 0) return "there was nothing to try";
  if (family in HARMLESS) {
    return effects.length === 0 ? undefined : `nats-server ${version} opens ${family}: ${effects[0]?.what}`;
  }
  return effects.length > 0 ? undefined : `nats-server ${version} closes ${family}: say so in SECURITY.md`;
}
