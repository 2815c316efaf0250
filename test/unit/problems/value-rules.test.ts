import { Token } from "cdktf";
import { brokenRules, numberFault, rule, textFault, timeFault } from "../../../lib/problems/value-rules";

test.each([1, 5])("accepts the number %d at the end of its range", (value) => {
  expect(numberFault("replicas", value, rule.replicas)).toBeUndefined();
});

test.each([0, 6, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "3", null, true, [], {}])(
  "refuses %p where a number from 1 to 5 is wanted",
  (value) => {
    expect(numberFault("replicas", value, rule.replicas)).toMatchObject({
      value,
      allowed: "a whole number of servers from 1 to 5",
    });
  },
);

test("a number that is left out or known only at apply is no fault", () => {
  expect(numberFault("replicas", undefined, rule.replicas)).toBeUndefined();
  expect(
    numberFault("replicas", Token.asNumber({ resolve: () => 3, creationStack: [] }), rule.replicas),
  ).toBeUndefined();
});

test.each(["2026-01-31T00:00:00Z", "2026-01-31T23:59:59Z", "1970-01-01T00:00:00Z", "2024-02-29T00:00:00Z"])(
  "accepts the time %s",
  (time) => {
    expect(timeFault("startTime", time)).toBeUndefined();
  },
);

test.each([
  "",
  "now",
  "2026-01-31",
  "2026-01-31 00:00:00Z",
  "2026-01-31T00:00:00",
  "2026-01-31T00:00:00.123Z",
  "2026-01-31T25:00:00Z",
  "2026-01-31T23:59:59+05:30",
  "1969-12-31T23:59:59Z",
  "2026-00-10T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "2025-02-29T00:00:00Z",
])("refuses the time %j", (time) => {
  expect(timeFault("startTime", time)).toMatchObject({ what: "startTime is not a time", value: time });
});

test("the length of a text counts bytes", () => {
  expect(textFault("description", "é".repeat(5), 10)).toBeUndefined();
  expect(textFault("description", "é".repeat(6), 10)?.what).toBe("description has 12 bytes");
});

test("of several rules all that are broken are named, without the rule itself", () => {
  const says = { what: "too much", allowed: "less", fix: "Take less" };
  const rules = [
    { ...says, broken: (n: number) => n > 1 },
    { ...says, broken: (n: number) => n > 5 },
  ];
  expect(brokenRules(3, rules)).toEqual([says]);
  expect(brokenRules(9, rules)).toHaveLength(2);
});
