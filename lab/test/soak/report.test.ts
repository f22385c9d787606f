import { expect, test } from "vitest";

import { readSoak } from "../../cli/soak";
import type { Finding } from "../../soak/evidence";
import { judge } from "../../soak/oracle/oracle";
import { isWell, renderSoak, type Soak } from "../../soak/report";
import { lesson } from "./evidence";

const split: Finding = { law: "rooms split", what: "physics was open on two", proof: ["bbb-01: line", "bbb-02: line"] };
const cut: Finding = { law: "meetings ended by us", what: "physics went away", proof: [], excused: true };

const soak = (findings: Finding[], other: Partial<Soak> = {}): Soak => ({
  seed: "7",
  done: [{ kind: "cut-off", seconds: 9 }],
  failure: undefined,
  seconds: 130,
  command: "npm run soak -- --operations 1 --seed 7",
  verdict: { ...judge(lesson()), findings },
  folder: "/logs",
  ...other,
});

test("a soak is well with nothing found, or only what was done on purpose", () => {
  expect([soak([]), soak([cut]), soak([cut, split]), soak([], { failure: "late" })].map(isWell)).toEqual([
    ...[true, true, false, false],
  ]);
});

test("a soak in which nobody met proves nothing", () => {
  const { verdict } = soak([]);
  const none = soak([], { verdict: { ...verdict, seen: { ...verdict.seen, joins: 0 } } });
  expect([isWell(none), renderSoak(none)]).toEqual([false, expect.stringContaining("the school has not met")]);
});

test("the table has a number for each law, and apart what was done on purpose", () => {
  const lines = renderSoak(soak([cut])).split("\n");
  expect(lines[0]).toBe(
    "1 operations in 2 min with seed 7: 1 meetings (0 recorded), 1 joins, 2 requests for pages and assets",
  );
  expect(lines.slice(2).map((line) => line.trim().split(/ {2,}/))).toEqual([
    ["LAW", "BROKEN", "APART"],
    ["meetings ended by us", "0", "1 by restarts on purpose"],
    ["rooms split", "0"],
    ["recordings lost", "0"],
    ["failed joins", "0"],
    ["failed asset requests", "0"],
    ["nodes that the balancer has otherwise", "0"],
    ["orphans in the cloud", "0"],
  ]);
});

test("what went wrong comes with its proof, the operations up to there, and how to have it again", () => {
  const text = renderSoak(soak([split], { failure: "cut-off took longer than 9 s" }));
  for (const part of [
    "the last operation failed: cut-off took longer than 9 s",
    "rooms split: physics was open on two\n    bbb-01: line\n    bbb-02: line",
    "operations: cut-off 9 s",
    "again: npm run soak -- --operations 1 --seed 7",
    "all logs: /logs",
  ]) {
    expect(text).toContain(part);
  }
});

test("what is asked for is repeated by its command", () => {
  expect(readSoak({ operations: "5", seed: "x" })).toEqual({
    ...{ wanted: 5, seed: "x", command: "npm run soak -- --operations 5 --seed x" },
  });
  expect(readSoak({ sequence: "restart,proxy", seed: "x" })).toEqual({
    ...{ wanted: ["restart", "proxy"], seed: "x", command: "npm run soak -- --sequence restart,proxy --seed x" },
  });
  expect(readSoak({}).seed).not.toBe(readSoak({}).seed);
});

test.each([
  [{ operations: "none" }, '--operations must be a number from 1 to 9999, got "none"'],
  [{ seed: "../x" }, '--seed is a word of up to 64 letters and digits, got "../x"'],
  [{ sequence: "flood" }, "there is no operation flood; there are scale-out, "],
  [{ sequence: "proxy", operations: "1" }, "--operations and --sequence exclude each other"],
])("soak %j is refused with what is wrong", (wrong, message) => {
  expect(() => readSoak(wrong)).toThrow(message);
});
