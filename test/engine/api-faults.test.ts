import { expect, test, vi } from "vitest";

import type { Rig } from "./rig";
import { type Change, carryOut, changes, rigBefore, undisturbed } from "./rig/changes";
import { describeRecovery, expectWanted, recover } from "./rig/recovery";

type Faults = Parameters<Rig["cloud"]["setFaults"]>[0];

interface Case {
  title: string;
  faults: Faults;
  change?: Change;
}

/** Each kind as it comes and goes, and what is done although the answer was lost. */
const passing: Case[] = [
  { title: "429 twice", faults: { "rate-limit": { times: 2 } } },
  { title: "409 twice", faults: { conflict: { times: 2 } } },
  { title: "423 twice", faults: { locked: { times: 2 } } },
  { title: "412 once", faults: { "out-of-stock": { times: 1 } } },
  { title: "502 twice", faults: { "bad-gateway": { times: 2 } } },
  { title: "502 for a server that was made", faults: { "bad-gateway": lost("POST", "^/v1/servers$") } },
  { title: "503 twice", faults: { unavailable: { times: 2 } } },
  { title: "504 twice", faults: { timeout: { times: 2 } } },
  { title: "504 for an address that was made", faults: { timeout: lost("POST", "^/v1/primary_ips$") } },
  {
    title: "504 for a server that was deleted",
    faults: { timeout: lost("DELETE", "^/v1/servers/\\d+$") },
    change: changes.shrink,
  },
  { title: "a server that does not start", faults: { "action-error": { times: 1, command: "create_server" } } },
];

/** Those that last as long as a run, which then takes its time to give up. */
const lasting: Case[] = [
  { title: "429 for everything", faults: { "rate-limit": {} } },
  { title: "409 for every change", faults: { conflict: {} } },
  { title: "423 for every change", faults: { locked: {} } },
  { title: "503 for every creation", faults: { unavailable: { method: "POST" } } },
  { title: "504 for every creation", faults: { timeout: { method: "POST" } } },
  { title: "502 for an address that was made", faults: { "bad-gateway": lost("POST", "^/v1/primary_ips$") } },
  { title: "504 for a server that was made", faults: { timeout: lost("POST", "^/v1/servers$") } },
  { title: "an attachment that fails", faults: { "action-error": { times: 1, command: "attach_to_network" } } },
];

const { ENGINE_KILLS = "1" } = process.env;
const cases = [...passing, ...(Number(ENGINE_KILLS) > 1 ? lasting : [])];

test.for(cases)("after $title at most two commands bring what is wanted", async (given, { annotate }) => {
  const { faults, change = changes.grow } = given;
  const rig = await rigBefore(change);
  rig.cloud.setFaults(faults);
  const struck = await carryOut(rig, change);
  rig.cloud.setFaults({});
  const recovery = await recover(rig, change, struck);
  await expectWanted(rig, change, await undisturbed(change));
  await annotate(`the run ${struck.status === 0 ? "went on" : "failed"}${describeRecovery(recovery)}`);
});

// The provider's client has no timeout of its own: hcloud-go's http.Client has none, and the bridge passes Pulumi's on
// to few resources. Such a run stands still until somebody breaks it off.
const unanswered: { what: string; method: "GET" | "POST" | "DELETE"; path: string; change: Change }[] = [
  { what: "a creation", method: "POST", path: "^/v1/servers$", change: changes.grow },
  { what: "a question how far an action is", method: "GET", path: "^/v1/actions", change: changes.grow },
  { what: "a deletion", method: "DELETE", path: "^/v1/servers/\\d+$", change: changes.shrink },
];

test.for(unanswered)(
  "when $what is never answered, Ctrl-C twice and at most two commands bring what is wanted",
  async ({ method, path, change }, { annotate }) => {
    const rig = await rigBefore(change);
    const { run } = await heldAt(rig, change, { times: 1, method, path });
    await rig.pulumi.breakOff();
    const brokenOff = await run;
    expect(brokenOff.status).not.toBe(0);
    await rig.cloud.settled();
    const recovery = await recover(rig, change, brokenOff);
    await expectWanted(rig, change, await undisturbed(change));
    await annotate(describeRecovery(recovery));
  },
);

test("an answer that comes late is waited for", async () => {
  const change = changes.grow;
  const rig = await rigBefore(change);
  const { run } = await heldAt(rig, change, { method: "POST" });
  rig.cloud.setFaults({});
  expect(await run).toMatchObject({ status: 0 });
  await expectWanted(rig, change, await undisturbed(change));
});

test("nodes leave after an API that answers 503 to every deletion answers again", async () => {
  const change = changes.shrink;
  const rig = await rigBefore(change);
  rig.cloud.setFaults({ unavailable: { method: "DELETE" } });
  const struck = await carryOut(rig, change);
  expect(struck.status).not.toBe(0);
  rig.cloud.setFaults({});
  await recover(rig, change, struck);
  await expectWanted(rig, change, await undisturbed(change));
});

function lost(method: "POST" | "DELETE", path: string): NonNullable<Faults["timeout"]> {
  return { times: 1, method, path, afterwards: true };
}

/** Carries a change out until a request was carried out and is not answered. */
async function heldAt(rig: Rig, change: Change, fault: NonNullable<Faults["no-answer"]>) {
  rig.cloud.setFaults({ "no-answer": fault });
  const run = carryOut(rig, change);
  await vi.waitUntil(() => rig.cloud.holdsBack, { timeout: 60_000 });
  return { run };
}
