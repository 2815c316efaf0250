import type { CatalogResource } from "../catalog/catalog";
import { isCovered } from "../subjects/subject-difference";

/** Whether subjects are all that a stream stores. */
export function isWhole({ subjects }: Pick<CatalogResource, "subjects">, some: readonly string[]): boolean {
  return subjects.every((subject) => some.includes(subject) || isCovered(subject, some));
}
