import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { LoadBalancerSpec, MembershipSpec } from "../plan/load-balancer";
import { loadMultiplier } from "../plan/server-types";
import type { ClusterProxy } from "./cluster-proxy";
import { ifKnown } from "./known";
import type { Node } from "./node";
import { runForCluster, runOnProxyFor } from "./remote";
import type { Within } from "./within";

/** The proxy that tells the load balancer of nodes. */
export interface BalancerArgs {
  spec: LoadBalancerSpec;
  proxy: ClusterProxy;
  secret: pulumi.Output<string> | undefined;
  /** Whether anybody is told: then all nodes are taken out there when the cluster goes, and the proxy has to be asked. */
  told: boolean;
  within: Within;
}

/** Leaves on a proxy who is to be told, and has that forget the nodes that are given up. */
export function loadBalancer({ spec, proxy, secret, told, within }: BalancerArgs): remote.Command {
  const { host } = proxy.machine;
  const request = { ...spec.request, ...(secret && { secret }), proxyServerId: host.server.id };
  return runForCluster(
    spec.name,
    { host, command: "keep-balancer", undo: told ? "forget-balancer" : undefined, request },
    { ...within, dependsOn: proxy.configured },
  );
}

/** bbb-01-membership: what the command is called by which a node joins and leaves the load balancer. */
export function membershipName(node: string): string {
  return `${node}-membership`;
}

/** The load balancer uses a node last of all that comes, and stops with it first of all that goes: if it is empty. */
export function membership(
  { request }: MembershipSpec,
  { node, proxy, after }: { node: Node; proxy: ClusterProxy; after: pulumi.Resource[] },
): remote.Command {
  const { server } = node.machine.host;
  const { host } = proxy.machine;
  const told = {
    ...request,
    loadMultiplier: loadMultiplierOf(node),
    secret: node.apiSecret,
    proxyServerId: host.server.id,
  };
  return runOnProxyFor(
    membershipName(request.node),
    { host, onBehalfOf: server, command: "join-balancer", undo: "leave-balancer", request: told },
    { ...node.within, dependsOn: after },
  );
}

/** Of the type that it has: a change of the configured one is for a new machine. */
export function loadMultiplierOf({ machine }: Node): pulumi.Output<number> {
  return pulumi.output(ifKnown(machine.host.server.serverType, machine.spec.type)).apply(loadMultiplier);
}
