import type { Ability } from "../analysis/user-access";
import { isWhole } from "../analysis/whole";
import type { CatalogResource } from "../catalog/catalog";
import { heldSubjects } from "../catalog/held-subjects";
import { inOrder } from "../collections/order";
import { isCovered } from "../subjects/subject-difference";
import { isLiteral, overlaps } from "../subjects/subject-pattern";
import { listed } from "./lists";
import { clientName, resourceText } from "./resources";
import { isCopy } from "./ways";

/** A part of what a stream holds: the messages of some subjects, or what a durable consumer of it delivers. */
export interface Part {
  readonly subject?: string;
  readonly consumer?: string;
}

/** Requests about one durable consumer, in the stream's account or through an import. */
const CONSUMER = /^\$JS\.(?:(?:[^.]+\.)?API\.CONSUMER\.(?:INFO|MSG\.NEXT)|ACK)\.[^.]+\.([^.]+)/;

/** What an ability is about. */
export function partsOf({ line, subjects, through }: Ability, resource: CatalogResource): Part[] {
  const consumer = through.some(isCopy) ? undefined : CONSUMER.exec(line.subject)?.[1];
  if (consumer !== undefined && isLiteral(consumer)) return [{ consumer }];
  return (subjects ?? heldSubjects(resource)).map((subject) => ({ subject }));
}

const subjectsIn = (parts: readonly Part[]) => parts.flatMap(({ subject }) => subject ?? []);

const areWhole = (parts: readonly Part[], resource: CatalogResource) => isWhole(resource, subjectsIn(parts));

/** Whether a part is in others already. */
export function isPartOf(part: Part, others: readonly Part[], resource: CatalogResource): boolean {
  if (part.subject !== undefined) return isCovered(part.subject, subjectsIn(others));
  return others.some(({ consumer }) => consumer === part.consumer) || areWhole(others, resource);
}

/** Those of some parts that are in others. */
export function partsWithin(parts: readonly Part[], others: readonly Part[], resource: CatalogResource): Part[] {
  return parts.filter(({ subject, consumer }) =>
    consumer === undefined
      ? others.some((other) => other.subject !== undefined && overlaps(other.subject, subject ?? ""))
      : isPartOf({ consumer }, others, resource),
  );
}

/** The parts without those that others of them hold. */
export function distinct(parts: readonly Part[], resource: CatalogResource): Part[] {
  const once = [...new Map(parts.map((part) => [`${part.subject} ${part.consumer}`, part])).values()];
  const besides = (part: Part) => once.filter((other) => other !== part);
  return once.filter((part) => !isPartOf(part, besides(part), resource));
}

const code = (names: readonly string[]) => listed(names.map((name) => `\`${name}\``));

/** Parts of a stream in words: ``the key `config.flags` of `prod_platform` ``. */
export function partsText(parts: readonly Part[], resource: CatalogResource): string {
  if (areWhole(parts, resource)) return `the ${resourceText(resource)}`;
  const consumers = parts.flatMap(({ consumer }) => consumer ?? []).sort(inOrder);
  const subjects = subjectsIn(parts).sort(inOrder);
  const texts: string[] = [];
  if (subjects.length > 0) {
    const prefix = `$KV.${clientName(resource)}.`;
    const keys = resource.kind === "keyValue" && subjects.every((subject) => subject.startsWith(prefix));
    const names = keys ? subjects.map((subject) => subject.slice(prefix.length)) : subjects;
    const several = names.length > 1 || !names.every(isLiteral);
    const what = `${keys ? "key" : "subject"}${several ? "s" : ""}`;
    const whole = keys ? `\`${clientName(resource)}\`` : `the ${resourceText(resource)}`;
    texts.push(`the ${what} ${code(names)} of ${whole}`);
  }
  if (consumers.length > 0) {
    texts.push(`the consumer${consumers.length > 1 ? "s" : ""} ${code(consumers)} of the ${resourceText(resource)}`);
  }
  return listed(texts);
}
