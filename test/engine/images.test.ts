import { expect, test } from "vitest";

import { imageLabel } from "../../plan/cluster-id";
import { clusterWith, startRig } from "./rig";

test("an image that new nodes cannot be made of is refused by a preview; nodes that are there need it no more", async () => {
  const rig = await startRig({ from: await clusterWith({ nodes: 2 }) });
  const { pulumi, config, cloud } = rig;
  const [server] = cloud.store.servers.all();
  const labels = { [imageLabel]: "0123456789abcdef" };
  await cloud.request("POST", `/servers/${server?.id}/actions/create_image`, { labels });
  await cloud.settled();
  const image = cloud.store.snapshots.all()[0];
  if (image === undefined) throw new Error("there is no image");
  cloud.store.snapshots.update(image, { osFlavor: "ubuntu", osVersion: "22.04", created: "2026-01-01T00:00:00Z" });
  config.set({ nodeImage: String(image.id) });
  expect(await pulumi.preview()).toMatchObject({ status: 0 });

  config.set({ nodes: 3 });
  const refused = await pulumi.preview();
  expect(refused.status).not.toBe(0);
  expect(refused.output).toMatch(/bbb-03 cannot be made of image \d+: it is \d+ days old, 30 at most/);
  cloud.store.snapshots.update(image, { created: new Date().toISOString() });
  expect(await pulumi.preview()).toMatchObject({ status: 0 });
  await cloud.request("DELETE", `/images/${image.id}`);
  expect((await pulumi.preview()).output).toContain("there is none in this project at Hetzner");
});
