import * as fc from "fast-check";
import { isCovered, subjectOutside } from "../../../lib/subjects/subject-difference";
import { matched, matches, PATTERNS } from "./model";

const pattern = fc.constantFrom(...PATTERNS);
const others = fc.array(pattern, { maxLength: 6 });

test("patterns cover another one if together they match every subject that it matches", () => {
  fc.assert(
    fc.property(pattern, others, (one, list) => {
      const covered = matched(one).every((subject) => list.some((other) => matches(other, subject)));
      expect(isCovered(one, list)).toBe(covered);
    }),
    { numRuns: 5000, examples: [["a.>", ["a.*", "a.*.>"]]] },
  );
});

test("a subject outside is matched by the pattern and by none of the others", () => {
  fc.assert(
    fc.property(pattern, others, (one, list) => {
      const subject = subjectOutside(one, list);
      expect(subject === undefined).toBe(isCovered(one, list));
      if (subject === undefined) return;
      expect(matches(one, subject)).toBe(true);
      expect(list.filter((other) => matches(other, subject))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["a.>", ["a.*", "a.*.>"], true],
  ["a.>", ["a.*", "a.*.*"], false],
  ["a.*", ["a.b", "a.c"], false],
  ["a.b", [], false],
  [">", ["*", "*.>"], true],
])("%s is covered by %j: %s", (one, list, covered) => {
  expect(isCovered(one, list)).toBe(covered);
});
