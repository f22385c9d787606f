import { expect, test } from "vitest";

import { loadMultiplier, mostPeople } from "../../plan/server-types";

test.each([
  ["ccx33", 1],
  ["ccx43", 0.5],
  ["ccx63", 0.167],
  ["ccx23", 2],
  ["cx43", 1],
  ["cpx52", 0.667],
  ["cpx62", 0.5],
  ["ccx99", 1],
])("people on a node of type %s count %f times for Scalelite", (type, multiplier) => {
  expect(loadMultiplier(type)).toBe(multiplier);
});

test.each([
  [1, 200],
  [0.5, 400],
  [0.667, 300],
  [2, 100],
])("a node whose people count %f times takes %i of them", (multiplier, people) => {
  expect(mostPeople(multiplier)).toBe(people);
});
