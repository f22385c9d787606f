import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import { privateNetwork } from "../plan/addresses";
import { renderCloudInit } from "../plan/cloud-init";
import type { MachineSpec } from "../plan/machines";
import type { PublicAddresses } from "../plan/requests";
import type { SshHost } from "../plan/ssh-config";
import { Addresses } from "./addresses";
import type { DnsRecord } from "./dns-record";
import { hcloudId } from "./hcloud-id";
import { copyHostPrograms, type ReadyHost, type SshTarget } from "./remote";
import type { SharedResources } from "./shared-resources";
import { publicKeyOf } from "./ssh-keys";
import type { Within } from "./within";

/** What a machine is made of: what it must be, and what it shares with the others. */
export interface MachineArgs {
  spec: MachineSpec;
  shared: SharedResources;
  within: Within;
}

/** A server with fixed addresses, names, a place in the private network and a host key known beforehand. */
export class Machine {
  readonly spec: MachineSpec;
  readonly addresses: Addresses;
  readonly records: pulumi.Output<DnsRecord[]>;
  readonly ssh: pulumi.Output<SshHost>;
  /** The machine as host commands see it: our programs are on it, its names are published. */
  readonly host: ReadyHost;
  private readonly deployKey: pulumi.Output<string>;

  constructor(name: string, args: MachineArgs) {
    const { spec, shared, within } = args;
    this.spec = spec;
    this.deployKey = publicKeyOf(shared.sshKeys.deployKey);
    this.addresses = new Addresses(name, { spec, labels: shared.labels.of(spec.role), within });
    this.records = this.addresses.records;
    const server = this.createServer(name, args);
    const attachment = this.attachToNetwork(name, server, args);
    const target = this.sshTarget(args, server);
    // What each command would have to wait for is waited for once.
    const dependsOn = [attachment, ...this.addresses.published];
    this.host = { ...target, ready: copyHostPrograms(`${name}-programs`, target, { ...within, dependsOn }) };
    this.ssh = pulumi
      .all([this.addresses.ipv4, target.hostKey])
      .apply(([address, hostPublicKey]) => ({ name, hostname: spec.hostname, address, hostPublicKey }));
  }

  /** What only the cloud and the cluster's secret tell, as a host command is told it: its name has to lead to its addresses. */
  asRequest(): pulumi.Inputs & { [K in keyof PublicAddresses]: pulumi.Output<string>[] } {
    const { open, untracked, sshPublicKeys } = this.spec;
    const firewall = { network: privateNetwork.ipRange, open, ...(untracked === undefined ? {} : { untracked }) };
    const access = { ...firewall, sshPublicKeys: [this.deployKey, ...sshPublicKeys] };
    const { ipv4Address, ipv6Address } = this.host.server;
    return { addresses: [ipv4Address, ipv6Address], access };
  }

  private createServer(name: string, { spec, shared, within }: MachineArgs): hcloud.Server {
    const { sshKeys, deployKeyName, placementGroups, network } = shared;
    const userData = pulumi.all([sshKeys.hostKey(name), sshKeys.deployKey]).apply(([hostKey, deployKey]) =>
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
        firewallIds: network.firewallIdsOf(spec.role),
        placementGroupId: placementGroups.id(spec.placementGroup),
        publicNets: [
          { ipv4Enabled: true, ipv4: this.addresses.ipv4Id, ipv6Enabled: true, ipv6: this.addresses.ipv6Id },
        ],
        shutdownBeforeDeletion: spec.stopsBeforeDeletion,
      },
      // A running machine is never replaced because a word in its first boot changed, nor powered off for another
      // type; --replace does it deliberately.
      // The subnet goes after the servers: while they are attached, Hetzner does not delete it.
      {
        ...within,
        deleteBeforeReplace: true,
        ignoreChanges: ["userData", "image", "sshKeys", "serverType"],
        dependsOn: [network.subnet],
      },
    );
  }

  private attachToNetwork(name: string, server: hcloud.Server, args: MachineArgs): hcloud.ServerNetwork {
    const { spec, shared, within } = args;
    return new hcloud.ServerNetwork(
      `${name}-attachment`,
      { serverId: hcloudId(server), subnetId: shared.network.subnet.id, ip: spec.privateAddress },
      { ...within, deleteBeforeReplace: true, deletedWith: server },
    );
  }

  private sshTarget({ spec, shared }: MachineArgs, server: hcloud.Server): SshTarget {
    return {
      server,
      programs: shared.programs[spec.role],
      // The server is in every command anyway: another resource would be named twice more in the state of each.
      address: server.ipv4Address,
      hostKey: publicKeyOf(shared.sshKeys.hostKey(spec.name)),
      privateKey: shared.sshKeys.deployKey.pkcs8,
    };
  }
}
