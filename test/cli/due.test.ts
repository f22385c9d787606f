import { expect, test } from "vitest";

import { Vantage } from "../../checks/vantage";
import { dueBySsh, readDue } from "../../cli/due";
import { clusterAt } from "../checks/support";

const answer = { held: ["nginx"], waiting: [], old: [], reboot: null, last: null };

test("a machine's answer is read, and nothing in it acts on a terminal", () => {
  const text = JSON.stringify({ ...answer, old: ["a\u001b[2J"], last: { at: "x", failure: "b\nc" } });
  expect(readDue(text)).toEqual({ ...answer, old: ["a[2J"], last: { at: "x", failure: "b c" } });
});

test.each([
  ["", "its answer is not JSON"],
  ["[]", "its answer has another shape than expected"],
  ["{}", "its answer has another shape than expected at held"],
  [JSON.stringify({ ...answer, reboot: "yes" }), "its answer has another shape than expected at reboot"],
])("another shape is refused in a line: %s", (text, message) => {
  expect(() => readDue(text)).toThrow(new Error(message));
});

test("a machine to which SSH is closed is not asked", async () => {
  const asked: string[] = [];
  const ssh = async (machine: string) => {
    asked.push(machine);
    return JSON.stringify(answer);
  };
  const find = (isOpen: boolean, way: typeof ssh | null = ssh) => {
    const vantage = new Vantage(false);
    vantage.hasSsh = async () => isOpen;
    return dueBySsh(clusterAt("https://localhost:1"), way, vantage)("bbb-01");
  };
  expect(await find(false)).toBeNull();
  expect(await find(true, null)).toBeNull();
  expect(asked).toEqual([]);
  expect(await find(true)).toEqual(answer);
  expect(asked).toEqual(["bbb-01"]);
});
