import * as pulumi from "@pulumi/pulumi";

import type { ClusterPlan, NodeSpec } from "../plan/cluster";
import type { LoadBalancerRequest } from "../plan/member-requests";
import { ifKnown } from "./known";
import { loadMultiplierOf } from "./load-balancer";
import type { Machine } from "./machine";
import type { Node } from "./node";
import { publicKeyOf, type SshKeys } from "./ssh-keys";

/** A machine as other programs need to know it. */
export interface MachineOutput {
  name: string;
  hostname: string;
  ipv4: pulumi.Output<string | null>;
  ipv6: pulumi.Output<string | null>;
  privateAddress: string;
}

/** A node as other programs need to know it. */
export interface NodeOutput extends MachineOutput {
  state: NodeSpec["state"];
  /** URL of BigBlueButton's API. */
  api: string;
}

/** A load balancer as other programs need to know it. */
export interface LoadBalancerOutput {
  kind: LoadBalancerRequest["kind"];
  /** Where frontends send meetings; null: to nodes, to the hosts of tenants, or to a balancer that only a hook knows. */
  url: string | null;
  /** The machine that tells it of nodes; null: nobody is told, and nodes refuse new meetings themselves. */
  teller: string | null;
  /** Whom the spool of recordings has to let in, if there is one. */
  recordingSpoolKey?: pulumi.Output<string>;
}

export function loadBalancerOutput(
  { loadBalancer, memberships, nodes }: ClusterPlan,
  sshKeys: SshKeys,
): LoadBalancerOutput {
  const { request, teller } = loadBalancer;
  const sends = nodes.some(({ service }) => service.recordings?.kind === "spool");
  return {
    ...(sends && { recordingSpoolKey: publicKeyOf(sshKeys.spoolKey) }),
    kind: request.kind,
    url: "url" in request ? request.url : null,
    teller: memberships.length > 0 ? teller : null,
  };
}

export function machineOutput({ spec, addresses }: Machine): MachineOutput {
  const { name, hostname, privateAddress } = spec;
  return { name, hostname, ipv4: ifKnown(addresses.ipv4, null), ipv6: ifKnown(addresses.ipv6, null), privateAddress };
}

export function nodeOutput({ machine, spec: { state } }: Node): NodeOutput {
  return { ...machineOutput(machine), state, api: apiOf(machine.spec.hostname) };
}

/** Nothing as long as nobody knows the node's secret, as after a run that failed: Scalelite would refuse the whole list. */
export function loadBalancerServer(node: Node): pulumi.Output<Record<string, object>> {
  const { machine, spec, apiSecret } = node;
  const { hostname } = machine.spec;
  const parameters = { url: apiOf(hostname), enabled: spec.state === "present" };
  return pulumi
    .all([ifKnown(apiSecret, null), loadMultiplierOf(node)])
    .apply(([secret, load_multiplier]) => (secret ? { [hostname]: { ...parameters, secret, load_multiplier } } : {}));
}

/** URL of the API of BigBlueButton, or of what speaks it, on a host. */
export function apiOf(hostname: string): string {
  return `https://${hostname}/bigbluebutton/api`;
}

/** Those of the outputs that are known: one machine that failed does not hide the others. */
export function known<T>(outputs: readonly pulumi.Output<T>[]): pulumi.Output<T[]> {
  return pulumi
    .all(outputs.map((output) => ifKnown(output, undefined)))
    .apply((values) => values.filter((value) => value !== undefined) as T[]);
}
