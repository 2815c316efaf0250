import {
  covers,
  intersection,
  isLiteral,
  overlaps,
  patternFault,
  subjectFault,
} from "../../../lib/subjects/subject-pattern";

test.each([
  ["", "is empty"],
  [" ", "contains white space or a control character"],
  ["a b", "contains white space or a control character"],
  ["a.\tb", "contains white space or a control character"],
  ["a.b\n", "contains white space or a control character"],
  ["a\u00a0b", "contains white space or a control character"],
  ["a\u0007b", "contains white space or a control character"],
  ["a\u007fb", "contains white space or a control character"],
  ["a\0b", "contains white space or a control character"],
  [".", "has an empty token"],
  [".a", "has an empty token"],
  ["a.", "has an empty token"],
  ["a..b", "has an empty token"],
  [">.a", "has `>` before its last token"],
  ["a.>.b", "has `>` before its last token"],
  [">.>", "has `>` before its last token"],
  ["prod*", "has a wildcard inside a token"],
  ["a.*b", "has a wildcard inside a token"],
  ["a.**", "has a wildcard inside a token"],
  ["a.b>", "has a wildcard inside a token"],
  ["a.>>", "has a wildcard inside a token"],
])("refuses the pattern %j: it %s", (pattern, why) => {
  expect(patternFault(pattern)).toBe(why);
  expect(subjectFault(pattern)).toBe(why);
});

test.each([
  "a",
  "*",
  ">",
  "*.*",
  "a.*.b",
  "a.>",
  "*.>",
  "$JS.API.>",
  "$KV.prod_convex.users/123",
  "_INBOX.>",
  "ü.{{x}}",
])("accepts the pattern %j", (pattern) => {
  expect(patternFault(pattern)).toBeUndefined();
});

test.each(["*", ">", "a.*", "a.>", "a.*.b"])("refuses the pattern %j as a subject", (pattern) => {
  expect(subjectFault(pattern)).toBe("contains a wildcard");
  expect(isLiteral(pattern)).toBe(false);
});

test.each([
  ["prod.>", "prod.convex.>", true],
  ["prod.>", "prod", false],
  ["prod.>", "staging.convex.wal.frames", false],
  ["prod.convex.>", "prod.convex2.wal.frames", false],
  ["prod.*.health.>", "prod.convex.health.cpu", true],
  ["prod.*.health.>", "prod._.audit.convex.query", false],
  ["*", ">", false],
  [">", "*", true],
])("whether %s covers %s: %s", (outer, inner, expected) => {
  expect(covers(outer, inner)).toBe(expected);
});

test.each([
  ["prod.*.health.>", "prod.convex.>", "prod.convex.health.>"],
  ["prod.>", "*.convex.wal.>", "prod.convex.wal.>"],
  ["a.*.c", "*.b.*", "a.b.c"],
  ["a.>", "a", undefined],
  ["a.b", "a.c", undefined],
])("what %s and %s have in common is %s", (one, other, expected) => {
  expect(intersection(one, other)).toBe(expected);
  expect(overlaps(one, other)).toBe(expected !== undefined);
});
