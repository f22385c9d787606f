import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { Labels } from "../plan/cluster-id";
import type { MachineSpec } from "../plan/machines";
import { hcloudId } from "./hcloud-id";
import type { Within } from "./within";

/** A DNS record for an administrator who keeps DNS elsewhere. */
export interface DnsRecord {
  name: string;
  type: string;
  value: string;
}

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
    const forward = this.forward(name, { a: a.ipAddress, aaaa: aaaa.ipAddress }, args);
    this.published = forward.length > 0 ? forward : [a, aaaa];
    const { hostname, aliases } = args.spec;
    this.records = pulumi.all([this.ipv4, this.ipv6]).apply(([a, aaaa]) =>
      [hostname, ...aliases].flatMap((name) => [
        { name, type: "A", value: a },
        { name, type: "AAAA", value: aaaa },
      ]),
    );
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

  private forward(
    name: string,
    { a, aaaa }: { a: pulumi.Output<string>; aaaa: pulumi.Output<string> },
    { spec, labels, within }: AddressesArgs,
  ): hcloud.ZoneRrset[] {
    const { zone, hostname, aliases } = spec;
    if (zone === undefined) {
      return [];
    }
    const record = (logical: string, host: string, type: string, value: pulumi.Output<string>) =>
      new hcloud.ZoneRrset(
        `${logical}-${type.toLowerCase()}`,
        { zone, name: labelIn(zone, host), type, ttl: recordTtlSeconds, records: [{ value }], labels },
        { ...within, deleteBeforeReplace: true },
      );
    return [[name, hostname] as const, ...aliases.map((alias) => [`${name}-${alias}`, alias] as const)].flatMap(
      ([logical, host]) => [record(logical, host, "A", a), record(logical, host, "AAAA", aaaa)],
    );
  }
}

/** The name of a host within its zone. */
function labelIn(zone: string, host: string): string {
  return host.slice(0, -zone.length - 1);
}

const recordTtlSeconds = 300;
