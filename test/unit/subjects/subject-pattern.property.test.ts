import { covers, intersection, isLiteral, overlaps, patternFault } from "../../../lib/subjects/subject-pattern";
import { matched, PATTERNS, SUBJECTS } from "./model";

const sets = new Map(PATTERNS.map((pattern) => [pattern, new Set(matched(pattern))]));
const setOf = (pattern: string): ReadonlySet<string> => sets.get(pattern) ?? new Set(matched(pattern));
const pairs = PATTERNS.flatMap((one) => PATTERNS.map((other): [string, string] => [one, other]));

/** The pairs for which a function differs from the model, so that one assertion is made for all pairs. */
const wrong = (differs: (one: string, other: string) => boolean) => pairs.filter(([one, other]) => differs(one, other));

test("the model has every kind of pattern and subject", () => {
  expect(PATTERNS).toEqual(expect.arrayContaining(["a", "*", ">", "a.*.b", "*.*.>", "a.b.>"]));
  expect(SUBJECTS).toHaveLength(3 + 9 + 27 + 81);
  expect(PATTERNS.filter((pattern) => patternFault(pattern) !== undefined)).toEqual([]);
});

test("covers says of every pair whether one matches all that the other matches", () => {
  const subset = (inner: string, outer: string) => [...setOf(inner)].every((subject) => setOf(outer).has(subject));
  expect(wrong((outer, inner) => covers(outer, inner) !== subset(inner, outer))).toEqual([]);
});

test("overlaps says of every pair whether both match some subject", () => {
  const common = (one: string, other: string) => [...setOf(one)].some((subject) => setOf(other).has(subject));
  expect(wrong((one, other) => overlaps(one, other) !== common(one, other))).toEqual([]);
});

test("intersection matches exactly what both match", () => {
  const differs = (one: string, other: string) => {
    const expected = [...setOf(one)].filter((subject) => setOf(other).has(subject));
    const pattern = intersection(one, other);
    if (pattern === undefined) return expected.length > 0;
    return patternFault(pattern) !== undefined || [...setOf(pattern)].join() !== expected.join();
  };
  expect(wrong(differs)).toEqual([]);
});

test("intersection is the same from both sides", () => {
  expect(wrong((one, other) => intersection(one, other) !== intersection(other, one))).toEqual([]);
});

test("a pattern is literal if it matches itself alone", () => {
  const alone = (pattern: string) => SUBJECTS.includes(pattern);
  expect(PATTERNS.filter((pattern) => isLiteral(pattern) !== alone(pattern))).toEqual([]);
});
