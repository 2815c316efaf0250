import fc from "fast-check";
import type { ResourceModel } from "../../../lib/access/models";
import { overlapProblems } from "../../../lib/program/stream-overlap";
import { matches, SUBJECTS } from "../subjects/model";

const token = fc.constantFrom("a", "b", "*");

/** Patterns of the platforms `a` and `b`: a subject of another owner is refused for itself. */
const pattern = fc
  .tuple(fc.constantFrom("a", "b"), fc.array(token, { maxLength: 2 }), fc.boolean())
  .map(([platform, tokens, open]) => [platform, ...tokens, ...(open ? [">"] : [])].join("."));
const streams = fc.array(fc.array(pattern, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 5 });

/** The pairs of streams that are refused. */
function reported(subjects: readonly string[][], accountOf = (_: number) => "A"): string[] {
  const resources = subjects.map((patterns, index) => ({
    source: `s${index}`,
    stream: `s${index}`,
    account: accountOf(index),
    subjects: patterns,
  }));
  const problems = overlapProblems(resources as unknown as ResourceModel[]);
  const pairs = problems.map(({ path, what }) => [path, /\[(s\d)\]/.exec(what)?.[1]].sort().join());
  return [...new Set(pairs)].sort();
}

test("exactly the streams that store a common subject are refused", () => {
  const stores = (patterns: readonly string[], subject: string) => patterns.some((each) => matches(each, subject));
  fc.assert(
    fc.property(streams, (subjects) => {
      const expected = subjects.flatMap((one, index) =>
        subjects
          .slice(index + 1)
          .flatMap((other, offset) =>
            SUBJECTS.some((subject) => stores(one, subject) && stores(other, subject))
              ? [`s${index},s${index + 1 + offset}`]
              : [],
          ),
      );
      expect(reported(subjects)).toEqual(expected.sort());
    }),
    { numRuns: 300 },
  );
});

test("streams of different accounts may store the same subject", () => {
  fc.assert(
    fc.property(streams, (subjects) => expect(reported(subjects, String)).toEqual([])),
    { numRuns: 50 },
  );
});
