import { type Account, accountProblems, type Exchange, wiringOf } from "../../../lib/access/accounts";

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
    identities: [],
    users: [],
    exports: wiringOf(exchanges).exports.get(name) ?? [],
    imports: wiringOf(exchanges).imports.get(name) ?? [],
    mappings: {},
    source: `stack/${name}`,
  };
}

const accounts = (exchanges: readonly Exchange[]) => ["A", "B", "C"].map((name) => account(name, exchanges));

test("an export and its import come from one exchange", () => {
  const exchanges = [exchange("A", "B", "a.>", { as: "x.>" }), exchange("A", "C", "a.>")];
  expect(wiringOf(exchanges).exports.get("A")).toEqual([
    { kind: "stream", subject: "a.>", accounts: ["B", "C"], source: "stack/A" },
  ]);
  expect(wiringOf(exchanges).imports.get("B")).toEqual([
    { kind: "stream", account: "A", subject: "a.>", to: "x.>", source: "stack/A" },
  ]);
  expect(accountProblems(accounts(exchanges))).toEqual([]);
});

test("a stream and a service of one subject are two exports", () => {
  const exchanges = [exchange("A", "B", "a"), exchange("A", "B", "a", { kind: "service" })];
  expect(
    wiringOf(exchanges)
      .exports.get("A")
      ?.map(({ kind }) => kind),
  ).toEqual(["service", "stream"]);
  expect(accountProblems(accounts(exchanges))).toEqual([]);
});

test.each([
  ["a service of one name in two accounts", ["A", "B"].map((from) => exchange(from, "C", "x.>", { kind: "service" }))],
  ["a subject that another import covers", [exchange("A", "C", "x.*.audit.>"), exchange("A", "C", "x._.audit.>")]],
  ["subjects that meet under another name", [exchange("A", "C", "x.>", { as: "y.>" }), exchange("A", "C", "y.z")]],
])("refuses overlapping imports: %s", (_, exchanges) => {
  const problems = accountProblems(accounts(exchanges));
  expect(problems).toHaveLength(1);
  expect(problems[0]?.what).toContain("import overlaps");
});

test("streams of one name from two accounts do not overlap: no message is in both", () => {
  expect(accountProblems(accounts([exchange("A", "C", "x.>"), exchange("B", "C", "x.y")]))).toEqual([]);
});

test("an export may be wider than what is imported, and is there once for all who import a part of it", () => {
  const parts = [exchange("A", "B", "x.b", { offered: "x.>" }), exchange("A", "C", "x.c", { offered: "x.>" })];
  expect(wiringOf(parts).exports.get("A")).toEqual([
    { kind: "stream", subject: "x.>", accounts: ["B", "C"], source: "stack/A" },
  ]);
  expect(accountProblems(accounts(parts))).toEqual([]);
});

test("a way that is given twice is there once", () => {
  expect(wiringOf([exchange("A", "B", "x"), exchange("A", "B", "x")]).imports.get("B")).toHaveLength(1);
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
