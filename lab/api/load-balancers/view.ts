import { defaultReverseName } from "../addresses";
import { locations, named } from "../catalogue";
import type { Cloud } from "../cloud";
import type { LoadBalancer, Target } from "../model";
import { loadBalancerTypeView } from "../routes/catalogue";
import { serviceView } from "./services";
import { serversOf } from "./targets";
import { loadBalancerTypes } from "./types";

const includedTrafficBytes = 20 * 1024 ** 4;

/** The public IPv6 address of a load balancer. */
export function ipv6Of({ ipv6Network }: Readonly<LoadBalancer>): string {
  return ipv6Network.replace("::/64", "::1");
}

/** A load balancer as the API shows it. */
export function loadBalancerView(cloud: Cloud, balancer: Readonly<LoadBalancer>): object {
  const { id, name, labels, created, nic, algorithm } = balancer;
  return {
    ...{ id, name, labels, created, location: named(locations, balancer.location) },
    load_balancer_type: loadBalancerTypeView(named(loadBalancerTypes, balancer.type)),
    public_net: {
      enabled: balancer.isPublic,
      ipv4: { ip: balancer.ipv4, dns_ptr: nameOf(balancer, balancer.ipv4) ?? defaultReverseName(balancer.ipv4) },
      ipv6: { ip: ipv6Of(balancer), dns_ptr: nameOf(balancer, ipv6Of(balancer)) },
    },
    private_net: nic === null || nic.state === "attaching" ? [] : [{ network: nic.network, ip: nic.ip }],
    services: balancer.services.map(serviceView),
    targets: balancer.targets.map((target) => targetView(cloud, balancer, target)),
    ...{ algorithm: { type: algorithm }, protection: { delete: balancer.deleteProtection } },
    ...{ included_traffic: includedTrafficBytes, ingoing_traffic: null, outgoing_traffic: null },
  };
}

function nameOf({ reverseNames }: Readonly<LoadBalancer>, wanted: string): string | null {
  return reverseNames.find(({ ip }) => ip === wanted)?.name ?? null;
}

function targetView(cloud: Cloud, balancer: Readonly<LoadBalancer>, target: Target): object {
  const server = (id: number) => ({
    ...{ type: "server", server: { id }, use_private_ip: target.usePrivateIp },
    health_status: cloud.balancers.healthOf(balancer, id).map(({ listenPort, status }) => ({
      ...{ listen_port: listenPort, status },
    })),
  });
  if (target.type === "server") return server(target.server);
  return {
    ...{ type: "label_selector", label_selector: { selector: target.selector }, use_private_ip: target.usePrivateIp },
    targets: serversOf(cloud.store, target).map(({ id }) => server(id)),
  };
}
