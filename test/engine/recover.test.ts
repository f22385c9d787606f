import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";

import { clusterWith, type Rig, startRig } from "./rig";
import { type Change, carryOut, changes, rigBefore, undisturbed } from "./rig/changes";

const interrupted: [request: string, change: Change][] = [
  ["POST /v1/servers", changes.create],
  ["POST /v1/primary_ips", changes.create],
  ["POST /v1/zones/example.com/rrsets", changes.create],
  ["POST /v1/networks/*/actions/add_subnet", changes.create],
  ["POST /v1/load_balancers/*/actions/attach_to_network", changes.double],
  ["POST /v1/load_balancers/*/actions/add_service", changes.double],
  ["POST /v1/load_balancers/*/actions/add_target", changes.double],
  ["DELETE /v1/servers/*", changes.shrink],
  ["DELETE /v1/zones/example.com/rrsets/bbb-0*/A", changes.shrink],
  ["POST /v1/networks/*/actions/delete_subnet", changes.destroy],
];

test.for(interrupted)("killed after %s, recover and one more run bring what is wanted", async ([request, change]) => {
  const wanted = await undisturbed(change);
  const rig = await rigBefore(change);
  await killedAfter(rig, request, () => carryOut(rig, change));
  expect((await recover(rig, "--yes")).status).toBe(0);
  expect((await rig.pulumi.state()).pending).toEqual([]);
  const again = await carryOut(rig, change);
  expect(again).toMatchObject({ status: 0 });
  expect(again.happenings.filter(({ operation }) => /replace/.test(operation))).toEqual([]);
  expect(rig.cloud.objects()).toEqual(wanted.objects);
  if (change.destroys) return;
  expect(await rig.pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
});

test("a server that nobody wants any more is deleted when its name is typed, and not before", async () => {
  const rig = await startRig({ from: await clusterWith({ nodes: 1 }), config: { nodes: 2 } });
  await killedAfter(rig, "POST /v1/servers", () => rig.pulumi.up());
  rig.config.set({ nodes: 1 });
  const shown = await recover(rig);
  expect(shown.status).toBe(3);
  expect(shown.stdout).toMatch(/^delete server bbb-02 \(\d+\): a killed run made it, and it is not wanted$/m);
  const untyped = await recover(rig, "--yes");
  expect(untyped.status).toBe(3);
  expect(untyped.stdout).toContain("server bbb-02 must not be deleted: its name was not typed (--delete bbb-02)");
  expect(rig.cloud.objects()).toContain("server bbb-02");
  expect((await recover(rig, "--yes", "--delete", "bbb-02")).status).toBe(0);
  expect(await rig.pulumi.up()).toMatchObject({ status: 0 });
  expect(rig.cloud.objects().filter((each) => each.includes("bbb-02"))).toEqual([]);
  expect((await recover(rig)).stdout).toContain("nothing to recover");
});

test("a configuration that is refused is told with its remedy", async () => {
  const rig = await startRig({ from: await clusterWith({ nodes: 1 }), config: { nodes: "three" } });
  await expect(recover(rig)).rejects.toThrow(
    /pulumi preview --json failed: invalid stack configuration:\n.*"three"; run/,
  );
});

test("a state that was cut off is named, with what to do", async () => {
  const rig = await rigBefore(changes.create);
  await killedAfter(rig, "POST /v1/servers", () => carryOut(rig, changes.create));
  const { stateFile } = rig.pulumi;
  copyFileSync(stateFile, `${stateFile}.bak`);
  writeFileSync(stateFile, "");
  await expect(recover(rig, "--yes")).rejects.toThrow(
    /killed while it wrote the state: .* copy STACK\.json\.bak to it/,
  );
  rig.pulumi.restoreState();
  expect((await recover(rig, "--yes")).status).toBe(0);
  expect(await rig.pulumi.up()).toMatchObject({ status: 0 });
  expect(rig.cloud.objects()).toEqual((await undisturbed(changes.create)).objects);
});

test("with an empty state it only reports", async () => {
  const rig = await startRig({ from: await clusterWith({ nodes: 1 }) });
  const before = rig.cloud.objects();
  const empty = join(inject("workshop").folder, "empty.json");
  writeFileSync(empty, JSON.stringify({ version: 3, deployment: {} }));
  await rig.pulumi.read("stack", "import", "--file", empty);
  const told = await recover(rig, "--yes", "--delete", "bbb-01");
  expect(told.status).toBe(3);
  expect(told.stdout).toMatch(/^server bbb-01 \(\d+\) has this cluster's label$/m);
  expect(rig.cloud.objects()).toEqual(before);
  expect(rig.cloud.writes).toEqual([]);
});

test("a server whose creation failed half way is powered on", async () => {
  const rig = await startRig({ from: await clusterWith({ nodes: 1 }), config: { nodes: 2 } });
  rig.cloud.setFaults({ "action-error": { times: 1, command: "start_server" } });
  expect((await rig.pulumi.up()).status).not.toBe(0);
  rig.cloud.setFaults({});
  const status = () => rig.cloud.store.servers.all().find(({ name }) => name === "bbb-02")?.status;
  expect(status()).toBe("off");
  expect((await recover(rig, "--yes")).status).toBe(0);
  expect(status()).toBe("running");
  expect(await rig.pulumi.up()).toMatchObject({ status: 0 });
});

/** Runs the command; one that could not do it says why. */
async function recover(rig: Rig, ...args: string[]): Promise<{ status: number | null; stdout: string }> {
  const { status, stdout, stderr } = await rig.pulumi.administer("recover", ...args);
  if (status !== 0 && status !== 3) throw new Error(`recover ended with status ${status}:\n${stderr}${stdout}`);
  return { status, stdout };
}

/** Kills the run as soon as the API has carried out such a request; `*` stands for a number. */
async function killedAfter(rig: Rig, request: string, run: () => Promise<unknown>): Promise<void> {
  const pattern = new RegExp(`^${request.replace("*", "\\d+")}$`);
  rig.cloud.after = ({ method, path }) => {
    if (pattern.test(`${method} ${path}`)) rig.pulumi.kill();
  };
  await run();
  rig.cloud.after = undefined;
  await rig.cloud.settled();
  rig.pulumi.restoreState();
}
