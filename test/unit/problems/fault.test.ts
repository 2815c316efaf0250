import { describeFault, describeProblems, isTokenText } from "../../../lib/problems/fault";

const fault = { what: "app name is missing", value: "", allowed: "a name", fix: "Give the app a name" };
const { value: _, ...withoutValue } = fault;

test("a fault is what is wrong, the value, what is allowed and what to do", () => {
  expect(describeFault(fault)).toBe('app name is missing: "". Allowed: a name. Give the app a name.');
});

test("a fault without a value shows none", () => {
  expect(describeFault(withoutValue)).toBe("app name is missing. Allowed: a name. Give the app a name.");
});

test.each([
  ["text", "a\nb", '"a\\nb"'],
  ["a number", 1.5, "1.5"],
  ["NaN", Number.NaN, "NaN"],
  ["undefined", undefined, "undefined"],
  ["null", null, "null"],
  ["a list", ["a"], '["a"]'],
  ["a string with a token", `a-\${TfToken[TOKEN.1]}`, "a value known only at apply"],
])("%s is shown as it is written", (_name, value, shown) => {
  expect(describeFault({ ...fault, value })).toContain(`app name is missing: ${shown}. `);
});

test("several problems are one text, each with its construct", () => {
  const problems = [
    { ...fault, path: "stack/one" },
    { ...withoutValue, path: "stack/two" },
  ];
  expect(describeProblems(problems)).toBe(
    [
      "NATS platform: 2 problems found, nothing was written.",
      '  [stack/one] app name is missing: ""',
      "      allowed: a name",
      "      to do:   Give the app a name",
      "  [stack/two] app name is missing",
      "      allowed: a name",
      "      to do:   Give the app a name",
    ].join("\n"),
  );
  expect(describeProblems(problems.slice(1))).toMatch(/^NATS platform: 1 problem found,/);
});

test("only a token of cdktf counts as a token", () => {
  expect(isTokenText(`\${TfToken[TOKEN.1]}`)).toBe(true);
  expect(isTokenText("$KV.prod_convex.>")).toBe(false);
});
