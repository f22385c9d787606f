import { expect, test } from "vitest";

import { Random } from "../../soak/random";
import { drawSequence, kinds, readKinds, renderOperation } from "../../soak/sequence";

const seeds = Array.from({ length: 200 }, (_, index) => `seed ${index}`);

test("a sequence follows from its seed, and another seed has another one", () => {
  const drawn = seeds.map((seed) => drawSequence(seed, 20, 3).map(renderOperation).join(", "));
  expect(seeds.map((seed) => drawSequence(seed, 20, 3).map(renderOperation).join(", "))).toEqual(drawn);
  expect(new Set(drawn).size).toBe(seeds.length);
});

test("twenty operations have every kind among them", () => {
  for (const seed of seeds) {
    const drawn = new Set(drawSequence(seed, 20, 3).map(({ kind }) => kind));
    expect([...drawn].sort(), seed).toEqual([...kinds].sort());
  }
});

test("there are always two to four nodes, no number comes again, and the highest never leaves", () => {
  for (const seed of seeds) {
    let there = ["bbb-01", "bbb-02", "bbb-03"];
    const ever = new Set(there);
    for (const { kind, of, node = "" } of drawSequence(seed, 40, 3)) {
      const change = of ?? kind;
      if (change === "scale-out") {
        expect(ever.has(node), seed).toBe(false);
        ever.add(node);
        there = [...there, node];
      } else if (change === "scale-in") {
        expect([there.includes(node), node === there.at(-1)], seed).toEqual([true, false]);
        there = there.filter((each) => each !== node);
      } else if (node) {
        expect(there, seed).toContain(node);
      }
      expect(there.length >= 2 && there.length <= 4, seed).toBe(true);
    }
  }
});

test("kinds that were asked for come in their order", () => {
  const drawn = drawSequence("1", readKinds("restart, scale-in,cut-off"), 3);
  expect(drawn.map(({ kind }) => kind)).toEqual(["restart", "scale-in", "cut-off"]);
  expect(() => readKinds("restart,flood")).toThrow(/^there is no operation flood; there are scale-out, /);
});

test("an operation is read as it is done", () => {
  expect(renderOperation({ kind: "killed", of: "scale-in", node: "bbb-02", requests: 7 })).toBe(
    "killed scale-in bbb-02 at request 7",
  );
  expect(renderOperation({ kind: "cordon", node: "bbb-01", seconds: 9 })).toBe("cordon bbb-01 9 s");
});

test("numbers that look random are spread, and every one of a few comes", () => {
  const random = new Random("spread");
  const numbers = Array.from({ length: 1000 }, () => random.between(1, 6));
  const counts = [1, 2, 3, 4, 5, 6].map((number) => numbers.filter((each) => each === number).length);
  expect(counts.every((count) => count > 120 && count < 220)).toBe(true);
  expect(random.shuffled([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
  expect(() => random.pick([])).toThrow("nothing to pick from");
});
