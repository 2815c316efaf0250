import { effectiveHoles } from "../../analysis/beyond";
import { valueAt } from "../../collections/groups";
import { inOrder } from "../../collections/order";
import { holeText } from "../../wording/hole-text";
import { names } from "../../wording/lists";
import type { Phrase } from "../../wording/phrase";
import type { CatalogView } from "../catalog-view";
import { accessChange, type Change } from "./change";
import { inBoth, type Pair, pairs } from "./pairs";
import { moreThan } from "./user-difference";
import { type KnownUser, usersOf } from "./world";

type UserPair = Pair<KnownUser>;

const byRank = (one: Phrase, other: Phrase) => one.rank - other.rank || inOrder(one.text, other.text);

/** The users of two catalogs by name. */
export function userPairs(before: CatalogView, after: CatalogView): UserPair[] {
  return pairs(usersOf(before), usersOf(after), ({ facts }) => facts.name);
}

function userText({ facts, account }: KnownUser): string {
  return `user \`${facts.name}\` (${facts.role}) of account \`${account.name}\``;
}

/** A change and how important it is; lower is more. */
interface Ranked {
  readonly change: Change;
  readonly rank: number;
}

/** Behind what is of other apps' data and services, and before what is of the user's own. */
const RANK_OF_USER = 8;

function wholeUser(user: KnownUser, kind: "added" | "removed"): Ranked {
  const can = kind === "added" ? "can" : "could";
  const phrases = moreThan(user).sort(byRank);
  const holes = kind === "added" ? effectiveHoles(user.view, user.access) : [];
  const beyond = holes.map((hole) => `beyond its permissions: ${holeText(hole, user.facts.name)}`);
  const details = [...phrases.map(({ text }) => `${can} ${text}`), ...new Set(beyond)];
  const text = `${userText(user)} ${kind}`;
  return { rank: RANK_OF_USER, change: accessChange(kind, text, { users: [user.facts.name], details }) };
}

/** One change for each phrase, with all users that it holds for. */
function together(found: readonly (readonly [string, Phrase[]])[], kind: "added" | "removed"): Ranked[] {
  const byText = new Map<string, { readonly phrase: Phrase; readonly users: string[] }>();
  for (const [user, phrases] of found) {
    for (const phrase of phrases) {
      valueAt(byText, phrase.text, () => ({ phrase, users: [] })).users.push(user);
    }
  }
  const verb = kind === "added" ? "can now" : "can no longer";
  return [...byText.values()].map(({ phrase, users }) => {
    const text = `${names(users)} ${verb} ${phrase.text}`;
    return { rank: phrase.rank, change: accessChange(kind, text, { users }) };
  });
}

function sorted(changes: readonly Ranked[]): Change[] {
  return [...changes]
    .sort((one, other) => one.rank - other.rank || inOrder(one.change.text, other.change.text))
    .map(({ change }) => change);
}

/** What users can do now and could not before. */
export function gained(users: readonly UserPair[]): Change[] {
  const existing = inBoth(users).map(({ key, before, after }) => {
    return [key, moreThan(after, before, "; before, only")] as const;
  });
  const fresh = users.flatMap(({ before, after }) => (after && !before ? [wholeUser(after, "added")] : []));
  return sorted([...together(existing, "added"), ...fresh]);
}

/** What users could do before and cannot now. */
export function lost(users: readonly UserPair[]): Change[] {
  const existing = inBoth(users).map(({ key, before, after }) => {
    return [key, moreThan(before, after, ", only")] as const;
  });
  const gone = users.flatMap(({ before, after }) => (before && !after ? [wholeUser(before, "removed")] : []));
  return sorted([...together(existing, "removed"), ...gone]);
}
