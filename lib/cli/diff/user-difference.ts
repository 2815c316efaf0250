import { isDeepStrictEqual } from "node:util";
import type { Direction } from "../../access/grant";
import type { Step } from "../../analysis/course";
import type { Act } from "../../analysis/jetstream-api";
import type { Ability } from "../../analysis/user-access";
import type { CatalogLine, CatalogResource } from "../../catalog/catalog";
import { heldSubjects } from "../../catalog/held-subjects";
import { inOrder } from "../../collections/order";
import { isCovered } from "../../subjects/subject-difference";
import { covers } from "../../subjects/subject-pattern";
import { listed } from "../../wording/lists";
import { isPartOf, type Part, partsOf, partsText, partsWithin } from "../../wording/parts";
import { linePhrases, type Phrase, resourcePhrases } from "../../wording/phrase";
import { type Use, usesOf } from "../../wording/uses";
import { deniedSubjects, effectiveLines, furtherLines } from "./user-lines";
import { isOwn, type KnownUser } from "./world";

const DIRECTIONS: readonly Direction[] = ["publish", "subscribe"];

/** What one has of a stream beyond what another has. */
interface Surplus {
  readonly resource: CatalogResource;
  readonly parts: Map<Act, Part[]>;
  /** What the other has of it still, by the act. */
  readonly rest: Map<Act, readonly Part[]>;
}

/** Whether an ability was there too, so that only the stream it is about is new. */
function hadLine({ by, line, through }: Ability, other: KnownUser): boolean {
  const lines = other.access.member.permissions[by === "subscribe" ? "subscribe" : "publish"];
  const had = lines.some(({ subject: pattern }) => pattern === line.subject);
  return had && through.every((step) => hadStep(step, other));
}

function hadStep(step: Step, { account, view }: KnownUser): boolean {
  switch (step.kind) {
    case "import": {
      const { kind, account: from, subject, to } = step.import;
      return account.imports.some(
        (each) => each.kind === kind && each.account === from && each.subject === subject && each.to === to,
      );
    }
    case "republish":
      return view
        .named(step.resource.stream)
        .some(({ republish }) => isDeepStrictEqual(republish, step.resource.republish));
    case "copy":
      return view
        .named(step.resource.stream)
        .some(({ origins = [] }) => origins.some((origin) => isDeepStrictEqual(origin, step.origin)));
  }
}

/** Whether another catalog has a stream with the same subjects. */
function hasAlike({ view }: KnownUser, resource: CatalogResource): boolean {
  const held = heldSubjects(resource).join(" ");
  return view.named(resource.stream).some((each) => heldSubjects(each).join(" ") === held);
}

function surplusOf(use: Use, user: KnownUser, other: KnownUser, others: readonly Part[]): Part[] {
  const { resource, parts, abilities } = use;
  const beyond = parts.filter((part) => !isPartOf(part, others, resource));
  if (beyond.length === 0 || user.access.member.user.name !== other.access.member.user.name) return beyond;
  if (hasAlike(other, resource)) return beyond;
  const fresh = abilities.filter((ability) => !hadLine(ability, other));
  const by = fresh.flatMap((ability) => partsOf(ability, resource));
  return beyond.filter((part) => isPartOf(part, by, resource));
}

/** What a user has of streams and buckets beyond what another has, or beyond nothing. */
function surplus(user: KnownUser, other: KnownUser | undefined): Surplus[] {
  const others = other ? usesOf(other.access) : new Map<string, Use>();
  const found = new Map<string, Surplus>();
  for (const [key, use] of usesOf(user.access)) {
    const had = others.get(key)?.parts ?? [];
    const parts = other ? surplusOf(use, user, other, had) : [...use.parts];
    if (parts.length === 0) continue;
    const known = found.get(use.resource.stream) ?? { resource: use.resource, parts: new Map(), rest: new Map() };
    found.set(use.resource.stream, known);
    known.parts.set(use.act, parts);
    known.rest.set(use.act, partsWithin(had, parts, use.resource));
  }
  return [...found.values()];
}

/** The lines of a user that another does not have, nor wider ones. */
function surplusLines(user: KnownUser, other: KnownUser | undefined, direction: Direction): CatalogLine[] {
  const lines = furtherLines(user.access, direction);
  if (!other) return lines;
  const others = effectiveLines(other.access.member, direction);
  return lines.filter(({ subject: pattern, queue }) => {
    const alike = others.filter((line) => line.queue === undefined || line.queue === queue);
    return !isCovered(
      pattern,
      alike.map((line) => line.subject),
    );
  });
}

/**
 * What a user can do that another cannot. All that it can do, without another.
 *
 * @param restText the words before what the other can do of it
 */
export function moreThan(user: KnownUser, other?: KnownUser, restText = ""): Phrase[] {
  const resources = surplus(user, other).flatMap(({ resource, parts, rest }) => {
    const left = [...parts.keys()].flatMap((act) => rest.get(act) ?? []);
    const only = left.length > 0 ? `${restText} ${partsText(distinctParts(left), resource)}` : "";
    return resourcePhrases(resource, parts, isOwn(user, resource)).map(({ text, rank }) => ({
      text: text + (other ? only : ""),
      rank,
    }));
  });
  const lines = DIRECTIONS.flatMap((direction) => linePhrases(surplusLines(user, other, direction), direction));
  const freed = other ? DIRECTIONS.flatMap((direction) => freedPhrases(user, other, direction)) : [];
  const groups = other ? groupPhrases(user, other) : [];
  return [...resources, ...lines, ...freed, ...groups];
}

function distinctParts(parts: readonly Part[]): Part[] {
  return [...new Map(parts.map((part) => [`${part.subject} ${part.consumer}`, part])).values()];
}

/** Whether a user may subscribe to a pattern, but only in certain queue groups or in none. */
function isLimited({ access }: KnownUser, pattern: string): boolean {
  const { permissions } = access.member;
  const inGroups = permissions.subscribe.some((line) => line.queue !== undefined && covers(line.subject, pattern));
  return inGroups && permissions.maySubscribe(pattern).allowed;
}

/** What a user may subscribe to in queue groups in which another of the same account may not. */
function groupPhrases(user: KnownUser, other: KnownUser): Phrase[] {
  if (user.access.member.account !== other.access.member.account) return [];
  const free = furtherLines(user.access, "subscribe")
    .filter(
      ({ subject: pattern, queue }) => queue === undefined && !isLimited(user, pattern) && isLimited(other, pattern),
    )
    .map(({ subject }) => `\`${subject}\``);
  return free.length === 0
    ? []
    : [{ text: `join the queue groups of others on ${listed(free.sort(inOrder))}`, rank: 4 }];
}

/** What another user is denied and this one is not. */
function freedPhrases(user: KnownUser, other: KnownUser, direction: Direction): Phrase[] {
  const own = deniedSubjects(user.access.member, direction);
  const denied = deniedSubjects(other.access.member, direction).filter((each) => !own.includes(each));
  const verb = direction === "publish" ? "publish" : "subscribe to";
  return denied.map((each) => ({ text: `${verb} \`${each}\` where its lines allow it, which was denied`, rank: 4 }));
}
