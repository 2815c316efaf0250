import { App, TerraformStack } from "cdktf";
import { jetstream } from "../../../lib";
import { hcl, quotedTemplate, textExpression } from "../../../lib/tokens/hcl-text";
import { HOSTILE } from "../../support/hostile";
import { expression } from "../../support/synth";

describe("a text in an expression", () => {
  test.each(HOSTILE.map((text) => [text]))(
    "%j is on one line, and cdktf finds neither an expression nor an end",
    (text) => {
      const expression = textExpression(text);
      expect(expression).not.toMatch(/[\p{Cc}}]|[$%]\{/u);
      expect(JSON.parse(expression.replace(/\\U/g, "\\u"))).toBe(text);
    },
  );
});

describe("a template", () => {
  test.each([
    ["a", "a"],
    ['a"b\\c\nd', 'a\\"b\\\\c\\u000ad'],
    [`a\n\${lookup(x, "a\\"b}")}"`, `a\\u000a\${lookup(x, "a\\"b}")}\\"`],
    [`\${"\${"a"}"}"`, `\${"\${"a"}"}\\"`],
    [`\${"$$\{"}"`, `\${"$$\{"}\\"`],
    [`\${{ a = 1 }}"`, `\${{ a = 1 }}\\"`],
    [`$\${"x"}`, `$\\u007b\\"x\\"}`],
    ["%%{x}", "%\\u007bx}"],
    ['%{ if x == "a" }"%{ endif }', '%{ if x == "a" }\\"%{ endif }'],
    [`\${"`, `\${"`],
  ])("%j is %j between quotes", (template, quoted) => {
    expect(quotedTemplate(template)).toBe(quoted);
  });
});

const EMPTY = expression('""');

test("what cdktf takes for code, or for a key without quotes, is written so that it is none", () => {
  const stack = new TerraformStack(new App(), "stack");
  const stream = new jetstream.Stream(stack, "stream", { name: "S" });
  const keys = { "": "a", for: "b", "-": "c", "1": "d", a_b: "e" };
  expect(hcl(stream, { any: ["[1]", "{}", "12", "-1", '"', "1.5"], keys })).toEqual({
    any: ["\\u005b1]", "\\u007b}", "\\u00312", "\\u002d1", '\\"', "1.5"],
    keys: { [EMPTY]: "a", "\\u0066or": "b", "\\u002d": "c", "\\u0031": "d", a_b: "e" },
  });
});
