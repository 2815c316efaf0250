import { AccessModel } from "../../../lib/analysis/access-model";
import type { Step } from "../../../lib/analysis/course";
import { canPublish, type Delivery, reach, whoCanPublish, whoCanSubscribe } from "../../../lib/analysis/reach";
import type { ServerAccount } from "../../../lib/analysis/server-model";
import type { CatalogImport, CatalogResource } from "../../../lib/catalog/catalog";
import { stream } from "./platform";
import { directionLines } from "./server-accounts";

/** An account with one user of the same name in lower case, that may do all. */
function account(name: string, imports: CatalogImport[] = [], rest: Partial<ServerAccount> = {}): ServerAccount {
  const all = directionLines([]);
  const users = [{ name: name.toLowerCase(), publish: all, subscribe: all }];
  return { name, users, exports: [], imports, mappings: {}, resources: [], consumers: [], ...rest };
}

const from = (kind: CatalogImport["kind"], name: string, subject: string, to?: string): CatalogImport => ({
  kind,
  account: name,
  subject,
  ...(to !== undefined && { to }),
});

const wayOf = (through: readonly Step[]) => through.map((step) => `${step.kind} ${step.account}`).join(", ");
const told = (deliveries: readonly Delivery[]) =>
  deliveries.map(({ member, pattern, through }) => `${member.user.name} ${pattern} [${wayOf(through)}]`).sort();

function reached(model: AccessModel, user: string, subject: string): string[] {
  const member = model.member(user);
  if (!member) throw new Error(user);
  return told(reach(model, member, subject).receivers);
}

function publishers(model: AccessModel, subject: string, into?: string): string[] {
  return whoCanPublish(model, subject, into)
    .map((each) => `${each.member.user.name} ${each.publishes} ${each.into} [${wayOf(each.through)}]`)
    .sort();
}

test("a stream import delivers under its own name, and to no further account", () => {
  const model = new AccessModel([
    account("A"),
    account("B", [from("stream", "A", "x.*", "y.*")]),
    account("C", [from("stream", "B", "y.>")]),
  ]);
  expect(reached(model, "a", "x.1")).toEqual(["a x.1 []", "b y.1 [import B]"]);
  expect(reached(model, "b", "y.1")).toEqual(["b y.1 []", "c y.1 [import C]"]);
  expect(publishers(model, "y.1", "B")).toEqual(["a x.1 B [import B]", "b y.1 B []"]);
});

test("what enters by a service import does not leave by a stream import, but by another service import", () => {
  const model = new AccessModel([
    account("A", [from("service", "B", "x", "ask")]),
    account("B", [from("service", "D", "x", "x")]),
    account("C", [from("stream", "B", "x")]),
    account("D"),
  ]);
  expect(reached(model, "a", "ask")).toEqual(["a ask []", "b x [import B]", "d x [import B, import D]"]);
  expect(reached(model, "b", "x")).toEqual(["b x []", "c x [import C]", "d x [import D]"]);
  expect(publishers(model, "x", "D")).toEqual(["a ask D [import B, import D]", "b x D [import D]", "d x D []"]);
});

test("mappings come before permissions, on the way into an account too", () => {
  const b = account("B", [], { mappings: { "in.*": "out.$1" } });
  const limited = { name: "limited", publish: directionLines(["out.>"]), subscribe: directionLines([]) };
  const model = new AccessModel([
    account("A", [from("service", "B", "in.*", "b.*")]),
    { ...b, users: [...b.users, limited] },
  ]);
  expect(reached(model, "a", "b.1")).toEqual(["a b.1 []", "b out.1 [import B]", "limited out.1 [import B]"]);
  const member = model.member("limited");
  expect(member && canPublish(model, member, "in.1").extent).toBe("all");
  expect(member && canPublish(model, member, "in.1.2").extent).toBe("none");
  expect(publishers(model, "out.1", "B")).toEqual([
    "a b.1 B [import B]",
    "b in.1 B []",
    "b out.1 B []",
    "limited in.1 B []",
    "limited out.1 B []",
  ]);
  expect(publishers(model, "in.1", "B")).toEqual([]);
});

test("of a pattern, nobody receives under the old name what mappings give another", () => {
  const old = { name: "old", publish: directionLines([]), subscribe: directionLines(["in.*"]) };
  const b = account("B", [], { mappings: { "in.*": "out.$1" } });
  const model = new AccessModel([{ ...b, users: [...b.users, old] }]);
  const receivers = reached(model, "b", ">");
  expect(receivers).toContain("b > []");
  expect(receivers).not.toContain("old in.* []");
});

test("a stream publishes again what it has stored, whichever way it came", () => {
  const events: CatalogResource = stream("B", "events", "e.>", { republish: { source: "e.>", destination: "live.>" } });
  const model = new AccessModel([
    account("A", [from("service", "B", "e.*"), from("stream", "B", "live.*", "seen.*")]),
    account("B", [], { resources: [events] }),
  ]);
  expect(reached(model, "a", "e.1")).toEqual([
    "a e.1 []",
    "a seen.1 [import B, republish B, import A]",
    "b e.1 [import B]",
    "b live.1 [import B, republish B]",
  ]);
  const member = model.member("a");
  expect(member && reach(model, member, "e.1").storedBy.map(({ resource }) => resource.stream)).toEqual(["events"]);
  expect(publishers(model, "seen.1", "A")).toContain("a e.1 A [import B, republish B, import A]");
});

test("who can subscribe is asked of one account or of all", () => {
  const model = new AccessModel([account("A"), account("B", [from("stream", "A", "x.>")])]);
  expect(told(whoCanSubscribe(model, "x.1", "A"))).toEqual(["a x.1 []", "b x.1 [import B]"]);
  expect(told(whoCanSubscribe(model, "x.1"))).toEqual(["a x.1 []", "b x.1 []", "b x.1 [import B]"]);
});

test("of a pattern, all are found that can publish or receive some of it", () => {
  const narrow = { name: "narrow", publish: directionLines(["x.1.>"]), subscribe: directionLines(["x.*.a"]) };
  const model = new AccessModel([account("A", [], { users: [narrow] })]);
  expect(publishers(model, "x.*.a")).toEqual(["narrow x.1.a A []"]);
  expect(told(whoCanSubscribe(model, "x.1.>"))).toEqual(["narrow x.1.a []"]);
});

test.each([
  ["c.again.>", "c.>"],
  ["c.>", "c.again.>"],
  [">", "c.again.>"],
])("a stream that publishes %s again as %s, which it stores, is followed once", (source, destination) => {
  const resources = [stream("A", "loop", "c.>", { republish: { source, destination } })];
  const model = new AccessModel([account("A", [], { resources })]);
  expect(publishers(model, "c.again.x")).toContain("a c.again.x A []");
  expect(reached(model, "a", "c.again.x")).toContain("a c.again.x []");
});
