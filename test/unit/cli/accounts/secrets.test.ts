import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secretLinesFrom } from "../../../../lib/cli/accounts/secrets";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const linesOf = (text: string, ...variables: string[]) => {
  writeFileSync(join(folder, "secrets.env"), text);
  return secretLinesFrom("secrets.env", folder, variables);
};

test.each([
  ["A=x", 'A: "x"\n'],
  ["# a comment\n\nexport A=x\r\nB=y\n", 'A: "x"\n'],
  ['A="x y"', 'A: "x y"\n'],
  ["A='x'", 'A: "x"\n'],
  ["A=x=y", 'A: "x=y"\n'],
  ["A=1234", 'A: "1234"\n'],
  ['A=x"\\$B', 'A: "x\\"\\\\$B"\n'],
])("a file gives a variable its value: %j", (text, lines) => {
  expect(linesOf(text, "A")).toBe(lines);
});

test("a folder gives each variable what its file has, without the last line's end", () => {
  mkdirSync(join(folder, "mounted"));
  writeFileSync(join(folder, "mounted", "A"), "x\n");
  writeFileSync(join(folder, "mounted", "B"), "y");
  writeFileSync(join(folder, "mounted", "C"), "z");
  expect(secretLinesFrom("mounted", folder, ["B", "A"])).toBe('B: "y"\nA: "x"\n');
});

test("what is missing or empty is named, and no value is", () => {
  expect(() => linesOf("A=secret\nB=\n", "A", "B", "C")).toThrow("secrets.env lacks `B` and `C`");
  expect(() => linesOf("secret\n", "A")).toThrow("line 1 of secrets.env is no NAME=value");
  expect(() => secretLinesFrom("gone", folder, [])).toThrow("no such file or folder: gone");
});
