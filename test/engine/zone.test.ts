import { expect, test } from "vitest";

import { startRig } from "./rig";

test("a zone that Hetzner does not have is named by a preview, before anything is made", async () => {
  const { pulumi, config, cloud } = await startRig({ zones: [] });
  const refused = await pulumi.preview();
  expect(refused.status).not.toBe(0);
  expect(refused.output).toContain("there is no zone example.com in this project at Hetzner: make it there");
  expect(refused.output).not.toMatch(/TypeError|Unhandled|at .*\.ts:/);
  expect((await pulumi.up()).status).not.toBe(0);
  expect([cloud.writes, cloud.objects()]).toEqual([[], []]);
  config.set({ dns: "external" });
  expect(await pulumi.preview()).toMatchObject({ status: 0 });
});
