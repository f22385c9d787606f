import { expect, test } from "vitest";

import { clusterWith, startRig } from "./rig";

test("a preview refuses to take a protected node away, and nothing is touched", async () => {
  const { pulumi, config, cloud, commands } = await startRig({ from: await clusterWith({ nodes: 2, protect: true }) });
  config.set({ nodes: 1 });
  const refused = await pulumi.preview();
  expect(refused.status).not.toBe(0);
  expect(refused.output).toMatch(/bbb-02-server.* cannot be deleted\s+because it is protected/s);
  expect([cloud.writes, commands.calls]).toEqual([[], []]);
});

test("once protection is off, the node leaves", async () => {
  const { pulumi, config, cloud } = await startRig({ from: await clusterWith({ nodes: 2, protect: true }) });
  config.set({ protect: false });
  expect(await pulumi.up("--expect-no-changes")).toMatchObject({ status: 0 });
  config.set({ nodes: 1 });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(cloud.objects().filter((each) => each.includes("bbb-02"))).toEqual([]);
});
