import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterPlan } from "../plan/cluster";
import type { Overrides } from "../plan/node/overrides";
import { Network } from "./network";
import { PlacementGroups } from "./placement-groups";
import { SecretSettings } from "./secret-settings";
import { publicKeyOf, SshKeys } from "./ssh-keys";

/** What of a cluster is a secret. */
export interface ClusterSecrets {
  /** The root of all its SSH keys: at least 32 characters, never to be changed. */
  clusterSecret: pulumi.Input<string>;
  /** Overrides that are secrets; the plan knows their names. */
  secretOverrides?: pulumi.Input<Overrides>;
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
    { clusterSecret, secretOverrides = {} }: ClusterSecrets,
    opts: pulumi.ComponentResourceOptions,
  ) {
    this.sshKeys = new SshKeys(clusterSecret);
    this.secretOverrides = new SecretSettings(clusterSecret, secretOverrides);
    const deployKey = { name: `${name}-deploy`, publicKey: publicKeyOf(this.sshKeys.deployKey()) };
    const keyOptions = pulumi.mergeOptions(opts, { deleteBeforeReplace: true });
    this.deployKeyName = new hcloud.SshKey(`${name}-deploy-key`, deployKey, keyOptions).name;
    this.network = new Network(network.name, network, opts);
    this.placementGroups = new PlacementGroups(`${name}-placement-groups`, placementGroups, opts);
  }
}
