import { Permissions } from "../../../lib/analysis/server-permissions";
import { directionLines } from "./server-accounts";

const user = (allow: string[], deny: string[] = []) =>
  new Permissions({ name: "u", publish: directionLines(allow, deny), subscribe: directionLines(allow, deny) });

test.each<[string, string[], string[], string, boolean]>([
  ["an empty list allows all", [], [], "a.b", true],
  ["what matches", ["a.*"], [], "a.b", true],
  ["nothing else", ["a.*"], [], "a.b.c", false],
  ["deny wins", ["a.>"], ["a.b"], "a.b", false],
  ["deny alone leaves the rest", [], ["a.>"], "b", true],
  ["subjects of the server's gateways are nobody's", [], [], "_GR_.a", false],
  ["and of its Raft groups", [">"], [], "$NRG.a", false],
])("publish: %s", (_, allow, deny, subject, allowed) => {
  expect(user(allow, deny).mayPublish(subject).allowed).toBe(allowed);
});

test.each<[string, string[], string[], string, string | undefined, boolean]>([
  ["a pattern that a line covers", ["a.>"], [], "a.*", undefined, true],
  ["a pattern wider than all lines", ["a.b", "a.c"], [], "a.*", undefined, false],
  ["`>` for one token: the server takes it for a token like any other", ["a.*"], [], "a.>", undefined, true],
  ["everything, by the one line `*`", ["*"], [], ">", undefined, true],
  ["no further `>`", ["a.*.c"], [], "a.>", undefined, false],
  ["a pattern with denied subjects in it", [], ["a.b"], "a.*", undefined, true],
  ["a pattern that is denied", [], ["a.*"], "a.*", undefined, false],
  ["`>` for one denied token", [], ["a.*"], "a.>", undefined, false],
  ["a queue group of a line", ["a q"], [], "a", "q", true],
  ["no subscription without it", ["a q"], [], "a", undefined, false],
  ["no other queue group", ["a q"], [], "a", "r", false],
  ["any queue group of a line without one", ["a"], [], "a", "q", true],
  ["only the named ones, where a line names some", ["a", "a q"], [], "a", "r", false],
  ["queue groups by pattern", ["a v.*"], [], "a", "v.1", true],
  ["no denied queue group", ["a"], ["a q"], "a", "q", false],
  ["a subscription without the denied queue group", ["a"], ["a q"], "a", undefined, true],
  ["not the server's own queue group", [], [], "a", "_sys_", false],
])("subscribe: %s", (_, allow, deny, subject, queue, allowed) => {
  expect(user(allow, deny).maySubscribe(subject, queue).allowed).toBe(allowed);
});

test("a wide subscription does not get what is denied", () => {
  const permissions = user([], ["a.b", "a.c q"]);
  expect(permissions.delivers("a.b")).toBe(false);
  expect(permissions.delivers("a.c")).toBe(true);
  expect(permissions.delivers("a.c", "q")).toBe(false);
});

test.each<[string, string[], string[], string, string | undefined]>([
  ["a subject by itself", ["a.b"], [], "a.b", "a.b"],
  ["a subject beyond the line, by a wider subscription", ["a.*"], [], "a.b.c", "a.>"],
  ["nothing that is denied", [">"], ["a.b"], "a.b", undefined],
  ["nothing beyond the line where that is denied", ["a.*"], ["*.*"], "a.b.c", undefined],
  ["a subject in a queue group", ["a q"], [], "a", "a q"],
  ["a subject in a queue group that is not denied", ["a v.*"], ["a v.*"], "a", undefined],
  ["a subject in another queue group", ["a v.*"], ["a v.x"], "a", "a v.*"],
])("receives %s", (_, allow, deny, subject, expected) => {
  const [found] = user(allow, deny).receiving(subject);
  expect(found && [found.subscription, found.queue].join(" ").trim()).toBe(expected);
});

test("a pattern is received by the line itself and by the wider subscription that it allows", () => {
  const found = user(["a.*"], []).receiving("a.>");
  expect(found.map(({ pattern, subscription }) => [pattern, subscription])).toEqual([
    ["a.*", "a.*"],
    ["a.>", "a.>"],
  ]);
});

test.each<[string[], string[], string, string]>([
  [["a.>"], [], "a.*", "all"],
  [["a.*", "a.*.>"], [], "a.>", "all"],
  [["a.>"], ["a.b"], "a.*", "some"],
  [["a.b"], [], "a.*", "some"],
  [["a.*"], ["a.>"], "a.*", "none"],
  [["a.*"], ["a.b"], "a.b", "none"],
])("allow %j, deny %j: of %s may be published %s", (allow, deny, pattern, extent) => {
  expect(user(allow, deny).publishExtent(pattern)).toBe(extent);
});

test("a verdict names the lines that decide", () => {
  const permissions = user(["a.>", "b"], ["a.b"]);
  expect(permissions.mayPublish("a.c").by.map(({ subject: pattern }) => pattern)).toEqual(["a.>"]);
  expect(permissions.mayPublish("a.b").by.map(({ subject: pattern }) => pattern)).toEqual(["a.b"]);
  expect(permissions.mayPublish("c").by).toEqual([]);
});
