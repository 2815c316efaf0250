import { App, TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import { describeFault, describeProblems } from "../../../lib/problems/fault";
import { placeholder, withoutPlaceholders } from "../../../lib/problems/placeholder";
import { isTokenText } from "../../../lib/problems/shown";

const KNOWN = "a value known only at apply";

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
  ["a BigInt", 1024n, "1024n"],
  ["a symbol", Symbol("x"), "Symbol(x)"],
  ["a function", describeFault, "the function describeFault"],
  ["a long text", "x".repeat(500), `"${"x".repeat(400)}"…`],
  ["a long list", Array.from({ length: 20 }, () => 1), "[1,1,1,1,1,1,1,1,1,1,…]"],
  ["an object", { a: [{ b: 1 }] }, '{"a":[{"b":1}]}'],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ["an object that cannot be a text", { toString: null }, '{"toString":null}'],
  ["a Map", new Map(), "an object of the class Map"],
  ["a construct", new Construct(new App(), "convex"), "[convex]"],
  ["what Terraform knows", new TerraformVariable(new TerraformStack(new App(), "s"), "v", {}).booleanValue, KNOWN],
  ["null", null, "null"],
  ["a list", ["a"], '["a"]'],
  ["a number with a token", Token.asNumber({ resolve: () => 7, creationStack: [] }), KNOWN],
  ["a string with a token", `a-\${TfToken[TOKEN.1]}`, "a value known only at apply"],
] as [name: string, value: unknown, shown: string][])("%s is shown as it is written", (_name, value, shown) => {
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

test("a circular value and one that throws are shown, and nothing is shown of one that is missing", () => {
  const circular: { self?: object } = {};
  circular.self = circular;
  const throwing = Object.defineProperty({}, "x", { enumerable: true, get: () => fail() });
  expect(describeFault({ ...fault, value: circular })).toContain('{"self":{"self":{"self":…}}}');
  expect(describeFault({ ...fault, value: throwing })).toContain("an object that cannot be shown");
  expect(describeFault({ ...fault, value: undefined })).toContain("app name is missing. Allowed");
});

const fail = () => {
  throw new Error("no");
};

test("a problem has no name that nobody gave", () => {
  const name = placeholder(3);
  const problem = {
    path: `stack/prod/convex/Stream-${name}/Resource`,
    what: `stream "prod_convex_${name}" copies [stack/prod/convex/Stream-${name}], prod_convex_jobs`,
    value: { stream: `prod_convex_${name}` },
    allowed: `prod.convex.${name}.>, and others`,
    fix: `Remove "prod_convex_${name}"`,
  };
  expect(withoutPlaceholders(problem)).toEqual({
    path: "stack/prod/convex",
    what: "stream (without a name) copies [stack/prod/convex/(without a name)], prod_convex_jobs",
    value: undefined,
    allowed: "(without a name), and others",
    fix: "Remove (without a name)",
  });
  const named = { path: "stack/prod/convex", what: "app name is missing", value: "", allowed: "a name", fix: "Give" };
  expect(withoutPlaceholders(named)).toEqual(named);
});
