import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { VolumeRequest } from "../plan/balancer/request";
import type { BalancerSpec } from "../plan/cluster";
import { idLabel, type Labels } from "../plan/cluster-id";
import type { VolumeSpec } from "../plan/volumes";
import { hcloudId } from "./hcloud-id";
import { Refusal } from "./refusal";
import type { Within } from "./within";

export interface BalancerVolumeArgs {
  spec: VolumeSpec;
  server: hcloud.Server;
  labels: pulumi.Output<Labels>;
  within: Within;
}

/** Recordings and database of the load balancer: a disk that outlives its machine, and is given to the next one. */
export class BalancerVolume {
  private readonly volume: hcloud.Volume;

  constructor({ spec: { name, sizeGb }, server, labels, within }: BalancerVolumeArgs) {
    // No attachment of its own, which would go before a machine that is replaced: the disk would be taken from one that
    // writes on it. So the machine goes first, which has written all when it is off.
    this.volume = new hcloud.Volume(
      name,
      // Hetzner, too, refuses to delete what Pulumi refuses to: nothing brings recordings back.
      { name, size: sizeGb, serverId: hcloudId(server), labels, deleteProtection: within.protect },
      { ...within, deleteBeforeReplace: true },
    );
  }

  /** The disk as a host command is told of it, once the machine has it. */
  asRequest(): { volume: pulumi.Output<VolumeRequest> } {
    const { linuxDevice: device, size } = this.volume;
    return { volume: pulumi.all([device, size]).apply(([device, sizeGb]) => ({ device, sizeGb })) };
  }
}

/**
 * Asks how large volumes are that there are already, in a preview, too.
 * @param cluster its id; undefined while nobody knows it, and then nothing is asked
 * @throws {Refusal} a sentence when one is to become smaller, which Hetzner cannot do
 */
export async function refuseSmallerVolumes(
  balancers: readonly BalancerSpec[],
  cluster: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<void> {
  if (cluster === undefined || balancers.length === 0) return;
  const { volumes } = await hcloud.getVolumes({ withSelector: `${idLabel}=${cluster}` }, opts);
  for (const { machine, volume } of balancers) {
    const size = volumes.find(({ name }) => name === volume.name)?.size ?? 0;
    if (size > volume.sizeGb) {
      throw new Refusal(
        `balancerVolumeSize must be at least ${size}, which the volume of ${machine.name} has, got ${volume.sizeGb}: no ` +
          `volume is made smaller; run: pulumi config set balancerVolumeSize ${size}`,
      );
    }
  }
}
