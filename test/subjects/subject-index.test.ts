import * as fc from "fast-check";
import { SubjectIndex } from "../../lib/subjects/subject-index";
import { overlaps } from "../../lib/subjects/subject-pattern";

const token = fc.constantFrom("a", "b", "c", "*");
const pattern = fc
  .tuple(fc.array(token, { minLength: 0, maxLength: 4 }), fc.boolean())
  .filter(([tokens, open]) => tokens.length > 0 || open)
  .map(([tokens, open]) => [...tokens, ...(open ? [">"] : [])].join("."));

test("finds exactly the patterns that overlap, each as often as it was added", () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 12 }), pattern, (patterns, wanted) => {
      const index = new SubjectIndex<string>();
      for (const each of patterns) index.add(each, each);
      expect(index.overlapping(wanted).sort()).toEqual(patterns.filter((each) => overlaps(each, wanted)).sort());
    }),
    { numRuns: 1000 },
  );
});
