import { promises as dns } from "node:dns";

import { shakeHands } from "./certificates";
import { type Check, seen, unless } from "./check";
import { isClient } from "./client";
import type { Cluster, ClusterMachine, ClusterNode } from "./cluster";
import { brief, request } from "./request";
import type { Vantage } from "./vantage";

/** What holds of several proxies: the cluster's name leads to the load balancer before them, and each leads to every node. */
export function frontDoorChecks(cluster: Cluster, vantage: Vantage): Check[] {
  if (cluster.proxies.length < 2) return [];
  const clustered = cluster.nodes.filter(({ standalone }) => !standalone);
  return [
    ...([4, 6] as const).map((family) => unless(vantage.lacks(family), doorCheck(cluster, family))),
    ...cluster.proxies.flatMap((proxy) => clustered.map((node) => routeCheck(proxy, node))),
  ];
}

function doorCheck({ origin, proxies }: Cluster, family: 4 | 6): Check {
  const { hostname } = new URL(origin);
  return {
    name: `front door over IPv${family}`,
    expected: `${hostname} at the load balancer's address, which is no proxy's, with its certificate and a redirect on port 80`,
    async run() {
      const addresses = family === 4 ? await dns.resolve4(hostname) : await dns.resolve6(hostname);
      const own = proxies.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
      const [, answer] = await Promise.all([
        shakeHands(origin, { family }),
        request(`http://${hostname}/`, { family }),
      ]);
      const right = addresses.length === 1 && !addresses.some((address) => own.includes(address));
      return seen(right && answer.status === 301, `${addresses.join(", ")}, port 80: ${brief(answer)}`);
    },
  };
}

function routeCheck({ name, origin }: ClusterMachine, node: ClusterNode): Check {
  const page = `${origin}/${node.name}/html5client/`;
  return {
    name: `${name}: route to ${node.name}`,
    expected: `the client at ${page}`,
    async run() {
      const answer = await request(page);
      return seen(isClient(answer, page), brief(answer));
    },
  };
}
