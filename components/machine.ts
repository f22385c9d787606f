import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import { privateNetwork } from "../plan/addresses";
import { renderCloudInit } from "../plan/cloud-init";
import type { MachineSpec } from "../plan/machines";
import type { SshHost } from "../plan/ssh-config";
import { Addresses, type DnsRecord } from "./addresses";
import { hcloudId } from "./hcloud-id";
import { copyHostPrograms, type ReadyHost, type SshTarget, waitForBoot } from "./remote";
import type { SharedResources } from "./shared-resources";
import { publicKeyOf } from "./ssh-keys";

/** What a machine is made of: what it must be, and what it shares with the others. */
export interface MachineArgs {
  spec: MachineSpec;
  shared: SharedResources;
}

/** A server with fixed addresses, names, a place in the private network and a host key known beforehand. */
export class Machine extends pulumi.ComponentResource {
  readonly spec: MachineSpec;
  readonly addresses: Addresses;
  readonly records: pulumi.Output<DnsRecord[]>;
  readonly ssh: pulumi.Output<SshHost>;
  /** The machine as host commands see it: our programs are on it, its names are published. */
  readonly host: ReadyHost;
  private readonly deployKey: pulumi.Output<string>;

  constructor(name: string, args: MachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:Machine", name, {}, opts);
    this.spec = args.spec;
    this.deployKey = publicKeyOf(args.shared.sshKeys.deployKey());
    const { hostname } = args.spec;
    this.addresses = new Addresses(
      name,
      { spec: args.spec, labels: args.shared.labels.of(args.spec.role) },
      { parent: this },
    );
    this.records = this.addresses.records;
    const server = this.createServer(name, args);
    const attachment = this.attachToNetwork(name, server, args);
    const target = this.sshTarget(name, server, args.shared);
    const booted = waitForBoot(`${name}-booted`, target, { parent: this });
    const programs = copyHostPrograms(`${name}-programs`, target, { parent: this, dependsOn: [booted] });
    this.host = { ...target, ready: [programs, attachment, ...this.addresses.published] };
    this.ssh = pulumi
      .all([target.address, target.hostKey])
      .apply(([address, hostPublicKey]) => ({ name, hostname, address, hostPublicKey }));
    this.registerOutputs({ ipv4: this.addresses.ipv4, ipv6: this.addresses.ipv6 });
  }

  /** What only the cloud and the cluster's secret tell, as a host command is told it. */
  asRequest(): pulumi.Inputs {
    const { open, sshPublicKeys } = this.spec;
    const access = { network: privateNetwork.ipRange, open, sshPublicKeys: [this.deployKey, ...sshPublicKeys] };
    return { ...this.addresses.asRequest(), access };
  }

  private createServer(name: string, { spec, shared }: MachineArgs): hcloud.Server {
    const { sshKeys, deployKeyName, placementGroups, network } = shared;
    const userData = pulumi.all([sshKeys.hostKey(name), sshKeys.deployKey()]).apply(([hostKey, deployKey]) =>
      renderCloudInit({
        hostname: spec.hostname,
        hostKey,
        authorizedKeys: [deployKey.publicKey, ...spec.sshPublicKeys],
      }),
    );
    return new hcloud.Server(
      `${name}-server`,
      {
        name,
        labels: shared.labels.of(spec.role),
        serverType: spec.type,
        image: spec.image,
        location: spec.location,
        sshKeys: [deployKeyName],
        userData,
        keepDisk: true,
        firewallIds: [network.firewallIds[spec.role]],
        placementGroupId: placementGroups.id(spec.placementGroup),
        publicNets: [
          { ipv4Enabled: true, ipv4: this.addresses.ipv4Id, ipv6Enabled: true, ipv6: this.addresses.ipv6Id },
        ],
        shutdownBeforeDeletion: false,
      },
      // A running machine is never replaced because a word in its first boot changed, nor powered off for another
      // type; --replace does it deliberately.
      // The subnet goes after the servers: while they are attached, Hetzner does not delete it.
      {
        parent: this,
        deleteBeforeReplace: true,
        ignoreChanges: ["userData", "image", "sshKeys", "serverType"],
        dependsOn: [network.subnet],
      },
    );
  }

  private attachToNetwork(name: string, server: hcloud.Server, { spec, shared }: MachineArgs): hcloud.ServerNetwork {
    return new hcloud.ServerNetwork(
      `${name}-attachment`,
      { serverId: hcloudId(server), subnetId: shared.network.subnet.id, ip: spec.privateAddress },
      { parent: this, deleteBeforeReplace: true, deletedWith: server },
    );
  }

  private sshTarget(name: string, server: hcloud.Server, { sshKeys }: SharedResources): SshTarget {
    return {
      server,
      address: this.addresses.ipv4,
      hostKey: publicKeyOf(sshKeys.hostKey(name)),
      privateKey: sshKeys.deployKey().privateKey,
    };
  }
}
