import { type Account, accountProblems, type Exchange, exportsOf, importsOf } from "../../lib/access/accounts";

const exchange = (from: string, to: string, subject: string, rest: Partial<Exchange> = {}): Exchange => ({
  kind: "stream",
  from,
  to,
  subject,
  source: `stack/${from}`,
  ...rest,
});

function account(name: string, exchanges: readonly Exchange[]): Account {
  return {
    name,
    inFile: true,
    about: "",
    jetStream: undefined,
    limits: {},
    users: [],
    exports: exportsOf(name, exchanges),
    imports: importsOf(name, exchanges),
    source: `stack/${name}`,
  };
}

const accounts = (exchanges: readonly Exchange[]) => ["A", "B", "C"].map((name) => account(name, exchanges));

test("an export and its import come from one exchange", () => {
  const exchanges = [exchange("A", "B", "a.>", { as: "x.>" }), exchange("A", "C", "a.>")];
  expect(exportsOf("A", exchanges)).toEqual([
    { kind: "stream", subject: "a.>", accounts: ["B", "C"], source: "stack/A" },
  ]);
  expect(importsOf("B", exchanges)).toEqual([
    { kind: "stream", account: "A", subject: "a.>", to: "x.>", source: "stack/A" },
  ]);
  expect(accountProblems(accounts(exchanges))).toEqual([]);
});

test("a stream and a service of one subject are two exports", () => {
  const exchanges = [exchange("A", "B", "a"), exchange("A", "B", "a", { kind: "service" })];
  expect(exportsOf("A", exchanges).map(({ kind }) => kind)).toEqual(["stream", "service"]);
  expect(accountProblems(accounts(exchanges))).toEqual([]);
});

test.each([
  ["the same subject from two accounts", [exchange("A", "C", "x.>"), exchange("B", "C", "x.>")]],
  ["a subject that another import covers", [exchange("A", "C", "x.*.audit.>"), exchange("A", "C", "x._.audit.>")]],
  ["subjects that meet under another name", [exchange("A", "C", "x.>", { as: "y.>" }), exchange("B", "C", "y.z")]],
])("refuses overlapping imports: %s", (_, exchanges) => {
  const problems = accountProblems(accounts(exchanges));
  expect(problems).toHaveLength(1);
  expect(problems[0]?.what).toContain("import overlaps");
});

test("imports of one subject under different names do not overlap", () => {
  const exchanges = [exchange("A", "C", "x.>", { as: "a.x.>" }), exchange("B", "C", "x.>", { as: "b.x.>" })];
  expect(accountProblems(accounts(exchanges))).toEqual([]);
});

test.each([
  ["nothing is exported", [] as Exchange[]],
  ["another subject is exported", [exchange("A", "B", "x.y")]],
  ["it is exported to another account", [exchange("A", "C", "x.>")]],
  ["it is exported as a service", [exchange("A", "B", "x.>", { kind: "service" })]],
])("refuses an import that no export covers: %s", (_, exports) => {
  const importer = { ...account("B", [exchange("A", "B", "x.>")]) };
  const problems = accountProblems([account("A", exports), importer]);
  expect(problems.map(({ what }) => what)).toEqual(["account B imports what account A does not export to it"]);
});
