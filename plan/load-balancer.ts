import type { PlanConfig } from "../config/keys";
import { balancerName, hasOwnBalancer, type MachineSpec } from "./machines";
import type { KeepBalancerRequest, LoadBalancerRequest, MembershipRequest, RecordingsRequest } from "./member-requests";
import { serviceState, stateOf } from "./node-state";

/** Who gives out meetings, and the machine that tells it of nodes: a proxy, or its own. */
export interface LoadBalancerSpec {
  /** bbb-load-balancer */
  name: string;
  /** Name of the machine. */
  teller: string;
  request: KeepBalancerRequest;
}

/** A node's place at the load balancer. */
export interface MembershipSpec {
  /** Name of the machine. */
  node: string;
  request: MembershipRequest;
}

/** Names of the nodes that are given up: they go without being asked. */
export function abandonedNodes(config: PlanConfig): string[] {
  return Object.keys(config.nodeSettings).filter((node) => stateOf(node, config) === "abandoned");
}

/** What a machine is to know of the load balancer that tells it of nodes. */
export function planLoadBalancer(cluster: string, teller: string, config: PlanConfig): LoadBalancerSpec {
  const names = isBalanced(config) ? abandonedNodes(config) : [];
  const abandoned = names.map((node) => ({ node, nodeHostname: `${node}.${config.domain}` }));
  return { name: `${cluster}-load-balancer`, teller, request: { ...balancerRequest(config), abandoned } };
}

/** Who is told of nodes that come and go: none where there is nobody to tell. */
export function planMemberships(nodes: readonly MachineSpec[], config: PlanConfig): MembershipSpec[] {
  if (!isBalanced(config)) return [];
  return nodes.map(({ name: node, hostname: nodeHostname, privateAddress: nodeAddress }) => ({
    node,
    request: { node, nodeHostname, nodeAddress, state: serviceState(node, config), discard: config.discardRecordings },
  }));
}

/** Whether somebody else gives out meetings: without that, a closed node refuses new ones itself. */
export function isBalanced({ loadBalancer }: Pick<PlanConfig, "loadBalancer">): boolean {
  return loadBalancer.kind !== "none" || loadBalancer.hook !== undefined;
}

/** What becomes of the recordings of a cluster's nodes; undefined: nobody takes them, and none may go. */
export function planRecordings(cluster: string, config: PlanConfig): RecordingsRequest | undefined {
  const discard = config.discardRecordings;
  if (hasOwnBalancer(config)) return { kind: "bbblb", host: `${balancerName(cluster)}.${config.domain}`, discard };
  if (config.loadBalancer.kind !== "scalelite") return discard ? { kind: "none", discard } : undefined;
  const { recordingSpool } = config.loadBalancer;
  return recordingSpool ? { kind: "spool", ...recordingSpool, discard } : { kind: "elsewhere", discard };
}

function balancerRequest({ loadBalancer }: PlanConfig): LoadBalancerRequest {
  switch (loadBalancer.kind) {
    case "none":
      return { kind: "none", hook: loadBalancer.hook ?? null };
    case "scalelite":
      return { kind: "scalelite", url: loadBalancer.url };
    case "bbblb":
      return { kind: "bbblb" };
  }
}
