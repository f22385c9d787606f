import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterPlan } from "../plan/cluster";
import type { Role } from "../plan/flows";
import type { Overrides } from "../plan/node/overrides";
import { ClusterLabels } from "./labels";
import { Network } from "./network";
import { PlacementGroups } from "./placement-groups";
import { type HostPrograms, hostPrograms } from "./remote";
import { SecretSettings } from "./secret-settings";
import { publicKeyOf, SshKeys } from "./ssh-keys";

/** What of a cluster is a secret. */
export interface ClusterSecrets {
  /** The root of all its SSH keys: at least 64 hexadecimal digits, never to be changed. */
  clusterSecret: pulumi.Input<string>;
  /** Scalelite's LOADBALANCER_SECRET, which a plan with it needs. */
  loadBalancerSecret?: pulumi.Input<string> | undefined;
  /** ACCESS_KEY_ID:SECRET_ACCESS_KEY, which a plan with a backup in S3 needs. */
  backupAccess?: pulumi.Input<string> | undefined;
  /** Overrides that are secrets; the plan knows their names. */
  secretOverrides?: pulumi.Input<Overrides>;
}

/** What all machines of a cluster share. */
export class SharedResources {
  readonly clusterSecret: pulumi.Output<string>;
  readonly sshKeys: SshKeys;
  readonly labels: ClusterLabels;
  readonly network: Network;
  readonly placementGroups: PlacementGroups;
  readonly deployKeyName: pulumi.Output<string>;
  readonly secretOverrides: SecretSettings;
  readonly programs: Readonly<Record<Role, HostPrograms>>;
  /** Undefined: no load balancer has one. */
  readonly loadBalancerSecret: pulumi.Output<string> | undefined;
  /** Undefined: the backup needs none. */
  readonly backupAccess: pulumi.Output<string> | undefined;

  constructor(
    { name, network, placementGroups, localFiles, loadBalancer }: ClusterPlan,
    { clusterSecret, loadBalancerSecret, backupAccess, secretOverrides = {} }: ClusterSecrets,
    opts: pulumi.ComponentResourceOptions,
  ) {
    this.programs = { proxy: hostPrograms(), balancer: hostPrograms(), node: hostPrograms(localFiles) };
    this.clusterSecret = pulumi.secret(clusterSecret);
    this.sshKeys = new SshKeys(clusterSecret);
    this.labels = new ClusterLabels(clusterSecret);
    this.secretOverrides = new SecretSettings(clusterSecret, secretOverrides);
    this.loadBalancerSecret = loadBalancerSecret === undefined ? undefined : pulumi.secret(loadBalancerSecret);
    this.backupAccess = backupAccess === undefined ? undefined : pulumi.secret(backupAccess);
    if (loadBalancer.request.kind === "scalelite" && loadBalancerSecret === undefined) {
      throw new Error("a cluster that is planned with Scalelite needs its loadBalancerSecret");
    }
    const deployKey = {
      name: `${name}-deploy`,
      publicKey: publicKeyOf(this.sshKeys.deployKey),
      labels: this.labels.of("cluster"),
    };
    const keyOptions = pulumi.mergeOptions(opts, { deleteBeforeReplace: true });
    this.deployKeyName = new hcloud.SshKey(`${name}-deploy-key`, deployKey, keyOptions).name;
    this.network = new Network(network.name, { spec: network, labels: this.labels }, opts);
    const groups = { names: placementGroups, labels: this.labels };
    this.placementGroups = new PlacementGroups(groups, opts);
  }
}
