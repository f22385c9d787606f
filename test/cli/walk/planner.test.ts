import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Holder } from "../../../checks/occupancy";
import { nextSteps, type Seen } from "../../../cli/walk/planner";

const limits = { width: 1, slice: 600_000 };
let number = 0;

function seen(name: string, people: number | null, changes: Partial<Seen> & { cordons?: Holder[] } = {}): Seen {
  const { cordons = [], ...rest } = changes;
  return {
    ...{ name, capacity: 200, lost: false, lastPeople: people, wanted: true, acting: false, waited: 0, turns: 0 },
    answer: people === null ? null : { empty: people === 0, people, cordons },
    ...rest,
  };
}

const steps = (nodes: Seen[], changes: Partial<typeof limits> = {}) =>
  nextSteps(nodes, { ...limits, ...changes }).map(({ action, node }) => `${action} ${node}`);
const ours: { cordons: Holder[] } = { cordons: ["rollout"] };

describe("the next one is", () => {
  test.each<[string, Seen[], string[]]>([
    ["the one with the fewest people", [seen("a", 9), seen("b", 3), seen("c", 5)], ["close b"]],
    ["an empty one, though it had its turn", [seen("a", 3), seen("b", 0, { turns: 1 })], ["close b"]],
    ["one that had no turn yet", [seen("a", 3, { turns: 1 }), seen("b", 9)], ["close b"]],
    ["nobody while one is waited for", [seen("a", 3, ours), seen("b", 5)], []],
    ["nobody while one is changed", [seen("a", null, { acting: true }), seen("b", 0), seen("c", 0)], []],
    ["nobody while one is silent, for it may be rebooting", [seen("a", null), seen("b", 0), seen("c", 0)], []],
    ["somebody when one is lost", [seen("a", null, { lost: true }), seen("b", 0), seen("c", 0)], ["close b"]],
  ])("%s", (_, nodes, expected) => {
    expect(steps(nodes)).toEqual(expected);
  });
});

describe("a node that the rollout has closed", () => {
  test.each<[string, Seen[], string[]]>([
    ["is changed when it is empty", [seen("a", 0, ours), seen("b", 5)], ["act a"]],
    ["is checked when nothing waits any more", [seen("a", 3, { ...ours, wanted: false }), seen("b", 5)], ["act a"]],
    ["makes room when another is empty", [seen("a", 3, ours), seen("b", 0)], ["open a", "close b"]],
    ["makes room after its slice", [seen("a", 3, { ...ours, waited: 600_000 }), seen("b", 5)], ["open a", "close b"]],
    [
      "keeps waiting when the others are done",
      [seen("a", 3, { ...ours, waited: 999_000_000 }), seen("b", 5, { wanted: false })],
      [],
    ],
    [
      "keeps waiting when the others may not be closed",
      [seen("a", 3, { ...ours, waited: 600_000 }), seen("b", 150)],
      [],
    ],
    [
      "is left to the hand that has closed it, too",
      [
        seen("a", 0, { cordons: ["hand", "rollout"] }),
        seen("b", 0, { wanted: false }),
        seen("c", 0, { wanted: false }),
      ],
      ["open a"],
    ],
    [
      "is opened when people need the room",
      [seen("a", 3, ours), seen("b", 175, { wanted: false }), seen("c", null, { capacity: 0, lost: true })],
      ["open a"],
    ],
  ])("%s", (_, nodes, expected) => {
    expect(steps(nodes)).toEqual(expected);
  });

  test("is opened when a narrower run finds too many, the fullest first", () => {
    expect(steps([seen("a", 3, ours), seen("b", 5, ours), seen("c", 0, { wanted: false })])).toEqual(["open b"]);
  });

  test("stays where there is a place for the empty one", () => {
    expect(steps([seen("a", 3, ours), seen("b", 0), seen("c", 5)], { width: 2 })).toEqual(["close b"]);
  });
});

describe("nobody is closed", () => {
  test.each<[string, Seen[]]>([
    ["by whom the last open one would go", [seen("a", 0), seen("b", 0, { cordons: ["hand"] })]],
    ["whose people have no room elsewhere", [seen("a", 100, { capacity: 400 }), seen("b", 50, { wanted: false })]],
    [
      "where a silent node may have more people than there is room for",
      [seen("a", 60), seen("b", 60, { wanted: false }), seen("c", null, { lost: true, lastPeople: 30 })],
    ],
    [
      "where one that never answered may have as many as it takes",
      [seen("a", 1), seen("b", 0, { wanted: false }), seen("c", null, { lost: true, lastPeople: null })],
    ],
    ["who is closed by hand", [seen("a", 0, { cordons: ["hand"] }), seen("b", 0, { wanted: false })]],
    ["on whom nothing waits", [seen("a", 0, { wanted: false }), seen("b", 0, { wanted: false })]],
  ])("%s", (_, nodes) => {
    expect(steps(nodes)).toEqual([]);
  });

  test("and the same with a bit more room", () => {
    expect(steps([seen("a", 100, { capacity: 400 }), seen("b", 40, { wanted: false })])).toEqual(["close a"]);
  });
});

test("a node that does not know its people counts as one that is full enough", () => {
  const unsure = seen("c", null, { answer: { empty: false, people: null, cordons: [] }, wanted: false });
  expect(steps([seen("a", 10), seen("b", 0, { wanted: false }), unsure])).toEqual(["close a"]);
  expect(steps([seen("a", 150), seen("b", 0, { wanted: false }), unsure])).toEqual([]);
});

test("a silent node counts with the people that it had", () => {
  const silent = (lastPeople: number) => seen("c", null, { lost: true, lastPeople });
  expect(steps([seen("a", 10), seen("b", 0, { wanted: false }), silent(0)])).toEqual(["close a"]);
  expect(steps([seen("a", 10), seen("b", 0, { wanted: false }), silent(140)])).toEqual([]);
});

test("a node outside the cluster takes no room away", () => {
  expect(steps([seen("a", 180, { wanted: false }), seen("b", 0, { capacity: 0 })])).toEqual(["close b"]);
});

test("of the only one nothing is closed; it is changed when it is empty", () => {
  expect(steps([seen("a", 3)])).toEqual([]);
  expect(steps([seen("a", 0)])).toEqual(["act a"]);
});

const anyNode = fc
  .record({
    people: fc.option(fc.integer({ min: 0, max: 250 })),
    capacity: fc.constantFrom(0, 100, 200, 400),
    cordons: fc.uniqueArray(fc.constantFrom<Holder>("hand", "configuration", "rollout")),
    lost: fc.boolean(),
    wanted: fc.boolean(),
    acting: fc.boolean(),
    waited: fc.integer({ min: 0, max: 1_200_000 }),
    turns: fc.nat(3),
  })
  .map(({ people, ...rest }) => seen(`n${number++}`, rest.acting ? null : people, rest));

test("whatever it sees, it closes within width and room and never the last", () => {
  fc.assert(
    fc.property(fc.array(anyNode, { maxLength: 8 }), fc.integer({ min: 1, max: 3 }), (nodes, width) => {
      const all = nextSteps(nodes, { ...limits, width });
      const by = (action: string) => all.filter((step) => step.action === action).map(({ node }) => node);
      const isOut = ({ name, acting, answer, lost }: Seen) =>
        !by("open").includes(name) &&
        (acting || by("close").includes(name) || (answer?.cordons.includes("rollout") ?? !lost));
      if (by("close").length > 0) expect(nodes.filter(isOut).length).toBeLessThanOrEqual(width);
      const closed = nodes.filter(({ name }) => by("close").includes(name));
      const open = nodes.filter((node) => node.capacity > 0 && node.answer !== null && !isOut(node));
      const taking = open.filter(({ answer }) => answer?.cordons.every((holder) => holder === "rollout"));
      if (closed.some(({ capacity }) => capacity > 0)) {
        const load = nodes
          .filter(({ capacity }) => capacity > 0)
          .reduce((sum, { answer }) => sum + (answer?.people ?? 0), 0);
        expect(load).toBeLessThanOrEqual(0.7 * taking.reduce((sum, { capacity }) => sum + capacity, 0));
        expect(taking.length).toBeGreaterThan(0);
      }
      for (const { answer, wanted } of closed) expect([answer?.cordons, wanted]).toEqual([[], true]);
    }),
    { numRuns: 100 },
  );
});
