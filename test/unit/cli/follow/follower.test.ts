import { chosen, type Judge } from "../../../../lib/cli/follow/choice";
import { judgeOf } from "../../../../lib/cli/follow/judge";
import { proposalOf, type Reading, type Units, unitsInForce, withChanges } from "../../../../lib/cli/follow/proposal";
import { removalsBy } from "../../../../lib/cli/follow/removals";
import { type Unit, unitId, unitsIn } from "../../../../lib/cli/follow/unit";
import { type BucketDocument, type DeclaredStack, stackDocuments } from "../../../support/unit-documents";

const PLATFORM: DeclaredStack = { accounts: ["PROD"], users: { "prod-node": { role: "node" } } };
const CALL = { publish: { "prod._.api.b.q": "calls" } };
const SERVE = { subscribe: { "prod._.api.b.q": "serves" } };

const platform = (more: DeclaredStack["users"] = {}) =>
  stackDocuments("prod", "shop", { ...PLATFORM, users: { ...PLATFORM.users, ...more } });
const app = (stack: string, users: DeclaredStack["users"] = { [`prod-${stack}`]: {} }) =>
  stackDocuments("prod", stack, { users });
type Read = Reading & { readonly kind: "read" };
const read = (...documents: BucketDocument[][]): Read => ({
  kind: "read",
  version: 1,
  platform: "prod",
  documents: documents.flat(),
  deleted: new Set(),
});
/** A reading in which further documents have a mark that they were deleted. */
const deleting = (reading: Read, ...documents: BucketDocument[][]): Read => ({
  ...reading,
  deleted: new Set(documents.flat().map(({ key }) => key)),
});
const withoutStack = (documents: BucketDocument[]) => documents.slice(0, -1);

/** What is in force behind some readings, one after the other, and what is said of the last. */
async function following(readings: readonly (Reading | readonly Reading[])[], start: readonly Unit[] = []) {
  let units: Units = new Map();
  let said: string[] = [];
  let judged = 0;
  for (const each of readings) {
    const before = units;
    const { candidates, notices } = proposalOf(before, [each].flat());
    const { objectionsTo } = judgeOf({ hashOf: () => undefined, besides: [] });
    const judge: Judge = async (some) => {
      judged++;
      return objectionsTo(unitsInForce(withChanges(before, some), start));
    };
    const { taken, refused } = await chosen(candidates, judge);
    units = withChanges(before, taken);
    said = [
      ...notices.map(({ platform, stack, kind, why }) => `${platform} ${stack ?? "-"} ${kind}: ${why}`),
      ...[...refused].map(([{ id }, objections]) => `${id} refused: ${objections.map(({ text }) => text).join("; ")}`),
    ];
  }
  return { units: [...units.keys()].sort(), said, users: usersIn(units, start), judged };
}

const usersIn = (units: Units, start: readonly Unit[]) =>
  unitsInForce(units, start)
    .flatMap(({ documents }) => documents.map(({ key }) => key))
    .filter((key) => key.includes(".users."))
    .map((key) => key.replace(/^.*\.users\./, ""))
    .sort();

test("a stack comes in when its stack document fits the others, and not before", async () => {
  const half = await following([read(platform(), withoutStack(app("a")))]);
  expect(half.units).toEqual(["prod shop"]);
  expect(half.said).toEqual([
    "prod a waiting: its stack document is not there: an apply is under way, or has ended with an error",
  ]);
  expect(await following([read(platform(), app("a"))])).toMatchObject({ units: ["prod a", "prod shop"], said: [] });
});

test("in the middle of an apply what was whole before stays, and it is said what has changed", async () => {
  const before = app("a", { "prod-a": {}, "prod-gone": {} });
  const after = app("a", { "prod-a": CALL, "prod-new": SERVE });
  const half = [...withoutStack(after), ...before.slice(-1)];
  const { users, said } = await following([read(platform(), before), read(platform(), half)]);
  expect(users).toEqual(["prod-a", "prod-gone", "prod-node"]);
  expect(said).toEqual([
    "prod a waiting: 2 documents found, of 2 that an apply has written, with other texts; since it was whole: " +
      "access.users.prod-a (other), access.users.prod-gone (gone), access.users.prod-new (new)",
  ]);
  expect((await following([read(platform(), before), read(platform(), after)])).users).toEqual([
    "prod-a",
    "prod-new",
    "prod-node",
  ]);
});

test("a document that is not understood lets its stack wait, one without stack nothing", async () => {
  const next = stackDocuments("prod", "a", { users: { "prod-a": { version: 2 as never } } });
  const stray = { key: "access.users.prod-x", text: "{", revision: 9 };
  const { users, said } = await following([read(platform(), app("a")), read(platform(), next, [stray])]);
  expect(users).toEqual(["prod-a", "prod-node"]);
  expect(said).toEqual([
    "prod - waiting: access.users.prod-x (revision 9) says no stack",
    expect.stringMatching(/^prod a waiting: access\.users\.prod-a is not understood: .* version .*: 2/),
  ]);
});

test("a stack of which nothing is left goes; the one of the platform does not, nor anything with it", async () => {
  const before = read(platform(), app("a"));
  const destroyed = deleting(read(platform()), app("a"));
  expect((await following([before, destroyed])).units).toEqual(["prod shop"]);
  const traceless = await following([before, read(platform())]);
  expect(traceless.units).toEqual(["prod a", "prod shop"]);
  expect(traceless.said).toEqual([expect.stringMatching(/^prod a held: .* without a mark .*purged/)]);
  for (const left of [read(), read(app("a"))]) {
    const { units, said } = await following([read(platform(), app("a"), app("b")), left]);
    expect(units).toEqual(["prod a", "prod b", "prod shop"]);
    expect(said).toEqual([expect.stringMatching(/^prod - unreadable: .* deleted or purged/)]);
  }
});

test("a platform moves to another stack, which has its account then", async () => {
  const moved = stackDocuments("prod", "other", PLATFORM);
  expect((await following([read(platform()), read(moved)])).units).toEqual(["prod other"]);
});

test("a bucket that cannot be read changes nothing; a platform that is not asked for goes", async () => {
  const unreadable: Reading = { kind: "unreadable", platform: "prod", why: "no answer" };
  expect(await following([read(platform(), app("a")), unreadable])).toMatchObject({
    units: ["prod a", "prod shop"],
    said: ["prod - unreadable: no answer"],
  });
  expect((await following([read(platform(), app("a")), []])).units).toEqual([]);
});

test("what one stack says wrongly holds up no other, of whichever platform", async () => {
  const dev: Reading = {
    kind: "read",
    version: 1,
    platform: "dev",
    deleted: new Set(),
    documents: stackDocuments("dev", "dev", {
      accounts: ["DEV"],
      users: { "dev-x": { publish: { "dev._.api.x.y": "" } } },
    }),
  };
  const wrong = app("b", { "prod-b": CALL });
  const { units, said } = await following([[dev, read(platform(), app("a"), wrong, app("c"))]]);
  expect(units).toEqual(["prod a", "prod c", "prod shop"]);
  expect(said.map((line) => line.slice(0, 20))).toEqual(["dev dev refused: [bu", "prod b refused: [buc"]);
  expect(said.join()).toContain('app calls what no app of the given programs serves: "prod._.api.b.q"');
});

test("a caller comes in when what it calls does, in one step or two", async () => {
  const [caller, server] = [app("a", { "prod-a": CALL }), app("b", { "prod-b": SERVE })];
  expect((await following([read(platform(), caller, server)])).units).toHaveLength(3);
  expect((await following([read(platform(), caller), read(platform(), caller, server)])).units).toHaveLength(3);
});

test("two stacks that need each other come in beside one that is wrong", async () => {
  const one = app("a", { "prod-a": { ...CALL, subscribe: { "prod._.api.a.q": "" } } });
  const other = app("c", { "prod-c": { ...SERVE, publish: { "prod._.api.a.q": "" } } });
  const wrong = app("b", { "prod-b": { publish: { "prod._.api.nobody.q": "" } } });
  expect((await following([read(platform(), one, wrong, other)])).units).toEqual(["prod a", "prod c", "prod shop"]);
});

test("what fits only together is found without knowing whom to blame", async () => {
  const ids = ["a", "b", "c", "d", "e", "f"];
  const candidates = ids.map((id) => ({ id, platform: "prod", stack: id, unit: undefined }));
  const isRight = (some: string) =>
    (some.includes("a") === some.includes("e") || some.includes("f")) && !some.includes("c");
  const judge: Judge = async (some) => (isRight(some.map(({ id }) => id).join("")) ? [] : [{ text: "no" }]);
  const { taken, refused } = await chosen(candidates, judge);
  expect(taken.map(({ id }) => id).sort()).toEqual(["a", "b", "d", "e", "f"]);
  expect([...refused.keys()].map(({ id }) => id)).toEqual(["c"]);
});

test("a thousand stacks of which one is wrong are judged a few times", async () => {
  const some = Array.from({ length: 300 }, (_, index) => app(`s${index}`));
  const { units, judged } = await following([read(platform(), ...some, app("b", { "prod-b": CALL }))]);
  expect([units.length, judged < 8]).toEqual([301, true]);
});

test("a platform without a bucket is started from a synth, until its account is whole in the bucket", async () => {
  const place = { platform: "prod", originOf: () => "out", isLoose: true };
  const start = unitsIn(withoutStack(platform({ "prod-first": {} })), place).whole;
  const unreadable: Reading = { kind: "unreadable", platform: "prod", why: "no bucket" };
  expect((await following([unreadable], start)).users).toEqual(["prod-first", "prod-node"]);
  expect((await following([read(app("a"))], start)).users).toEqual(["prod-a", "prod-first", "prod-node"]);
  expect((await following([read(platform(), app("a"))], start)).users).toEqual(["prod-a", "prod-node"]);
  expect((await following([read(platform()), unreadable], start)).users).toEqual(["prod-node"]);
});

test("removals are counted over all changes: a user that moves is not gone", () => {
  const find = (documents: BucketDocument[]) =>
    unitsIn(documents, { platform: "prod", originOf: (stack) => stack }).whole.map(
      (unit) => [unitId(unit), unit] as const,
    );
  const before: Units = new Map(find([...platform(), ...app("a", { "prod-a": {}, "prod-moves": {} }), ...app("b")]));
  const { candidates } = proposalOf(before, [
    deleting(read(platform(), app("c", { "prod-c": {}, "prod-moves": {} }), app("b")), app("a")),
  ]);
  const after = unitsInForce(withChanges(before, candidates), []);
  const { users, candidates: takingAway } = removalsBy(candidates, before, unitsInForce(before, []), after);
  expect(users).toEqual(["prod-a"]);
  expect(takingAway.map(({ id }) => id)).toEqual(["prod a"]);
});
