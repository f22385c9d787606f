import { expect, test } from "vitest";

import { objectsOfState } from "../../soak/look";

test("of Pulumi's state count the objects that the cloud lists, and nothing that belongs to one of them", () => {
  const resource = (type: string, id: string, name: string) => ({
    type,
    id,
    urn: `urn:pulumi:lab::bbb-cluster::bbb-cluster:index:Cluster$${type}::${name}`,
  });
  const resources = [
    { type: "pulumi:pulumi:Stack", urn: "urn:pulumi:lab::bbb-cluster::pulumi:pulumi:Stack::bbb-cluster-lab" },
    resource("hcloud:index/server:Server", "1001", "bbb-01-server"),
    resource("hcloud:index/zoneRrset:ZoneRrset", "bbb-01/A", "bbb-01-a"),
    resource("hcloud:index/serverNetwork:ServerNetwork", "1001-2001", "bbb-01-attachment"),
    resource("command:remote:Command", "x", "bbb-01-configured"),
  ];
  expect(objectsOfState(JSON.stringify({ deployment: { resources } }))).toEqual([
    { kind: "servers", id: "1001", name: "bbb-01-server" },
    { kind: "rrsets", id: "bbb-01/A", name: "bbb-01-a" },
  ]);
  expect(objectsOfState(JSON.stringify({ deployment: {} }))).toEqual([]);
});
