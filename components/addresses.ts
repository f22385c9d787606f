import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";

import type { Labels } from "../plan/cluster-id";
import type { MachineSpec } from "../plan/machines";
import { type DnsRecord, type Lead, publishName, recordsOf } from "./dns-record";
import { hcloudId } from "./hcloud-id";
import type { Within } from "./within";

export interface AddressesArgs {
  /** Whose they are. */
  spec: MachineSpec;
  labels: pulumi.Output<Labels>;
  within: Within;
}

/** A machine's public addresses and the names for them; they outlive the server. */
export class Addresses {
  readonly ipv4: pulumi.Output<string>;
  readonly ipv6: pulumi.Output<string>;
  readonly ipv4Id: pulumi.Output<number>;
  readonly ipv6Id: pulumi.Output<number>;
  readonly records: pulumi.Output<DnsRecord[]>;
  /** What must be there before a certificate can be asked for. */
  readonly published: pulumi.Resource[];

  constructor(name: string, args: AddressesArgs) {
    const ipv4 = this.primaryIp(`${name}-ipv4`, "ipv4", args);
    const ipv6 = this.primaryIp(`${name}-ipv6`, "ipv6", args);
    this.ipv4 = ipv4.ipAddress;
    // Hetzner routes a whole /64 to the machine, which takes its first address.
    this.ipv6 = ipv6.ipAddress.apply((network) => `${network}1`);
    this.ipv4Id = hcloudId(ipv4);
    this.ipv6Id = hcloudId(ipv6);
    const a = this.rdns(`${name}-ipv4`, ipv4, this.ipv4, args);
    const aaaa = this.rdns(`${name}-ipv6`, ipv6, this.ipv6, args);
    // One after the other, so that who waits for a name does not have to wait for the way back, too.
    const forward = this.forward(name, { ipv4: a.ipAddress, ipv6: aaaa.ipAddress }, args);
    this.published = forward.length > 0 ? forward : [a, aaaa];
    const { hostname, aliases } = args.spec;
    this.records = recordsOf([hostname, ...aliases], this);
  }

  private primaryIp(name: string, type: string, { spec, labels, within }: AddressesArgs): hcloud.PrimaryIp {
    const { location } = spec;
    return new hcloud.PrimaryIp(
      name,
      { name, type, location, autoDelete: false, labels },
      { ...within, deleteBeforeReplace: true },
    );
  }

  private rdns(
    name: string,
    address: hcloud.PrimaryIp,
    ipAddress: pulumi.Output<string>,
    { spec, within }: AddressesArgs,
  ): hcloud.Rdns {
    return new hcloud.Rdns(
      `${name}-reverse`,
      { primaryIpId: hcloudId(address), ipAddress, dnsPtr: spec.hostname },
      { ...within, deleteBeforeReplace: true, deletedWith: address },
    );
  }

  private forward(name: string, lead: Lead, { spec, labels, within }: AddressesArgs): pulumi.Resource[] {
    const { zone, hostname, aliases } = spec;
    const [own = name] = hostname.split(".");
    const names = [[own, hostname] as const, ...aliases.map((alias) => [`${name}-${alias}`, alias] as const)];
    return names.flatMap(([logical, host]) =>
      publishName(logical, { hostname: host, lead, zone, ttlSeconds: recordTtlSeconds, labels, within }),
    );
  }
}

const recordTtlSeconds = 300;
