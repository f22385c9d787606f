import { expect, test } from "vitest";

import { runCheck } from "../../checks/check";
import { inForceChecks } from "../../checks/drift";
import { nodeAt } from "./support";

const node = nodeAt("https://bbb-01.cluster.test");
const answering = (findings: object[]) => async () => JSON.stringify({ ok: findings.length === 0, findings });
const check = (execute: () => Promise<string>) =>
  inForceChecks({ frontDoor: node, nodes: [node] }, "/lab/ssh/config", execute)[0] ?? expect.fail();

test("a node on which everything is in force passes", async () => {
  expect(await runCheck(check(answering([])))).toMatchObject({ ok: true, seen: "all in force" });
});

test("a line that is gone is named with its file", async () => {
  const gone = { path: "/etc/bigbluebutton/bbb-web.properties", key: "graphqlApiUrl", state: "missing" };
  const { ok, name, seen } = await runCheck(check(answering([gone])));
  expect([ok, name, seen]).toEqual([
    false,
    "bbb-01: settings",
    "/etc/bigbluebutton/bbb-web.properties graphqlApiUrl missing",
  ]);
});

test("a standalone node is not asked", () => {
  const alone = { ...node, standalone: true };
  expect(inForceChecks({ frontDoor: node, nodes: [alone] }, "/lab/ssh/config", answering([]))).toEqual([]);
});
