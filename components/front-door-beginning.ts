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
    withoutName: zone !== undefined && !(await hasName(zone, hostname.slice(0, -zone.length - 1), opts)),
  };
}

async function targetsOf(cluster: string, opts: pulumi.InvokeOptions): Promise<number> {
  const { loadBalancers } = await hcloud.getLoadBalancers({ withSelector: `${idLabel}=${cluster}` }, opts);
  return loadBalancers.reduce((sum, { targets }) => sum + targets.length, 0);
}

async function hasName(zone: string, name: string, opts: pulumi.InvokeOptions): Promise<boolean> {
  try {
    await hcloud.getZoneRrset({ zone, name, type: "A" }, opts);
    return true;
  } catch (error) {
    if (/not[ _]found/i.test(String(error))) return false;
    throw error;
  }
}
