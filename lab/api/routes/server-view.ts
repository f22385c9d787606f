import { locations, named, serverTypes } from "../catalogue";
import type { Cloud } from "../cloud";
import { firewallsOf } from "../firewall-rules";
import { imageOf } from "../images";
import { balancersOf } from "../load-balancers/targets";
import type { PrimaryIp, Server } from "../model";
import { addressesOf, reverseNamesView } from "../primary-addresses";
import { volumesOf } from "../volumes";
import { serverTypeView } from "./catalogue";
import { imageView } from "./images";
import { placementGroupView } from "./placement-groups";

const includedTrafficBytes = 20 * 1024 ** 4;

/** A server as the API shows it. */
export function serverView(cloud: Cloud, server: Readonly<Server>): object {
  const { id, name, status, created, labels } = server;
  const image = imageOf(cloud, server);
  const group = server.placementGroup === null ? undefined : cloud.store.placementGroups.get(server.placementGroup);
  return {
    ...{ id, name, status, created, labels },
    public_net: publicNet(cloud, server),
    private_net: privateNet(server),
    server_type: serverTypeView(named(serverTypes, server.type)),
    location: named(locations, server.location),
    image: image ? imageView(image) : null,
    ...{ iso: null, rescue_enabled: false, locked: cloud.actions.isLocked({ id, type: "server" }) },
    ...{ backup_window: null, outgoing_traffic: null, ingoing_traffic: null, included_traffic: includedTrafficBytes },
    protection: { delete: server.deleteProtection, rebuild: server.deleteProtection },
    ...{
      volumes: volumesOf(cloud.store, id).map((volume) => volume.id),
      load_balancers: balancersOf(cloud.store, server),
      primary_disk_size: server.diskGb,
    },
    placement_group: group ? placementGroupView(cloud, group) : null,
  };
}

function publicNet(cloud: Cloud, server: Readonly<Server>): object {
  const { ipv4, ipv6 } = addressesOf(cloud, server.id);
  const status = cloud.machines.isFirewallPending(server) ? "pending" : "applied";
  return {
    ipv4: ipv4 ? { ...addressView(ipv4), dns_ptr: reverseNamesView(ipv4)[0]?.dns_ptr } : null,
    ipv6: ipv6 ? { ...addressView(ipv6), dns_ptr: reverseNamesView(ipv6) } : null,
    floating_ips: [],
    firewalls: firewallsOf(cloud.store, server).map(({ id }) => ({ id, status })),
  };
}

function addressView({ id, ip }: Readonly<PrimaryIp>): object {
  return { id, ip, blocked: false };
}

function privateNet(server: Readonly<Server>): object[] {
  return server.nics
    .filter((nic) => nic.state !== "attaching")
    .map(({ network, ip, aliasIps, macAddress }) => ({ network, ip, alias_ips: aliasIps, mac_address: macAddress }));
}
