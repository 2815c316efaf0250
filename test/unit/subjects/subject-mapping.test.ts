import * as fc from "fast-check";
import { SubjectMapping } from "../../../lib/subjects/subject-mapping";
import { matched, matches, PATTERNS } from "./model";

test.each([
  ["a", "b.c", "a", "b.c"],
  ["a", "b.c", "a.a", undefined],
  ["a.*.*", "b.$2.$1", "a.x.y", "b.y.x"],
  ["a.*.*", "b.{{wildcard(2)}}.{{wildcard(1)}}", "a.x.y", "b.y.x"],
  ["a.*.>", "{{ Wildcard( 1 ) }}.c.>", "a.x.y.z", "x.c.y.z"],
  ["a.*.>", "c.$1.>", "a.>", "c.*.>"],
  ["a.*.*", "c.$1", "a.x.>", "c.x"],
  [">", "a.>", "x.y", "a.x.y"],
])("%s to %s makes of %s: %s", (source, destination, subject, expected) => {
  expect(new SubjectMapping(source, destination).apply(subject)).toBe(expected);
});

test.each([
  ["a.*.*", "b.$2.$1", "b.>", "a.*.*"],
  ["a.*.*", "b.$2.$1", "b.x.*", "a.*.x"],
  ["a.*.>", "c.$1.>", "c.x.y.*", "a.x.y.*"],
  ["a.*.*", "c.$1", "c.x", "a.x.*"],
  ["a.*", "c.$1.$1", "c.x.y", undefined],
  ["a.*", "c.$1.$1", "c.x.*", "a.x"],
  ["a", "b.c", "b.d", undefined],
])("%s to %s makes %s of: %s came from", (source, destination, pattern, expected) => {
  expect(new SubjectMapping(source, destination).unapply(pattern)).toBe(expected);
});

test("imports are mapped in the direction of the messages", () => {
  const stream = SubjectMapping.ofStreamImport("a.*.b.*", "c.*.*");
  expect(stream.apply("a.x.b.y")).toBe("c.x.y");
  const service = SubjectMapping.ofServiceImport("a.*.b.*", "c.$2.$1");
  expect(service.apply("c.x.y")).toBe("a.y.b.x");
  expect(SubjectMapping.ofServiceImport("a", "c.*").apply("c.x")).toBe("a");
});

test.each([
  ["a.*", "b.{{partition(5,1)}}", "a.x", "b.*"],
  ["a.*.*", "b.{{left(2, 3)}}.{{wildcard(1)}}", "a.x.y", "b.*.x"],
  ["a.*.>", "b.{{random(3)}}.>", "a.x.y.z", "b.*.y.z"],
  ["a.*.*", "b.$2.{{splitFromLeft(1,2)}}.c", "a.x.y", "b.y.>"],
  ["a.*", "{{SliceFromRight(1,2)}}", "a.x", ">"],
])("%s to %s makes of %s what may come out: %s", (source, destination, subject, expected) => {
  const mapping = new SubjectMapping(source, destination);
  expect(mapping.apply(subject)).toBe(expected);
  expect(mapping.unapply(">")).toBe(source);
  expect(mapping.unapply("c")).toBe(expected === ">" ? source : undefined);
});

const DESTINATIONS = { 0: ["c", "c.c"], 1: ["c.$1", "$1", "c"], 2: ["$2.$1", "c.$1.$2", "c.$2"], 3: ["c.$3.$1.$2"] };

test("whole patterns are mapped as all their subjects are", () => {
  const pattern = fc.constantFrom(...PATTERNS);
  const pair = pattern.chain((source) => {
    const count = source.split(".").filter((token) => token === "*").length as 0 | 1 | 2 | 3;
    const open = source.endsWith(">") ? ".>" : "";
    return fc.tuple(fc.constant(source), fc.constantFrom(...DESTINATIONS[count].map((each) => each + open)), pattern);
  });
  fc.assert(
    fc.property(pair, ([source, destination, wanted]) => {
      const mapping = new SubjectMapping(source, destination);
      const [into, from] = [mapping.apply(wanted), mapping.unapply(wanted)];
      for (const subject of matched(source)) {
        const result = mapping.apply(subject) ?? "";
        expect(matches(mapping.image, result)).toBe(true);
        expect(into !== undefined && matches(wanted, subject) && !matches(into, result)).toBe(false);
        expect(from !== undefined && matches(from, subject)).toBe(matches(wanted, result));
      }
      if (into === undefined) expect(matched(source).filter((subject) => matches(wanted, subject))).toEqual([]);
    }),
    { numRuns: 800 },
  );
});
