import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { Placement } from "../render/address-plan";
import { renderCloudInit } from "../render/cloud-init";
import type { SshHost } from "../render/ssh-config";
import { Addresses, type DnsRecord } from "./addresses";
import { hcloudId } from "./hcloud-id";
import { type Identity, publicKeyOf } from "./identity";
import type { Network } from "./network";
import type { PlacementGroups } from "./placement-groups";
import { copyHostPrograms, type RemoteHost } from "./remote";

/** What all machines of the cluster share. */
export interface Surroundings {
  location: string;
  zone?: string;
  network: Network;
  placementGroups: PlacementGroups;
  identity: Identity;
  deployKeyName: pulumi.Input<string>;
  sshPublicKeys: string[];
  protect: boolean;
}

export interface MachineArgs {
  placement: Placement;
  /** Hetzner server type. */
  type: string;
  /** Name of the image; a change is ignored on a machine that exists. */
  image: string;
  firewallId: pulumi.Output<number>;
  surroundings: Surroundings;
}

/** A server with fixed addresses, names, a place in the private network and a host key known beforehand. */
export class Machine extends pulumi.ComponentResource {
  readonly addresses: Addresses;
  readonly records: pulumi.Output<DnsRecord[]>;
  readonly ssh: pulumi.Output<SshHost>;
  /** The machine as remote steps see it: our programs are on it, its names are published. */
  readonly host: RemoteHost;

  constructor(name: string, args: MachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bbb-cluster:index:Machine", name, {}, opts);
    const { placement, surroundings } = args;
    const { location, protect, zone } = surroundings;
    const hostname = placement.hostname;
    this.addresses = new Addresses(
      name,
      { hostname, location, protect, ...(zone === undefined ? {} : { zone }) },
      { parent: this },
    );
    const server = this.server(name, args);
    const attachment = this.attach(name, server, args);
    const hostKey = publicKeyOf(surroundings.identity.hostKey(name));
    this.records = this.addresses.records;
    this.ssh = pulumi
      .all([this.addresses.ipv4, hostKey])
      .apply(([address, hostPublicKey]) => ({ name, hostname: placement.hostname, address, hostPublicKey }));
    const reached = {
      server,
      address: this.addresses.ipv4,
      hostKey,
      privateKey: surroundings.identity.deployKey().privateKey,
    };
    const programs = copyHostPrograms(`${name}-host`, reached, { parent: this });
    this.host = { ...reached, ready: [programs, attachment, ...this.addresses.published] };
    this.registerOutputs({ ipv4: this.addresses.ipv4, ipv6: this.addresses.ipv6 });
  }

  private server(name: string, { placement, type, image, firewallId, surroundings }: MachineArgs): hcloud.Server {
    const { identity, sshPublicKeys, deployKeyName, placementGroups, location, protect } = surroundings;
    const userData = pulumi.all([identity.hostKey(name), identity.deployKey()]).apply(([hostKey, deployKey]) =>
      renderCloudInit({
        hostname: placement.hostname,
        hostKey,
        authorizedKeys: [deployKey.publicKey, ...sshPublicKeys],
      }),
    );
    return new hcloud.Server(
      `${name}-server`,
      {
        name,
        serverType: type,
        image,
        location,
        sshKeys: [deployKeyName],
        userData,
        keepDisk: true,
        firewallIds: [firewallId],
        placementGroupId: placementGroups.id(placement.placementGroup),
        publicNets: [
          { ipv4Enabled: true, ipv4: this.addresses.ipv4Id, ipv6Enabled: true, ipv6: this.addresses.ipv6Id },
        ],
        shutdownBeforeDeletion: false,
      },
      // A running node is never replaced because a word in its first boot changed, nor powered off for another type;
      // --replace does it deliberately.
      // The subnet goes after the servers: while they are attached, Hetzner does not delete it.
      {
        parent: this,
        protect,
        deleteBeforeReplace: true,
        ignoreChanges: ["userData", "image", "sshKeys", "serverType"],
        dependsOn: [surroundings.network.subnet],
      },
    );
  }

  private attach(name: string, server: hcloud.Server, { placement, surroundings }: MachineArgs): hcloud.ServerNetwork {
    return new hcloud.ServerNetwork(
      `${name}-attachment`,
      { serverId: hcloudId(server), subnetId: surroundings.network.subnet.id, ip: placement.privateAddress },
      { parent: this, deleteBeforeReplace: true, deletedWith: server },
    );
  }
}
