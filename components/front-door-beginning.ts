import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

import { idLabel } from "../plan/cluster-id";
import type { FrontDoorSpec } from "../plan/front-door";

/** What there is of the front door before a run; without a load balancer none of it counts. */
export interface Beginning {
  /** The load balancer leads to no proxy yet. */
  withoutTarget: boolean;
  /** The cluster's name leads nowhere yet, and is ours to set. */
  withoutName: boolean;
}

/**
 * Asks Hetzner, in a preview, too.
 * @param cluster its id; undefined while nobody knows it, and then there is nothing yet
 */
export async function frontDoorBeginning(
  { hostname, balancer }: FrontDoorSpec,
  cluster: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<Beginning> {
  if (balancer === undefined) return { withoutTarget: false, withoutName: false };
  const { zone } = balancer;
  return {
    withoutTarget: cluster === undefined || (await targetsOf(cluster, opts)) === 0,
    withoutName: zone !== undefined && (cluster === undefined || !(await hasName(hostname, zone, cluster, opts))),
  };
}

async function targetsOf(cluster: string, opts: pulumi.InvokeOptions): Promise<number> {
  const { loadBalancers } = await hcloud.getLoadBalancers({ withSelector: `${idLabel}=${cluster}` }, opts);
  return loadBalancers.reduce((sum, { targets }) => sum + targets.length, 0);
}

/** A list, for the engine reports it as an error when one that is asked for is not there. */
async function hasName(hostname: string, zone: string, cluster: string, opts: pulumi.InvokeOptions): Promise<boolean> {
  const { rrsets } = await hcloud.getZoneRrsets({ zone, withSelector: `${idLabel}=${cluster}` }, opts);
  return rrsets.some(({ name, type }) => type === "A" && `${name}.${zone}` === hostname);
}
