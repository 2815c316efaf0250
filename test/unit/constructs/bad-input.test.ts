import { problemsIn, type Refusal, refusal } from "../../support/synth";
import { collisionRows } from "./bad-input/collisions";
import { connectionRows, credentialRows, SECRET } from "./bad-input/connections";
import { consumerRows } from "./bad-input/consumers";
import { limitRows } from "./bad-input/limits";
import { lookalikeRows } from "./bad-input/lookalikes";
import { nameRows } from "./bad-input/names";
import { inheritedRows, numberRows } from "./bad-input/numbers";
import type { Row } from "./bad-input/programs";
import { slipRows } from "./bad-input/slips";
import { inheritedPlacementRows, streamRows } from "./bad-input/streams";
import { subjectRows } from "./bad-input/subjects";

function check({ message, written, testing }: Refusal, { says, leadsToMore }: Row): void {
  expect(message).toBeDefined();
  const found = problemsIn(message ?? "");
  const fitting = found.filter((problem) => says.every((fragment) => problem.includes(fragment)));
  if (fitting.length === 0) expect(message).toBe(says.join("\n"));
  if (!leadsToMore) expect(found).toHaveLength(1);
  expect(written).toEqual([]);
  expect(testing).toBe(message);
}

describe.each([
  ["names", nameRows],
  ["numbers", numberRows],
  ["subjects", subjectRows],
  ["streams and buckets", streamRows],
  ["consumers", consumerRows],
  ["collisions", collisionRows],
  ["connections", connectionRows],
  ["credentials", credentialRows],
  ["limits and entries", limitRows],
  ["slips", slipRows],
  ["look-alikes", lookalikeRows],
])("%s", (_kind, rows) => {
  test.each(rows)("$name", (row) => {
    check(refusal(row.program), row);
  });
});

describe("what an owner gives to its resources", () => {
  test.each([...inheritedRows, ...inheritedPlacementRows])("$name", (row) => {
    check(refusal(row.program), { ...row, leadsToMore: true });
  });
});

test.each(credentialRows)("$name, without repeating them", ({ program }) => {
  expect(refusal(program).message ?? "").not.toContain(SECRET);
});
