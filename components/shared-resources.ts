import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterPlan } from "../plan/cluster";
import { Network } from "./network";
import { PlacementGroups } from "./placement-groups";
import { publicKeyOf, type SshKeys } from "./ssh-keys";

/** What all machines of a cluster share. */
export class SharedResources {
  readonly network: Network;
  readonly placementGroups: PlacementGroups;
  readonly deployKeyName: pulumi.Output<string>;

  constructor(
    { name, network, placementGroups }: ClusterPlan,
    readonly sshKeys: SshKeys,
    opts: pulumi.ComponentResourceOptions,
  ) {
    const deployKey = { name: `${name}-deploy`, publicKey: publicKeyOf(sshKeys.deployKey()) };
    const keyOptions = pulumi.mergeOptions(opts, { deleteBeforeReplace: true });
    this.deployKeyName = new hcloud.SshKey(`${name}-deploy-key`, deployKey, keyOptions).name;
    this.network = new Network(network.name, network, opts);
    this.placementGroups = new PlacementGroups(`${name}-placement-groups`, placementGroups, opts);
  }
}
