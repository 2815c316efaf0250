import type { CatalogResource } from "../catalog/catalog";
import { heldSubjects } from "../catalog/held-subjects";
import { isCovered } from "../subjects/subject-difference";

/** Whether subjects are all that a stream stores. */
export function isWhole(resource: CatalogResource, some: readonly string[]): boolean {
  return heldSubjects(resource).every((subject) => some.includes(subject) || isCovered(subject, some));
}
