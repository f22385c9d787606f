import { expect, test } from "vitest";

import { clusterWith, type Rig, startRig } from "./rig";

test("objects that were made without labels get them in place", async () => {
  const { pulumi, cloud } = await startRig({ from: await clusterWith({ nodes: 2 }) });
  const wanted = labelled(cloud).map(({ labels }) => ({ ...labels }));
  for (const object of labelled(cloud)) object.labels = {};
  expect(await pulumi.refresh()).toMatchObject({ status: 0 });
  const run = await pulumi.up();
  expect(run).toMatchObject({ status: 0 });
  expect(new Set(run.happenings.map(({ operation }) => operation))).toEqual(new Set(["update"]));
  expect(labelled(cloud).map(({ labels }) => labels)).toEqual(wanted);
  expect(wanted).toHaveLength(20);
  expect(wanted.every((labels) => /^[0-9a-f]{16}$/.test(labels["bbb-cluster-id"] ?? ""))).toBe(true);
});

function labelled({ store }: Rig["cloud"]): { labels: Record<string, string> }[] {
  const { servers, networks, firewalls, primaryIps, sshKeys, placementGroups, zones } = store;
  const records = zones.all().flatMap(({ recordSets }) => recordSets.filter(({ type }) => !/^(SOA|NS)$/.test(type)));
  return [servers, networks, firewalls, primaryIps, sshKeys, placementGroups]
    .flatMap((all) => all.all() as { labels: Record<string, string> }[])
    .concat(records);
}
