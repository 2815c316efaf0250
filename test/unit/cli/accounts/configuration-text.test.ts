import { saysTheSame } from "../../../../lib/cli/accounts/configuration-text";

test.each([
  ["comments", "a: 1 # one\n// two\nb: 2", "a: 1\nb: 2 # three"],
  ["space", "a: {\n  b: 1\n}", "a: { b: 1 }"],
])("texts that differ in %s say the same", (_, one, other) => {
  expect(saysTheSame(one, other)).toBe(true);
});

test.each([
  ["a value", "a: 1", "a: 2"],
  ["what looks like a comment in quotes", 'a: "x # one"', 'a: "x # two"'],
  ["the same in single quotes", "a: 'x // one'", "a: 'x // two'"],
  ["an address", "a: nats://one", "a: nats://two"],
  ["space in quotes", 'a: "x y"', 'a: "x  y"'],
])("texts that differ in %s do not", (_, one, other) => {
  expect(saysTheSame(one, other)).toBe(false);
});

test("variables that were included, and stand in the file itself now, say the same; others do not", () => {
  const accounts = 'accounts { A { users: [{ user: "a", password: $A }] } }\n';
  expect(saysTheSame(`include "secrets.conf"\n${accounts}`, `A: "x"\nB: "y\\"z"\n${accounts}`)).toBe(true);
  expect(saysTheSame(accounts, `A: "x"\n${accounts}`)).toBe(false);
  expect(saysTheSame(`A: "y"\n${accounts}`, `A: "x"\n${accounts}`)).toBe(false);
  expect(saysTheSame(`include "secrets.conf"\n${accounts}`, `A: "x"\n${accounts.replace('"a"', '"b"')}`)).toBe(false);
});
