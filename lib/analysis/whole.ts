import { isCovered } from "../subjects/subject-difference";
import type { Resource } from "./server-model";

/** Whether subjects are all that a stream stores. */
export function isWhole({ subjects }: Pick<Resource, "subjects">, some: readonly string[]): boolean {
  return subjects.every((subject) => some.includes(subject) || isCovered(subject, some));
}
