import fc from "fast-check";
import { inOrder } from "../../../lib/collections/order";

const name = fc.string({ unit: fc.constantFrom("a", "b", "-", ".", "0", "1", "2", "9"), maxLength: 6 });

test("numbers count as numbers", () => {
  const names = ["a10", "a9", "a", "a-b", "a2", "a1b", "a1", "b1"];
  expect([...names].sort(inOrder)).toEqual(["a", "a-b", "a1", "a1b", "a2", "a9", "a10", "b1"]);
});

test("the order is one: two names are equal only if they are the same, and no three go in a circle", () => {
  fc.assert(
    fc.property(name, name, name, (one, two, three) => {
      expect(Math.sign(inOrder(one, two))).toBe(-Math.sign(inOrder(two, one)) || 0);
      expect(inOrder(one, two) === 0).toBe(one === two);
      if (inOrder(one, two) < 0 && inOrder(two, three) < 0) expect(inOrder(one, three)).toBeLessThan(0);
    }),
    { numRuns: 2000 },
  );
});
