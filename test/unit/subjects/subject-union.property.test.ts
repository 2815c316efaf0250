import * as fc from "fast-check";
import { covers, overlaps } from "../../../lib/subjects/subject-pattern";
import { join, withoutOverlaps } from "../../../lib/subjects/subject-union";
import { PATTERNS } from "./model";

const pattern = fc.constantFrom(...PATTERNS);

test("a pattern covers two others, and no narrower one does", () => {
  fc.assert(
    fc.property(pattern, pattern, (one, other) => {
      const joined = join(one, other);
      expect(covers(joined, one) && covers(joined, other)).toBe(true);
      const narrower = PATTERNS.filter((each) => each !== joined && covers(joined, each));
      expect(narrower.filter((each) => covers(each, one) && covers(each, other))).toEqual([]);
    }),
  );
});

test("patterns without overlaps cover those that were given, and stay what they are where none overlap", () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 5 }), (given) => {
      const apart = withoutOverlaps(given);
      expect(given.filter((each) => !apart.some((wide) => covers(wide, each)))).toEqual([]);
      const pairs = (all: readonly string[]) =>
        all.flatMap((one, index) => all.slice(index + 1).filter((other) => overlaps(one, other)));
      expect(pairs(apart)).toEqual([]);
      if (pairs([...new Set(given)]).length === 0) expect(apart).toEqual([...new Set(given)]);
    }),
  );
});
