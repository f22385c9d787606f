import { expect, test } from "vitest";

import { clusterWith, type Rig, startRig } from "./rig";
import { describeCall } from "./rig/call";
import type { Run } from "./rig/pulumi";
import type { ConfigValues } from "./rig/stack-config";

const protectedPair = () => clusterWith({ nodes: 2, protect: true });

test("a preview refuses to take a protected node away, and nothing is touched", async () => {
  const { pulumi, config, cloud, commands } = await startRig({ from: await protectedPair() });
  config.set({ nodes: 1 });
  const refused = await pulumi.preview();
  expect(refused.status).not.toBe(0);
  expect(refused.output).toMatch(/bbb-02-\S+.* cannot be deleted\s+because it is protected/s);
  expect([cloud.writes, commands.calls]).toEqual([[], []]);
});

const deeds: Record<string, { config?: ConfigValues; act: (pulumi: Rig["pulumi"]) => Promise<Run> }> = {
  "fewer nodes": { config: { nodes: 1 }, act: (pulumi) => pulumi.up() },
  "an absent node": {
    config: { nodeSettings: { "bbb-01": { state: "absent" } } },
    act: (pulumi) => pulumi.up("--continue-on-error"),
  },
  "records that move elsewhere": { config: { dns: "external" }, act: (pulumi) => pulumi.up() },
  destroy: { act: (pulumi) => pulumi.destroy() },
  "destroy that goes on after errors": { act: (pulumi) => pulumi.destroy("--continue-on-error") },
};

test.for(Object.entries(deeds))(
  "without a preview, too, nothing of a protected cluster is deleted: %s",
  async ([, { config = {}, act }]) => {
    const rig = await startRig({ from: await protectedPair() });
    rig.config.set(config);
    const [names, objects] = [(await rig.pulumi.state()).names(), rig.cloud.objects()];
    expect((await act(rig.pulumi)).status).not.toBe(0);
    expect((await rig.pulumi.state()).names()).toEqual(names);
    expect([rig.cloud.objects(), rig.cloud.writes, rig.commands.calls]).toEqual([objects, [], []]);
  },
);

test.for([
  { how: "pulumi up --refresh", act: (pulumi: Rig["pulumi"]) => pulumi.up("--refresh") },
  {
    how: "npm run recover",
    act: (pulumi: Rig["pulumi"]) => pulumi.administer("recover", "--yes").then(() => pulumi.up()),
  },
])("a node that somebody has deleted at Hetzner comes back with protection off, by $how", async ({ act }) => {
  const { pulumi, config, cloud } = await startRig({ from: await protectedPair() });
  const server = cloud.store.servers.all().find(({ name }) => name === "bbb-02");
  await cloud.request("DELETE", `/servers/${server?.id}`);
  await cloud.settled();
  config.set({ protect: false });
  expect(await act(pulumi)).toMatchObject({ status: 0 });
  config.set({ protect: true });
  expect(await pulumi.up("--expect-no-changes")).toMatchObject({ status: 0 });
  expect(cloud.objects()).toContain("server bbb-02");
});

test("an `up` with protection off for one node shows no change and then lets it go, and only it", async () => {
  const { pulumi, config, cloud } = await startRig({ from: await protectedPair() });
  config.set({ nodeSettings: { "bbb-02": { protect: false } } });
  expect(await pulumi.up("--expect-no-changes")).toMatchObject({ status: 0 });
  config.set({ nodes: 1 });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(cloud.objects().filter((each) => each.includes("bbb-02"))).toEqual([]);
  expect((await pulumi.destroy()).status).not.toBe(0);
  expect(cloud.objects()).toContain("server bbb-01");
});

test("protection holds nothing up but deletion: settings, programs and routes change", async () => {
  const { pulumi, config } = await startRig({ from: await protectedPair() });
  config.set({ nodes: 3, bbbWebProperties: { muteOnStart: "true" } });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(await pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
});

test("a protected cluster's secret settings may be none any more", async () => {
  const { pulumi, config } = await startRig({ from: await protectedPair() });
  await pulumi.read("config", "set", "--secret", "--path", "bbbWebProperties.someSharedSecret", "TOP-SECRET-VALUE");
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  config.set({ bbbWebProperties: { someSharedSecret: "plain" } });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect((await pulumi.state()).names().filter((name) => name.endsWith("-secrets"))).toEqual([]);
});

test.for([
  { proxies: 1, dead: "bbb" },
  { proxies: 2, dead: "bbb-proxy-02" },
])("a dead proxy of $proxies is replaced in a protected cluster: nothing is asked of it", async ({ proxies, dead }) => {
  const { pulumi, config, commands } = await startRig({
    from: await clusterWith({ nodes: 1, proxies, protect: true }),
  });
  const { urn } = (await pulumi.state()).of(`${dead}-server`);
  expect((await pulumi.up("--replace", urn)).output).toMatch(/protect/);
  config.set({ protect: false });
  expect(await pulumi.up("--expect-no-changes")).toMatchObject({ status: 0 });
  expect(commands.calls).toEqual([]);
  expect(await pulumi.up("--continue-on-error=false", "--replace", urn)).toMatchObject({ status: 0 });
  const calls = commands.calls.map(describeCall);
  expect(calls.filter((call) => call.startsWith("delete"))).toEqual([]);
  expect(calls[0]).toBe(`create ${dead}-programs`);
  config.set({ protect: true });
  expect(await pulumi.up("--expect-no-changes")).toMatchObject({ status: 0 });
  expect((await pulumi.up("--replace", urn)).status).not.toBe(0);
});
