import { expect, test } from "vitest";

import { type Execute, setUnreachable, unreachableMachines } from "../../faults/unreachable";

/** Stands for nft in the operator's namespace and in those of two private networks. */
function fakeNamespaces() {
  const rulesets = new Map([
    ["", ""],
    ["n2001", ""],
    ["n2002", ""],
  ]);
  const execute: Execute = async (command, input = "") => {
    const line = command.join(" ");
    if (line === "ip netns list") return "n2002 (id: 3)\nn2001\nm1001 (id: 1)\nusers\n";
    if (line === "nft list ruleset inet") return `table inet machines {\n\tchain x {\n\t}\n}\n${rulesets.get("")}`;
    const namespace = /^ip netns exec (\S+) nft -f -$/.exec(line)?.[1] ?? "";
    rulesets.set(namespace, input.replace(/^table inet faults\ndelete table inet faults\n/, ""));
    return "";
  };
  return { rulesets, execute };
}

test("a machine that is cut off stays so when another is, and until it is connected again", async () => {
  const { execute } = fakeNamespaces();
  await setUnreachable(execute, 1001, true);
  await setUnreachable(execute, 1002, true);
  await setUnreachable(execute, 1002, true);
  expect(await unreachableMachines(execute)).toEqual([1001, 1002]);
  await setUnreachable(execute, 1001, false);
  expect(await unreachableMachines(execute)).toEqual([1002]);
});

test("private networks drop what the public one drops", async () => {
  const { rulesets, execute } = fakeNamespaces();
  await setUnreachable(execute, 1001, true);
  expect(rulesets.get("")).toContain('oifname { "m1001" } counter drop');
  expect(rulesets.get("")).toContain('iifname { "m1001" } counter drop');
  expect(rulesets.get("n2001")).toBe(rulesets.get(""));
  expect(rulesets.get("n2002")).toBe(rulesets.get(""));
});

test("nothing is left of the last fault", async () => {
  const { rulesets, execute } = fakeNamespaces();
  await setUnreachable(execute, 1001, true);
  await setUnreachable(execute, 1001, false);
  expect([...rulesets.values()]).toEqual(["", "", ""]);
});
