import { expect, test } from "vitest";

import { clusterWith, startRig } from "./rig";
import { describeCall } from "./rig/call";

test("a cluster comes up from nothing, a second up changes nothing, destroy leaves nothing", async () => {
  const { pulumi, cloud, commands } = await startRig({ config: { nodes: 2 } });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(cloud.objects().filter((each) => each.startsWith("server"))).toEqual([
    "server bbb",
    "server bbb-01",
    "server bbb-02",
  ]);
  const [asked, called] = [cloud.requests.length, commands.calls.length];
  expect(await pulumi.up("--expect-no-changes")).toMatchObject({ status: 0, happenings: [] });
  // Only whether the zone is there is asked each time.
  expect(cloud.requests.slice(asked).map(({ path }) => path)).toEqual(["/v1/zones/example.com"]);
  expect(commands.calls.length).toBe(called);
  expect(await pulumi.destroy()).toMatchObject({ status: 0 });
  expect(cloud.objects()).toEqual([]);
  expect((await pulumi.state()).names()).toEqual([]);
  expect(commands.calls.map(describeCall).filter((call) => call.startsWith("delete"))).toEqual([]);
});

test("more nodes touch only names that are new", async () => {
  const { pulumi, config, cloud } = await startRig({ from: await clusterWith({ nodes: 2 }) });
  const before = (await pulumi.state()).names();
  config.set({ nodes: 4 });
  const run = await pulumi.up();
  expect(run).toMatchObject({ status: 0 });
  expect(run.happenings.filter(({ operation, name }) => operation !== "create" || before.includes(name))).toEqual([]);
  expect(cloud.objects()).toContain("server bbb-04");
  expect(await pulumi.preview("--expect-no-changes")).toMatchObject({ status: 0 });
});

test("fewer nodes, and one less in the middle, touch only the names that leave", async () => {
  const { pulumi, config, cloud } = await startRig({ from: await clusterWith({ nodes: 4 }) });
  config.set({ nodeSettings: { "bbb-02": { state: "absent" } } });
  const middle = await pulumi.up();
  expect(middle).toMatchObject({ status: 0 });
  expect(middle.happenings.filter(({ operation, name }) => operation !== "delete" || !/^bbb-02\b/.test(name))).toEqual(
    [],
  );
  config.set({ nodes: 1 });
  const run = await pulumi.up();
  expect(run).toMatchObject({ status: 0 });
  expect(run.happenings.filter(({ operation, name }) => operation !== "delete" || !/^bbb-0[34]\b/.test(name))).toEqual(
    [],
  );
  expect(cloud.objects().filter((each) => /bbb-0[234]/.test(each))).toEqual([]);
});
