import type { ResourceModel } from "../access/models";
import { valueAt } from "../collections/groups";
import type { Problem } from "../problems/fault";
import { SubjectIndex } from "../subjects/subject-index";
import { patternFault } from "../subjects/subject-pattern";

/** A subject pattern and the stream that stores it. */
interface Stored {
  readonly pattern: string;
  readonly resource: ResourceModel;
}

/** The streams that the server refuses because their subjects overlap with those of another one of their account. */
export function overlapProblems(resources: readonly ResourceModel[]): Problem[] {
  const problems: Problem[] = [];
  const accounts = new Map<string, SubjectIndex<Stored>>();
  for (const resource of resources) {
    const index = valueAt(accounts, resource.account, () => new SubjectIndex());
    const patterns = resource.subjects.filter((pattern) => patternFault(pattern) === undefined);
    for (const pattern of patterns) {
      const others = index.overlapping(pattern).filter((one) => one.resource.stream !== resource.stream);
      problems.push(...others.map((one) => overlapProblem(one, { pattern, resource })));
      index.add(pattern, { pattern, resource });
    }
  }
  return problems;
}

function overlapProblem(one: Stored, other: Stored): Problem {
  return {
    path: other.resource.source,
    what: `subjects overlap with those of stream [${one.resource.source}] (${one.pattern})`,
    value: other.pattern,
    allowed: "each subject in one stream of an account",
    fix: "Narrow one of the two, or let one stream be a mirror or have a source of the other",
  };
}
