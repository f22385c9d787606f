import { expect, test } from "vitest";

import { type Due, describeDue, summarizeDue } from "../../checks/due";

const now = Date.parse("2026-11-27T12:00:00Z");
const last = { at: "2026-11-27T01:20:00Z", failure: null };
const nothing: Due = { held: [], waiting: [], old: [], reboot: null, last };

test.each<[string, Partial<Due>, string, string[]]>([
  ["nothing is due", {}, "nothing", []],
  ["no run yet is no reason to worry", { last: null }, "nothing", []],
  ["a held package", { held: ["redis-server"] }, "1 held", ["held until it is empty: redis-server"]],
  ["a reboot that says for what", { reboot: ["libc6"] }, "reboot", ["a reboot is due: libc6"]],
  ["a reboot that does not", { reboot: [] }, "reboot", ["a reboot is due"]],
  [
    "a run that failed",
    { last: { at: last.at, failure: "no space left" } },
    "failed",
    ["the last security updates failed (2026-11-27T01:20:00Z): no space left"],
  ],
  [
    "a timer that runs no more",
    { last: { at: "2026-11-24T01:20:00Z", failure: null } },
    "not updated",
    ["no security updates since 2026-11-24T01:20:00Z"],
  ],
])("%s", (_, due, summary, details) => {
  expect(summarizeDue({ ...nothing, ...due }, now)).toBe(summary);
  expect(describeDue({ ...nothing, ...due }, now)).toEqual(details);
});

test("several things are told together", () => {
  const due = { ...nothing, held: ["nginx", "nginx-common"], waiting: ["openssl"], old: ["ssh.service"], reboot: [] };
  expect(summarizeDue(due, now)).toBe("2 held, 1 waiting, 1 old, reboot");
});
