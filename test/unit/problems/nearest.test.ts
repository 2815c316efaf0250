import { distance, nearest } from "../../../lib/problems/nearest";

test.each([
  ["", "", 0],
  ["a", "", 1],
  ["kitten", "sitting", 3],
  ["show", "shwo", 2],
])("the distance of %j and %j is %d", (one, other, expected) => {
  expect(distance(one, other)).toBe(expected);
  expect(distance(other, one)).toBe(expected);
});

test.each([
  ["cache", ["prod-cache", "prod-convex"], ["prod-cache"]],
  ["prod-cahce", ["prod-cache", "prod-convex"], ["prod-cache"]],
  ["PROD-CACHE", ["prod-cache"], ["prod-cache"]],
  ["zzz", ["prod-cache"], []],
])("%j is near to what was meant", (name, known, expected) => {
  expect(nearest(name, known)).toEqual(expected);
});
