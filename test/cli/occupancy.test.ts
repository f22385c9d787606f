import { expect, test } from "vitest";

import { Vantage } from "../../checks/vantage";
import { occupancyBySsh, readCordons } from "../../cli/occupancy";
import { clusterAt } from "../checks/support";

const recordings = { waiting: 0, obstacle: "", findings: [] };
const answer = { empty: true, obstacle: "", meetings: 0, people: 0, cordons: {}, pending: null, recordings };
const cordon = { since: "2026-11-26T08:00:00Z", reason: "hums" };

function asked(text: string, isOpen = true) {
  const vantage = new Vantage(false);
  vantage.hasSsh = async () => isOpen;
  return occupancyBySsh(clusterAt("https://localhost:1"), async () => text, vantage)("bbb-01");
}

test("a node's answer is read, and nothing in it acts on a terminal", async () => {
  const given = { ...answer, obstacle: "1 meeting\u001b[2J", cordons: { hand: { ...cordon, reason: "a\nb" } } };
  expect(await asked(JSON.stringify(given))).toEqual({
    ...answer,
    obstacle: "1 meeting[2J",
    cordons: { hand: { ...cordon, reason: "a b" } },
  });
});

test("host programs that do not tell of recordings yet are understood", async () => {
  expect(await asked(JSON.stringify({ ...answer, recordings: undefined }))).toEqual(answer);
});

test("people whom nobody has counted are not nobody", async () => {
  const pending = { since: "2026-11-26T08:00:00Z", what: ["BigBlueButton 3.0.31"] };
  const given = { ...answer, empty: false, meetings: null, people: null, pending };
  expect(await asked(JSON.stringify(given))).toEqual(given);
});

test.each([
  ["", "its answer is not JSON"],
  ["{}", "its answer has another shape than expected at empty"],
  [JSON.stringify({ ...answer, empty: "yes" }), "at empty"],
  [JSON.stringify({ ...answer, people: -1 }), "at people"],
  [JSON.stringify({ ...answer, cordons: { hand: true } }), "at cordons.hand"],
])("another shape is refused, and never taken for emptiness: %s", async (text, message) => {
  await expect(asked(text)).rejects.toThrow(message);
});

test("a node to which SSH is closed is not asked", async () => {
  expect(await asked("", false)).toBeNull();
});

test("what `cordon` answers names the holders that there are", () => {
  expect(readCordons(JSON.stringify({ cordons: { rollout: cordon } }))).toEqual({ rollout: cordon });
});
