import { expect, test } from "vitest";
import { Scalar } from "yaml";

import { startRig } from "./rig";

test("a number of the stack's file that the engine changes is refused as it is written there", async () => {
  const { pulumi, config, cloud } = await startRig();
  const written = Object.assign(new Scalar(1.1), { minFractionDigits: 2 });
  config.set({ bbbWebProperties: { version: written } });
  const refused = await pulumi.up();
  expect(refused.status).not.toBe(0);
  expect(refused.output).toContain("bbb-cluster:bbbWebProperties.version must be without numbers that change");
  expect(refused.output).toContain("got 1.10; write it in quotes");
  expect(cloud.writes).toEqual([]);
  config.set({ bbbWebProperties: { version: "1.10" } });
  expect(await pulumi.preview()).toMatchObject({ status: 0 });
});
