import { join } from "node:path";
import { expect, test } from "vitest";

import { startRig } from "./rig";

test("two clusters in one program share no URN and no name at Hetzner, and a second up changes nothing", async () => {
  const zones = ["example.com", "example.org"];
  const { pulumi, cloud } = await startRig({ project: join(__dirname, "two-clusters"), name: "two-clusters", zones });
  expect(await pulumi.up()).toMatchObject({ status: 0 });
  expect(await pulumi.outputs()).toEqual({ urls: ["https://bbb.example.com", "https://exams.example.org"] });
  const { resources } = await pulumi.state();
  expect(repeated(resources.map(({ urn }) => urn))).toEqual([]);
  // Names are unique per project and kind; a record set's within its zone.
  expect(repeated(cloud.objects().filter((each) => !each.startsWith("record")))).toEqual([]);
  expect(cloud.objects().filter((each) => /^(server|network|key)/.test(each))).toEqual([
    "key bbb-deploy",
    "key exams-deploy",
    "network bbb-network",
    "network exams-network",
    "server bbb",
    "server bbb-01",
    "server exams",
    "server exams-01",
  ]);
  expect(await pulumi.up("--expect-no-changes")).toMatchObject({ status: 0 });
  expect(await pulumi.destroy()).toMatchObject({ status: 0 });
  expect(cloud.objects()).toEqual([]);
});

function repeated(all: string[]): string[] {
  return all.filter((each, index) => all.indexOf(each) !== index);
}
