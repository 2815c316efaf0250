import * as fc from "fast-check";
import { SubjectIndex } from "../../../lib/subjects/subject-index";
import { covers, overlaps } from "../../../lib/subjects/subject-pattern";

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

/** Whether a pattern matches tokens of which none is a wildcard, whatever they are. */
const matchesTokens = (outer: string, tokens: string) =>
  covers(outer, tokens.replace(/\*/g, "star").replace(/>/g, "more"));

test.each<
  [string, (index: SubjectIndex<string>, wanted: string) => string[], (one: string, wanted: string) => boolean]
>([
  ["cover", (index, wanted) => index.covering(wanted), covers],
  ["match a subject, whose wildcards are tokens like others", (index, wanted) => index.matching(wanted), matchesTokens],
])("finds exactly the patterns that %s, each as often as it was added", (_, find, expected) => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 12 }), pattern, (patterns, wanted) => {
      const index = new SubjectIndex<string>();
      for (const each of patterns) index.add(each, each);
      expect(find(index, wanted).sort()).toEqual(patterns.filter((each) => expected(each, wanted)).sort());
    }),
    { numRuns: 1000 },
  );
});
