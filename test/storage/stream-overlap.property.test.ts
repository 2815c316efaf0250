import { Construct } from "constructs";
import fc from "fast-check";
import { Program } from "../../lib/problems/program";
import { StreamSubjects } from "../../lib/storage/stream-overlap";
import { matches, SUBJECTS } from "../subjects/model";

const token = fc.constantFrom("a", "b", "*");

/** Patterns of the platforms `a` and `b`: a subject of another owner is refused for itself. */
const pattern = fc
  .tuple(fc.constantFrom("a", "b"), fc.array(token, { maxLength: 2 }), fc.boolean())
  .map(([platform, tokens, open]) => [platform, ...tokens, ...(open ? [">"] : [])].join("."));
const streams = fc.array(fc.array(pattern, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 5 });

function messageOf(action: () => void): string {
  try {
    action();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

/** The pairs of streams that a program is told about. */
function reported(subjects: readonly string[][], accountOf = (_: number) => "A"): string[] {
  const root = new Construct(undefined as never, "");
  for (const [index, patterns] of subjects.entries()) {
    StreamSubjects.of(root).add(accountOf(index), new Construct(root, `s${index}`), patterns);
  }
  const message = messageOf(() => Program.of(root).assertValid());
  const pairs = [...message.matchAll(/\[(s\d)\] subjects overlap with those of stream \[(s\d)\]/g)];
  return [...new Set(pairs.map(([, one, other]) => [one, other].sort().join()))].sort();
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
