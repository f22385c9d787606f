import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { minute } from "../../../cli/walk/clock";
import { walk } from "../../../cli/walk/walk";
import type { WalkOptions } from "../../../cli/walk/world";
import { type Beginning, patient, Simulation, type Visit } from "./simulation";

const beginning = fc.record({
  capacity: fc.constantFrom(100, 200, 200, 400),
  wanted: fc.boolean(),
  cordons: fc.constantFrom([], [], [], [], ["hand" as const], ["configuration" as const]),
  silentUntil: fc.constantFrom(0, 0, 0, 0, 5, 45),
});
const visit = fc.record({
  at: fc.integer({ min: 0, max: 240 }),
  lasts: fc.integer({ min: 1, max: 90 }),
  people: fc.integer({ min: 0, max: 80 }),
  chooses: fc.nat(100),
});
const cluster = fc.record({
  beginnings: fc.array(beginning, { minLength: 1, maxLength: 6 }),
  visits: fc.array(visit, { maxLength: 40 }),
  width: fc.integer({ min: 1, max: 3 }),
});

async function walked(simulation: Simulation, options: Partial<WalkOptions> = {}) {
  const { width } = simulation;
  const result = walk(simulation.world(), { ...patient, width, ...options });
  return simulation.clock.until(result, () => simulation.isKilled);
}

/** Nothing waits any more where anything could be done, and nobody is closed by the rollout. */
function expectAllDone({ nodes, broken, clock }: Simulation): void {
  expect(broken).toEqual([]);
  expect(nodes.filter(({ cordons }) => cordons.includes("rollout"))).toEqual([]);
  // Whoever was silent to the end was given up.
  const answering = nodes.filter(({ silentUntil = 0 }) => silentUntil * minute <= clock.now());
  const free = answering.filter(({ cordons }) => cordons.length === 0);
  // The last one that is open is never closed, unless it is the only one that there is.
  if (free.length > 1 || nodes.length === 1) expect(free.filter(({ wanted }) => wanted)).toEqual([]);
}

describe("while people come and go", () => {
  test("every node comes by in the end, within width and capacity and never the last", async () => {
    await fc.assert(
      fc.asyncProperty(cluster, async ({ beginnings, visits, width }) => {
        const simulation = new Simulation(beginnings, visits, width);
        const outcome = await walked(simulation);
        expectAllDone(simulation);
        expect(outcome?.failed).toEqual([]);
        const handed = simulation.nodes.filter(({ cordons, wanted }) => wanted && cordons.length > 0);
        const named = [...(outcome?.skipped.map(({ node }) => node) ?? []), ...(outcome?.lost ?? [])];
        expect(named).toEqual(expect.arrayContaining(handed.map(({ name }) => name)));
      }),
      { numRuns: 100 },
    );
  });

  test("a kill after any step and another run end in the same", async () => {
    const kill = fc.record({ call: fc.integer({ min: 1, max: 120 }), before: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(cluster, fc.array(kill, { maxLength: 4 }), async ({ beginnings, visits, width }, kills) => {
        const simulation = new Simulation(beginnings, visits, width);
        for (const one of [...kills, undefined]) {
          simulation.kill = one;
          await walked(simulation);
        }
        expectAllDone(simulation);
      }),
      { numRuns: 100 },
    );
  });
});

const node = (changes: Partial<Beginning> = {}): Beginning => ({
  capacity: 200,
  wanted: true,
  cordons: [],
  ...changes,
});
const meeting = (chooses: number, lasts: number, people = 10): Visit => ({ at: 0, lasts, people, chooses });
const opening = (simulation: Simulation) =>
  simulation.log.filter((line) => /: (closed|done|open)/.test(line)).map((line) => line.split(/[ ;]/, 2).join(" "));

test("nodes with nothing that waits are not touched", async () => {
  const simulation = new Simulation([node({ wanted: false }), node({ wanted: false })], [], 1);
  expect(await walked(simulation)).toEqual({ done: [], failed: [], skipped: [], lost: [], left: [] });
  expect(simulation.log).toEqual([]);
});

test("a busy node makes room for others, and is waited for when it is the last", async () => {
  const simulation = new Simulation([node(), node(), node()], [meeting(0, 200), meeting(1, 25, 20)], 1);
  await walked(simulation);
  expect(opening(simulation)).toEqual([
    "bbb-03: closed",
    "bbb-03: done",
    "bbb-01: closed",
    "bbb-01: open",
    "bbb-02: closed",
    "bbb-02: open",
    "bbb-01: closed",
    "bbb-01: open",
    "bbb-02: closed",
    "bbb-02: done",
    "bbb-01: closed",
    "bbb-01: done",
  ]);
});

test("when the time is up what was waited for is open, and is named", async () => {
  const simulation = new Simulation([node(), node({ wanted: false })], [meeting(0, 1000)], 1);
  const outcome = await walked(simulation, { patience: 30 * minute });
  expect(outcome).toMatchObject({ done: [], left: [{ node: "bbb-01", reason: "10 people" }] });
  expect(simulation.nodes[0]?.cordons).toEqual([]);
  expect(simulation.clock.now()).toBeLessThan(31 * minute);
});

test("silence is no emptiness, and holds up the others only as long as a reboot may take", async () => {
  const simulation = new Simulation([node({ silentUntil: 1000 }), node(), node()], [], 1);
  const outcome = await walked(simulation);
  expect(outcome).toMatchObject({ done: ["bbb-02", "bbb-03"], lost: ["bbb-01"] });
  expect(simulation.clock.now()).toBeLessThan(25 * minute);
});

test("what a killed run has closed comes first, whatever else is empty", async () => {
  const simulation = new Simulation([node(), node({ cordons: ["rollout"], wanted: false }), node()], [], 1);
  await walked(simulation);
  expect(simulation.log[0]).toBe("bbb-02: was left closed by a rollout; is checked");
  expectAllDone(simulation);
});

test("a node that is not meant stays as a rollout has left it", async () => {
  const simulation = new Simulation([node(), node({ cordons: ["rollout"] }), node()], [], 2);
  expect((await walked(simulation, { only: ["bbb-01"] }))?.done).toEqual(["bbb-01"]);
  expect(simulation.nodes.map(({ wanted, cordons }) => [wanted, cordons])).toEqual([
    [false, []],
    [true, ["rollout"]],
    [true, []],
  ]);
});

test("the last node that is open is left, and said to be it, without waiting", async () => {
  const simulation = new Simulation([node(), node({ cordons: ["hand"] })], [], 1);
  const outcome = await walked(simulation);
  expect(outcome).toMatchObject({
    left: [{ node: "bbb-01", reason: "no other node is open to new meetings" }],
    skipped: [{ node: "bbb-02", by: ["hand"] }],
  });
  expect(simulation.clock.now()).toBe(0);
});

test("the only node that there is is changed when it is empty, without being closed before", async () => {
  const simulation = new Simulation([node()], [meeting(0, 20)], 1);
  expect((await walked(simulation))?.done).toEqual(["bbb-01"]);
  expect(opening(simulation)).toEqual(["bbb-01: done"]);
});

test("a failed check stops it: that node stays closed, what was only waited for is open, and the next run goes on", async () => {
  const simulation = new Simulation([node(), node(), node()], [meeting(1, 60)], 2);
  const world = simulation.world();
  const failing = { ...world, act: () => Promise.reject(new Error("client page: 502")) };
  const outcome = await simulation.clock.until(walk(failing, { ...patient, width: 2 }));
  expect(outcome?.failed.map(({ reason }) => reason)).toEqual(["client page: 502", "client page: 502"]);
  expect(simulation.nodes.map(({ cordons }) => cordons)).toEqual([["rollout"], [], ["rollout"]]);
  await walked(simulation);
  expectAllDone(simulation);
});

test("a node that is closed by hand while it is waited for is left to the hand", async () => {
  const simulation = new Simulation([node(), node({ wanted: false })], [meeting(0, 60)], 1);
  simulation.clock.sleep(5 * minute).then(() => simulation.nodes[0]?.cordons.push("hand"));
  expect((await walked(simulation))?.skipped).toEqual([{ node: "bbb-01", by: ["hand"] }]);
  expect(simulation.nodes[0]?.cordons).toEqual(["hand"]);
});

test("a node on which work can never begin holds nobody up for longer than the time that there is", async () => {
  const simulation = new Simulation([node(), node({ wanted: false })], [], 1);
  const later = () => simulation.clock.sleep(10.1 * minute).then(() => "later" as const);
  const going = walk({ ...simulation.world(), act: later }, { ...patient, patience: 60 * minute });
  const isEndless = () => simulation.clock.now() > 600 * minute;
  expect((await simulation.clock.until(going, isEndless))?.left).toMatchObject([{ node: "bbb-01" }]);
});

test("when the time is up one that cannot be opened keeps no other closed", async () => {
  const simulation = new Simulation(
    [node(), node(), node(), node()],
    [0, 1, 2, 3].map((at) => meeting(at, 1000)),
    2,
  );
  const world = simulation.world();
  const refused: string[] = [];
  const open = (name: string) =>
    refused.push(name) > 1 ? world.open(name) : Promise.reject(new Error("no route to host"));
  const options = { ...patient, width: 2, slice: 1000 * minute, patience: 30 * minute };
  await simulation.clock.until(walk({ ...world, open }, options));
  const closed = simulation.nodes.filter(({ cordons }) => cordons.length > 0).map(({ name }) => name);
  expect(closed).toEqual(refused.slice(0, 1));
});
