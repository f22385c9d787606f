import type { EmulatedCloud } from "./cloud";
import type { State } from "./state";

/** An object at Hetzner: how the API deletes it, and the type and id under which the state would know it. */
interface CloudObject {
  path: string;
  type: string;
  id: string;
  /** Of a request that deletes it, where that is no plain DELETE. */
  body?: object;
}

/** Deletes at Hetzner what a killed run made and Pulumi does not know, as README tells; returns what that was. */
export async function deleteOrphans(cloud: EmulatedCloud, state: State): Promise<string[]> {
  const known = new Set(state.resources.map(({ type, id }) => `${type} ${id}`));
  const orphans = objectsOf(cloud).filter(({ type, id }) => !known.has(`hcloud:index/${type} ${id}`));
  for (const { path, body } of orphans) {
    await cloud.request(body === undefined ? "DELETE" : "POST", path, body);
    await cloud.settled();
  }
  return orphans.map(({ type, id }) => `${type} ${id}`);
}

/** Servers first: others are in use as long as they are there. */
function objectsOf({ store }: EmulatedCloud): CloudObject[] {
  const kinds = [
    ["servers", store.servers, "server:Server"],
    ["primary_ips", store.primaryIps, "primaryIp:PrimaryIp"],
    ["networks", store.networks, "network:Network"],
    ["firewalls", store.firewalls, "firewall:Firewall"],
    ["ssh_keys", store.sshKeys, "sshKey:SshKey"],
    ["placement_groups", store.placementGroups, "placementGroup:PlacementGroup"],
  ] as const;
  const numbered = kinds.flatMap(([path, all, type]) =>
    all.all().map(({ id }) => ({ path: `/${path}/${id}`, type, id: String(id) })),
  );
  return [...subnetsOf(store), ...numbered, ...recordsOf(store)];
}

function subnetsOf({ networks }: EmulatedCloud["store"]): CloudObject[] {
  return networks.all().flatMap(({ id, subnets }) =>
    subnets.map(({ ipRange }) => ({
      path: `/networks/${id}/actions/delete_subnet`,
      body: { ip_range: ipRange },
      type: "networkSubnet:NetworkSubnet",
      id: `${id}-${ipRange}`,
    })),
  );
}

function recordsOf({ zones }: EmulatedCloud["store"]): CloudObject[] {
  return zones.all().flatMap((zone) =>
    zone.recordSets
      .filter(({ type }) => type !== "SOA" && type !== "NS")
      .map(({ name, type }) => ({
        path: `/zones/${zone.name}/rrsets/${name}/${type}`,
        type: "zoneRrset:ZoneRrset",
        id: `${name}/${type}`,
      })),
  );
}
