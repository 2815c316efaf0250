import { by } from "../collections/order";
import * as names from "../naming/names";
import { covers, overlaps } from "../subjects/subject-pattern";
import { withoutOverlaps } from "../subjects/subject-union";
import type { Grant } from "./grant";

const subjectsIn = ({ values: { subjects = "" } }: Grant) => subjects;

/** Grants of one capability without those whose subjects another one covers: each import delivers once more. */
export function widest(grants: readonly Grant[]): Grant[] {
  const sorted = [...grants].sort(by(subjectsIn));
  return sorted.filter(({ capability, values: { subjects } }, index) => {
    if (subjects === undefined) return true;
    return !sorted.some(
      (other, otherIndex) =>
        other.capability === capability &&
        otherIndex !== index &&
        covers(subjectsIn(other), subjects) &&
        (other.values.subjects !== subjects || otherIndex < index),
    );
  });
}

/**
 * Grants to receive live events, with wider subjects where two overlap: an import of each would deliver a message twice. The
 * permissions to subscribe stay what they are, so that the user receives no more.
 */
export function joinedLive(grants: readonly Grant[]): Grant[] {
  const wide = withoutOverlaps(grants.map(subjectsIn));
  return wide.map((subjects) => {
    const first = grants.find((each) => covers(subjects, subjectsIn(each))) as Grant;
    const { live = "" } = first.values;
    const shared = withoutOverlaps(
      grants.filter((each) => covers(subjects, subjectsIn(each))).map(({ values }) => values.live ?? ""),
    );
    return { ...first, values: { ...first.values, subjects, live: shared[0] ?? live } };
  });
}

/**
 * Grants to publish events, each with an outbox that overlaps with none of the others: of two imports that overlap the
 * server would take both, and store the event twice. So each import leads exactly where its user may publish. An import of a
 * wider pattern would take more than that: an answer, which the server sends without asking for a permission.
 */
export function withOutboxes(grants: readonly Grant[]): Grant[] {
  const published = grants.filter(({ capability }) => capability === "events.publish");
  if (published.length < 2) return [...grants];
  const lanes: string[][] = [];
  const laneOf = new Map<string, number>();
  for (const subjects of widest(published).map(subjectsIn)) {
    const free = lanes.findIndex((lane) => !lane.some((other) => overlaps(other, subjects)));
    const lane = free < 0 ? lanes.length : free;
    lanes[lane] = [...(lanes[lane] ?? []), subjects];
    laneOf.set(subjects, lane);
  }
  return grants.map((each) => {
    if (each.capability !== "events.publish") return each;
    const wide = [...laneOf].find(([subjects]) => covers(subjects, subjectsIn(each)));
    const outbox = names.outboxLane(each.values.outbox ?? "", wide?.[1] ?? 0);
    return { ...each, values: { ...each.values, outbox } };
  });
}
