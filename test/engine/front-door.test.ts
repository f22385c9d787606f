import { expect, test } from "vitest";

import { clusterWith, type Rig, startRig } from "./rig";
import { describeCall } from "./rig/call";

const one = { nodes: 1 };
const two = { ...one, proxies: 2 };

const steps = ({ cloud }: Rig) =>
  cloud.writes.map(({ method, path }) => `${method} ${path.replace("/v1", "").replace(/\d+/g, "N")}`);
const addressesOf = ({ cloud }: Rig, name: string) =>
  cloud.store.zones
    .all()
    .flatMap(({ recordSets }) => recordSets)
    .find((each) => each.name === name && each.type === "A")?.records;

test("a cluster begins with two proxies: its name leads through the load balancer from the beginning", async () => {
  const rig = await startRig({ from: await clusterWith(two) });
  const [balancer, ...others] = rig.cloud.store.loadBalancers.all();
  expect(others).toEqual([]);
  expect(balancer?.targets.length).toBe(2);
  expect(addressesOf(rig, "bbb")).toMatchObject([{ value: balancer?.ipv4 }]);
  expect(await rig.pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
});

test("a second proxy comes and goes without a node or a machine being replaced", async () => {
  const rig = await startRig({ from: await clusterWith(one) });
  const servers = rig.cloud.store.servers.all().map(({ id }) => id);
  const before = addressesOf(rig, "bbb");
  rig.config.set({ proxies: 2 });
  expect(await rig.pulumi.up()).toMatchObject({ status: 0 });
  const calls = rig.commands.calls.map(describeCall);
  expect(calls.filter((call) => / bbb-01-(configured|in-service)/.test(call))).toEqual([]);
  expect(calls.indexOf("create bbb-front-door-proved")).toBeGreaterThan(
    calls.indexOf("create bbb-01-route-on-bbb-proxy-02"),
  );
  expect(addressesOf(rig, "bbb")).not.toEqual(before);
  rig.config.set({ proxies: 1 });
  expect(await rig.pulumi.up()).toMatchObject({ status: 0 });
  expect(rig.cloud.store.servers.all().map(({ id }) => id)).toEqual(servers);
  expect(rig.cloud.store.loadBalancers.all()).toEqual([]);
  expect(addressesOf(rig, "bbb")).toEqual(before);
  const wrote = steps(rig);
  const gone = rig.commands.calls.map(describeCall);
  expect(gone).toContain("delete bbb-front-door-proved");
  // It may be dead.
  expect(gone.filter((call) => /^delete .*proxy-02/.test(call))).toEqual([]);
  expect(wrote.lastIndexOf("DELETE /load_balancers/N")).toBeGreaterThan(-1);
  expect(wrote).toContain("POST /servers/N/actions/shutdown");
});

test("a proxy that is replaced is shut down before it goes, and is no target before it is configured", async () => {
  const rig = await startRig({ from: await clusterWith(two) });
  for (const proxy of ["bbb", "bbb-proxy-02"]) {
    const { urn } = (await rig.pulumi.state()).of(`${proxy}-server`);
    expect(await rig.pulumi.up("--replace", urn)).toMatchObject({ status: 0 });
  }
  expect(rig.commands.calls.map(describeCall)).not.toContain("delete bbb-front-door-proved");
  const wrote = steps(rig).filter((step) => /servers|add_target/.test(step));
  expect(wrote.filter((step) => /shutdown|DELETE|add_target|POST \/servers$/.test(step))).toEqual(
    ["bbb", "bbb-proxy-02"].flatMap(() => [
      "POST /servers/N/actions/shutdown",
      "DELETE /servers/N",
      "POST /servers",
      "POST /load_balancers/N/actions/add_target",
    ]),
  );
  const [balancer] = rig.cloud.store.loadBalancers.all();
  expect(balancer?.targets.length).toBe(2);
  expect(await rig.pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
});

test("nothing of it is left when the cluster goes, and nobody waits for names then", async () => {
  const { pulumi, cloud, commands } = await startRig({ from: await clusterWith(two) });
  expect(await pulumi.destroy()).toMatchObject({ status: 0 });
  expect(cloud.objects()).toEqual([]);
  expect(commands.calls.map(describeCall)).not.toContain("delete bbb-front-door-proved");
});
