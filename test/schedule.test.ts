import { expect, test } from "vitest";

import { type Scheduled, sideBySide } from "./schedule.mjs";

/** Runs the suites, each for as many turns as its budget says; tells who ran in each turn. */
async function turnsOf(suites: Scheduled[], lanes = 2): Promise<string[]> {
  const turns: string[] = [];
  const going = new Map<string, { left: number; end: (name: string) => void }>();
  const run = ({ name, budget }: Scheduled) =>
    new Promise<string>((end) => {
      going.set(name, { left: budget, end });
    });
  const results = sideBySide(suites, lanes, run);
  for (; going.size > 0; await new Promise(setImmediate)) {
    turns.push([...going.keys()].sort().join(" "));
    for (const [name, suite] of going) {
      suite.left -= 1;
      if (suite.left > 0) continue;
      going.delete(name);
      suite.end(name);
    }
  }
  expect(await results).toEqual(suites.map(({ name }) => name));
  return turns;
}

test("two suites at a time run side by side, the longest first, and results are in the order of the suites", async () => {
  const suites = [1, 3, 2].map((budget) => ({ name: `${budget}`, budget }));
  expect(await turnsOf(suites)).toEqual(["2 3", "2 3", "1 3"]);
});

test("in a single lane one follows the other", async () => {
  const suites = ["a", "b"].map((name) => ({ name, budget: 1 }));
  expect(await turnsOf(suites, 1)).toEqual(["a", "b"]);
});

test("what needs another begins when that has ended, and holds up none that does not", async () => {
  const suites = [
    { name: "long", budget: 3, needs: ["build"] },
    { name: "build", budget: 2 },
    { name: "free", budget: 1 },
  ];
  expect(await turnsOf(suites)).toEqual(["build free", "build", "long", "long", "long"]);
});

test("what has to be alone is, when all others are done", async () => {
  const suites = [
    { name: "alone", budget: 2, alone: true },
    { name: "a", budget: 1 },
    { name: "b", budget: 2 },
  ];
  expect(await turnsOf(suites)).toEqual(["a b", "b", "alone", "alone"]);
});

test("a need that is not run in this group is none, and suites that need each other are an error", async () => {
  expect(await turnsOf([{ name: "a", budget: 1, needs: ["another group's"] }])).toEqual(["a"]);
  const circle = [
    { name: "a", budget: 1, needs: ["b"] },
    { name: "b", budget: 1, needs: ["a"] },
  ];
  await expect(sideBySide(circle, 2, async () => "")).rejects.toThrow("suites need each other: a, b");
});
