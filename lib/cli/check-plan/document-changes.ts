import { by } from "../../collections/order";
import { counted, listed, names } from "../../wording/lists";
import { UNKNOWN } from "../attribute-effects";
import { settingTexts } from "../setting-changes";
import type { Sentence } from "../written-report";
import type { PlannedChange } from "./plan";
import { isAccessDocument } from "./planned-entries";

/** The JSON of an access document, or of a part of one. */
interface Document {
  readonly [member: string]: unknown;
}

/** Whom an access document is about. */
interface Owner {
  readonly kind: "user" | "account";
  readonly name: string;
}

/** The owner of the document under a key, if it has one. */
function ownerOf(key: unknown): Owner | undefined {
  const user = /^access\.(?:users|accounts\.[^.]+\.users)\.(.+)$/s.exec(String(key))?.[1];
  if (user !== undefined) return { kind: "user", name: user };
  const account = /^access\.accounts\.([^.]+)$/.exec(String(key))?.[1];
  return account === undefined ? undefined : { kind: "account", name: account };
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const partOf = (document: Document, member: string): Document => {
  const part = document[member];
  return isDocument(part) ? part : {};
};

/** The document that a value is; `undefined` where it is none. */
function parsed(value: unknown): Document | undefined {
  try {
    const document: unknown = JSON.parse(String(value));
    return isDocument(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

const MOST = 10;

/** The first of some lines, and how many others there are. */
function firstOf(lines: readonly string[]): string[] {
  return lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : [...lines];
}

const without = (part: Document, other: Document) => Object.keys(part).filter((name) => !Object.hasOwn(other, name));

const DIRECTIONS = { publish: "publish", subscribe: "subscribe to" } as const;
type Direction = keyof typeof DIRECTIONS;
const BOTH = Object.keys(DIRECTIONS) as Direction[];

/** The subjects of a user's lines that another version of the document does not have, each with what it is for. */
function lines(document: Document, other: Document, direction: Direction, verb: string): string[] {
  const part = partOf(document, direction);
  return firstOf(
    without(part, partOf(other, direction)).map((subject) => {
      const why = part[subject];
      return `${verb} ${DIRECTIONS[direction]} \`${subject}\`${typeof why === "string" && why !== "" ? ` (${why})` : ""}`;
    }),
  );
}

const countOf = (document: Document, other: Document) =>
  BOTH.map((direction) => {
    const { length } = without(partOf(document, direction), partOf(other, direction));
    return [length, `${counted(length, "line")} to ${direction}`] as const;
  }).flatMap(([length, text]) => (length > 0 ? [text] : []));

const allBut = (document: Document, members: readonly string[]): Document =>
  Object.fromEntries(Object.entries(document).filter(([member]) => !members.includes(member)));

/** Members that say where something is declared, and nothing of what it may do. */
const PLACES = ["declaredBy", "source"];

/** Members that a document of a former version of the library has otherwise, or not at all. */
const OF_VERSION = ["version", "permissionSet", "about", "exports", "imports"];

/** What is not compared of two documents, beside what is said otherwise. */
const unsaid = (before: Document, after: Document): readonly string[] =>
  before.version === after.version ? PLACES : [...PLACES, ...OF_VERSION];

function identity(before: Document, after: Document): string[] {
  const others = [...BOTH, ...unsaid(before, after)];
  return settingTexts(allBut(before, others), allBut(after, others)).map(({ text }) => text);
}

function userChange(name: string, before: Document | undefined, after: Document | undefined): Sentence | undefined {
  const [old, now] = [before ?? {}, after ?? {}];
  const [more, fewer] = [countOf(now, old), countOf(old, now)];
  const gained = BOTH.flatMap((direction) => lines(now, old, direction, before ? "may now" : "may"));
  const lost = BOTH.flatMap((direction) => lines(old, now, direction, after ? "may no longer" : "could"));
  const details = [...gained, ...lost];
  const whole = (document: Document) => `user \`${name}\` (${document.role}) of account \`${document.account}\``;
  const all = (counts: readonly string[]) => (counts.length === 0 ? "no lines" : listed(counts));
  if (after && !before) return { kind: "added", text: `${whole(after)} added, with ${all(more)}`, details };
  if (before && !after) return { kind: "removed", text: `${whole(before)} removed, with ${all(fewer)}`, details };
  const texts = [
    ...(more.length > 0 ? [`gets ${listed(more)}`] : []),
    ...(fewer.length > 0 ? [`loses ${listed(fewer)}`] : []),
    ...identity(old, now),
  ];
  return texts.length === 0 ? undefined : { kind: "changed", text: `\`${name}\`: ${texts.join("; ")}`, details };
}

const TRAFFIC = ["exports", "imports", "mappings"] as const;

/** Ways between accounts without where they are declared. */
const withoutPlaces = (part: Document): Document =>
  Object.fromEntries(Object.entries(part).map(([words, way]) => [words, isDocument(way) ? allBut(way, PLACES) : way]));

function accountChange(name: string, before: Document | undefined, after: Document | undefined): Sentence | undefined {
  if (after && !before) return { kind: "added", text: `account \`${name}\` added` };
  if (before && !after) return { kind: "removed", text: `account \`${name}\` removed` };
  const [old, now] = [before ?? {}, after ?? {}];
  const isSaid = (part: string) => !unsaid(old, now).includes(part);
  const traffic = TRAFFIC.filter(isSaid).flatMap((part) => {
    const [was, is] = [old, now].map((document) => withoutPlaces(partOf(document, part))) as [Document, Document];
    const [more, fewer] = [without(is, was), without(was, is)];
    const same = settingTexts(was, is)
      .filter(({ attribute }) => !more.includes(attribute) && !fewer.includes(attribute))
      .map(({ text }) => `${part}: ${text}`);
    return [
      ...(more.length > 0 ? [`new ${part}: ${names(more)}`] : []),
      ...(fewer.length > 0 ? [`${part} that are gone: ${names(fewer)}`] : []),
      ...same,
    ];
  });
  const told = [...TRAFFIC, ...unsaid(old, now)];
  const others = settingTexts(allBut(old, told), allBut(now, told)).map(({ text }) => text);
  const details = [...traffic, ...others];
  return details.length === 0 ? undefined : { kind: "changed", text: `account \`${name}\` changes`, details };
}

function sentenceOf(change: PlannedChange): Sentence | undefined {
  const { address, actions, before, after } = change;
  const owner = ownerOf(before.key ?? after.key);
  if (!owner || !actions.some((action) => ["create", "update", "delete"].includes(action))) return undefined;
  const sentence = owner.kind === "user" ? userChange : accountChange;
  if (after.value === UNKNOWN) {
    return { kind: "changed", text: `${owner.kind} \`${owner.name}\`: what it may do is known only at apply` };
  }
  const [old, now] = [before.value, after.value].map((value) => (value === undefined ? undefined : parsed(value)));
  if ((before.value !== undefined && !old) || (after.value !== undefined && !now)) {
    return { kind: "changed", text: `${owner.kind} \`${owner.name}\`: its document at \`${address}\` cannot be read` };
  }
  return sentence(owner.name, old, now);
}

/** Who gains or loses access by a plan: what becomes of the access documents of users and accounts. */
export function accessIn(changes: readonly PlannedChange[]): Sentence[] {
  return changes
    .filter(isAccessDocument)
    .flatMap((change) => sentenceOf(change) ?? [])
    .sort(by(({ text }) => text));
}
