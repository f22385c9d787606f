import type { BalancedTarget } from "../balancer";
import type { LoadBalancer, Server, Target } from "../model";
import { parseSelector } from "../selector";
import type { Store } from "../store";

/** The servers that a target stands for. */
export function serversOf({ servers }: Store, target: Target): Readonly<Server>[] {
  if (target.type === "server") return servers.all().filter(({ id }) => id === target.server);
  return servers.all().filter(({ labels }) => parseSelector(target.selector)(labels));
}

/** The servers that get traffic, each once, and where they are reached; those that cannot be reached are left out. */
export function balancedTargets(store: Store, balancer: Readonly<LoadBalancer>): BalancedTarget[] {
  const found = new Map<number, string>();
  for (const target of balancer.targets) {
    for (const server of serversOf(store, target)) {
      const ip = target.usePrivateIp ? privateIp(server, balancer) : publicIp(store, server.id);
      if (ip !== undefined && !found.has(server.id)) found.set(server.id, ip);
    }
  }
  return [...found].map(([server, ip]) => ({ server, ip }));
}

/** How many servers the targets stand for, of which a load balancer has at most as many as its type allows. */
export function countTargets(store: Store, targets: readonly Target[]): number {
  return targets.reduce((sum, target) => sum + Math.max(1, serversOf(store, target).length), 0);
}

/** The address of a server in the network that a load balancer is attached to. */
export function privateIp(server: Readonly<Server>, { nic }: Pick<LoadBalancer, "nic">): string | undefined {
  return server.nics.find(({ network, state }) => network === nic?.network && state !== "detaching")?.ip;
}

/** The public IPv4 address of a server: load balancers reach their targets over IPv4 alone. */
export function publicIp({ primaryIps }: Store, server: number): string | undefined {
  return primaryIps.all().find((address) => address.server === server && address.type === "ipv4")?.ip;
}

/** The load balancers that a server is a target of. */
export function balancersOf(store: Store, server: Readonly<Server>): number[] {
  return targeting(store, server).map(({ balancer }) => balancer.id);
}

/** Whether some load balancer reaches a server by its public address. */
export function isPublicTarget(store: Store, server: Readonly<Server>): boolean {
  return targeting(store, server).some(({ targets }) => targets.some(({ usePrivateIp }) => !usePrivateIp));
}

/** Takes a server that goes out of all load balancers; label selectors stay. */
export function forgetTarget({ loadBalancers }: Store, server: number): void {
  for (const balancer of loadBalancers.all()) {
    const targets = balancer.targets.filter((target) => target.type !== "server" || target.server !== server);
    if (targets.length < balancer.targets.length) loadBalancers.update(balancer, { targets });
  }
}

function targeting(store: Store, server: Readonly<Server>) {
  return store.loadBalancers
    .all()
    .map((balancer) => ({
      balancer,
      targets: balancer.targets.filter((target) => serversOf(store, target).some(({ id }) => id === server.id)),
    }))
    .filter(({ targets }) => targets.length > 0);
}
