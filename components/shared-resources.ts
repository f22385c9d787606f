import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterPlan } from "../plan/cluster";
import { Network } from "./network";
import { PlacementGroups } from "./placement-groups";
import type { SecretSettings } from "./secret-settings";
import { publicKeyOf, type SshKeys } from "./ssh-keys";

/** What is made of the cluster's secrets. */
export interface ClusterSecrets {
  sshKeys: SshKeys;
  overrides: SecretSettings;
}

/** What all machines of a cluster share. */
export class SharedResources {
  readonly network: Network;
  readonly placementGroups: PlacementGroups;
  readonly deployKeyName: pulumi.Output<string>;
  readonly sshKeys: SshKeys;
  readonly secretOverrides: SecretSettings;

  constructor(
    { name, network, placementGroups }: ClusterPlan,
    { sshKeys, overrides }: ClusterSecrets,
    opts: pulumi.ComponentResourceOptions,
  ) {
    this.sshKeys = sshKeys;
    this.secretOverrides = overrides;
    const deployKey = { name: `${name}-deploy`, publicKey: publicKeyOf(sshKeys.deployKey()) };
    const keyOptions = pulumi.mergeOptions(opts, { deleteBeforeReplace: true });
    this.deployKeyName = new hcloud.SshKey(`${name}-deploy-key`, deployKey, keyOptions).name;
    this.network = new Network(network.name, network, opts);
    this.placementGroups = new PlacementGroups(`${name}-placement-groups`, placementGroups, opts);
  }
}
