import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { LoadBalancerSpec, MembershipSpec } from "../plan/load-balancer";
import { loadMultiplier } from "../plan/server-types";
import { ifKnown } from "./known";
import type { Machine } from "./machine";
import type { Node } from "./node";
import { runForCluster, runOnProxyFor } from "./remote";
import type { Within } from "./within";

/** The machine that tells the load balancer of nodes: a proxy, or its own. */
export interface Teller {
  machine: Machine;
  configured: remote.Command;
}

export interface BalancerArgs {
  spec: LoadBalancerSpec;
  teller: Teller;
  secret: pulumi.Output<string> | undefined;
  /** Whether it outlives the cluster: then all nodes are taken out there when that goes, and the machine has to be asked. */
  outlives: boolean;
  within: Within;
}

/** Leaves on a machine who is to be told, and has that forget the nodes that are given up. */
export function loadBalancer({ spec, teller, secret, outlives, within }: BalancerArgs): remote.Command {
  const { host } = teller.machine;
  const request = { ...spec.request, ...(secret && { secret }), proxyServerId: host.server.id };
  return runForCluster(
    spec.name,
    { host, command: "keep-balancer", undo: outlives ? "forget-balancer" : undefined, request },
    { ...within, dependsOn: teller.configured },
  );
}

/** bbb-01-membership: what the command is called by which a node joins and leaves the load balancer. */
export function membershipName(node: string): string {
  return `${node}-membership`;
}

/** The load balancer uses a node last of all that comes, and stops with it first of all that goes: if it is empty. */
export function membership(
  { request }: MembershipSpec,
  { node, teller, after }: { node: Node; teller: Teller; after: pulumi.Resource[] },
): remote.Command {
  const { server } = node.machine.host;
  const { host } = teller.machine;
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
