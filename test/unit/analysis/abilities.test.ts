import { Abilities } from "../../../lib/analysis/abilities";
import type { Step } from "../../../lib/analysis/course";
import { permissionLine } from "../../../lib/analysis/server-model";
import type { Ability } from "../../../lib/analysis/user-access";
import { Random } from "../../support/random";
import { stream } from "./platform";

const LINES = ["a", "b", "c"].map((subject) => permissionLine(subject));
const STREAMS = ["x", "y", "z"].map((name) => stream("A", name, "a"));

const stepOf = (index: number): Step => {
  const resource = STREAMS[index % STREAMS.length] as (typeof STREAMS)[number];
  return { kind: "republish", account: "A", resource };
};

/** Each line in each way once, found by looking at all. */
function naive(added: readonly Ability[]): Ability[] {
  const all: Ability[] = [];
  for (const ability of added) {
    const isSame = (each: Ability) =>
      each.act === ability.act &&
      each.by === ability.by &&
      each.line === ability.line &&
      JSON.stringify(each.through) === JSON.stringify(ability.through);
    const place = all.findIndex(isSame);
    const known = all[place];
    if (!known) all.push(ability);
    else if (known.subjects) {
      const { subjects } = ability;
      const both = subjects && [...new Set([...known.subjects, ...subjects])];
      all[place] = both ? { ...known, subjects: both } : ability;
    }
  }
  return all;
}

test("what a line lets a user do in one way is there once, the wider of two, however many there are", () => {
  const random = new Random(7);
  const added = Array.from({ length: 2000 }, (): Ability => {
    const subjects = random.oneIn(4) ? undefined : [`s.${random.below(5)}`];
    return {
      act: random.oneIn(2) ? "read" : "write",
      by: random.oneIn(2) ? "request" : "publish",
      line: random.of(LINES),
      through: Array.from({ length: random.below(4) }, () => stepOf(random.below(3))),
      ...(subjects && { subjects }),
    };
  });
  for (const count of [5, 15, 16, 17, 40, added.length]) {
    const abilities = new Abilities();
    for (const each of added.slice(0, count)) abilities.add(each);
    expect(abilities.all).toEqual(naive(added.slice(0, count)));
  }
  expect(naive(added).length).toBeGreaterThan(100);
});
