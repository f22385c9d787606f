import { expect, test } from "vitest";

import { carryOut, changes, rigBefore, undisturbed } from "./rig/changes";
import { expectWanted, recover } from "./rig/recovery";

type Faults = Parameters<Awaited<ReturnType<typeof rigBefore>>["cloud"]["setFaults"]>[0];

/** Each kind as it comes and goes, and what is done although the answer was lost. */
const passing: { title: string; faults: Faults }[] = [
  { title: "429 twice", faults: { "rate-limit": { times: 2 } } },
  { title: "409 twice", faults: { conflict: { times: 2 } } },
  { title: "423 twice", faults: { locked: { times: 2 } } },
  { title: "412 once", faults: { "out-of-stock": { times: 1 } } },
  { title: "502 twice", faults: { "bad-gateway": { times: 2 } } },
  { title: "502 for a server that was made", faults: lost("^/v1/servers$") },
  { title: "503 twice", faults: { unavailable: { times: 2 } } },
  { title: "a server that does not start", faults: { "action-error": { times: 1, command: "create_server" } } },
];

/** Those that last as long as a run, which then takes its time to give up. */
const lasting: typeof passing = [
  { title: "429 for everything", faults: { "rate-limit": {} } },
  { title: "409 for every change", faults: { conflict: {} } },
  { title: "423 for every change", faults: { locked: {} } },
  { title: "503 for every creation", faults: { unavailable: { method: "POST" } } },
  { title: "502 for an address that was made", faults: lost("^/v1/primary_ips$") },
  { title: "an attachment that fails", faults: { "action-error": { times: 1, command: "attach_to_network" } } },
];

const { ENGINE_KILLS = "1" } = process.env;
const cases = [...passing, ...(Number(ENGINE_KILLS) > 1 ? lasting : [])];

test.for(cases)("after $title the next up brings what is wanted", async ({ faults }, context) => {
  const change = changes.grow;
  const wanted = await undisturbed(change);
  const rig = await rigBefore(change);
  rig.cloud.setFaults(faults);
  const struck = await carryOut(rig, change);
  rig.cloud.setFaults({});
  const { runs, orphans } = await recover(rig, change);
  await expectWanted(rig, change, wanted);
  const more = runs.length > 1 ? `; up alone was not enough, orphans: ${orphans.join(", ") || "none"}` : "";
  await context.annotate(`the run ${struck.status === 0 ? "went on" : "failed"}${more}`);
});

test("nodes leave after an API that answers 503 to every deletion answers again", async () => {
  const change = changes.shrink;
  const rig = await rigBefore(change);
  rig.cloud.setFaults({ unavailable: { method: "DELETE" } });
  expect((await carryOut(rig, change)).status).not.toBe(0);
  rig.cloud.setFaults({});
  expect(await carryOut(rig, change)).toMatchObject({ status: 0 });
  await expectWanted(rig, change, await undisturbed(change));
});

function lost(path: string): Faults {
  return { "bad-gateway": { times: 1, method: "POST", path, afterwards: true } };
}
