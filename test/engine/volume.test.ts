import { expect, test } from "vitest";

import { clusterWith, startRig } from "./rig";
import { describeCall } from "./rig/call";

const tenants = [{ name: "moodle", host: "moodle.example.com" }];
const bbblb = { nodes: 1, loadBalancer: { kind: "bbblb" }, tenants };

test("the load balancer's volume is taken from no machine that is there, and given to the next one", async () => {
  const rig = await startRig({ from: await clusterWith(bbblb) });
  const [before] = rig.cloud.store.volumes.all();
  const { urn } = (await rig.pulumi.state()).of("bbb-lb-server");
  expect(await rig.pulumi.up("--replace", urn)).toMatchObject({ status: 0 });
  const [after, ...others] = rig.cloud.store.volumes.all();
  expect([after?.id, others]).toEqual([before?.id, []]);
  const next = rig.cloud.store.servers.all().find(({ name }) => name === "bbb-lb");
  expect(after?.server).toBe(next?.id);
  const steps = rig.cloud.writes.map(({ method, path }) => `${method} ${path.replace(/\d+/g, "N")}`);
  expect(steps).not.toContain("POST /v1/volumes/N/actions/detach");
  const [shutdown, deleted, attached] = [
    "POST /v1/servers/N/actions/shutdown",
    "DELETE /v1/servers/N",
    "POST /v1/volumes/N/actions/attach",
  ].map((step) => steps.indexOf(step));
  expect([-1, shutdown, deleted, attached]).toEqual([-1, shutdown, deleted, attached].sort((a = 0, b = 0) => a - b));
  expect(await rig.pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
});

test("a volume grows in place, and a smaller one is refused before anything is touched", async () => {
  const { pulumi, config, cloud, commands } = await startRig({ from: await clusterWith(bbblb) });
  config.set({ balancerVolumeSize: 20 });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(cloud.store.volumes.all().map(({ sizeGb }) => sizeGb)).toEqual([20]);
  expect(commands.calls.map(describeCall)).toEqual(["update bbb-lb-configured"]);
  config.set({ balancerVolumeSize: 10 });
  const done = [cloud.writes.length, commands.calls.length];
  const refused = await pulumi.up();
  expect(refused.status).not.toBe(0);
  expect(refused.output).toContain("balancerVolumeSize must be at least 20, which the volume of bbb-lb has, got 10");
  expect([cloud.writes.length, commands.calls.length]).toEqual(done);
});

test("with protection on, Hetzner, too, keeps the volume; off, it goes with the cluster", async () => {
  const { pulumi, config, cloud } = await startRig({ from: await clusterWith({ ...bbblb, protect: true }) });
  expect(cloud.store.volumes.all().map(({ deleteProtection }) => deleteProtection)).toEqual([true]);
  config.set({ protect: false });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(await pulumi.destroy()).toMatchObject({ status: 0 });
  expect(cloud.objects()).toEqual([]);
});
