import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";

import type { Labels } from "../plan/cluster-id";
import type { Within } from "./within";

/** A DNS record for an administrator who keeps DNS elsewhere. */
export interface DnsRecord {
  name: string;
  type: string;
  value: string;
}

/** Where a name leads. */
export interface Lead {
  ipv4: pulumi.Output<string>;
  ipv6: pulumi.Output<string>;
}

export interface NameArgs {
  hostname: string;
  lead: Lead;
  /** Undefined: DNS is kept elsewhere. */
  zone: string | undefined;
  ttlSeconds: number;
  labels: pulumi.Output<Labels>;
  within: Within;
}

/** The A and AAAA records of a name. */
export function publishName(name: string, args: NameArgs, opts: pulumi.CustomResourceOptions = {}): hcloud.ZoneRrset[] {
  const { hostname, lead, zone, ttlSeconds: ttl, labels, within } = args;
  if (zone === undefined) return [];
  const options = pulumi.mergeOptions({ ...within, deleteBeforeReplace: true }, opts);
  const label = hostname.slice(0, -zone.length - 1);
  const record = (type: string, value: pulumi.Output<string>) =>
    new hcloud.ZoneRrset(
      `${name}-${type.toLowerCase()}`,
      { zone, name: label, type, ttl, records: [{ value }], labels },
      options,
    );
  return [record("A", lead.ipv4), record("AAAA", lead.ipv6)];
}

/** The same for whoever keeps DNS elsewhere. */
export function recordsOf(hostnames: readonly string[], { ipv4, ipv6 }: Lead): pulumi.Output<DnsRecord[]> {
  return pulumi.all([ipv4, ipv6]).apply(([a, aaaa]) =>
    hostnames.flatMap((name) => [
      { name, type: "A", value: a },
      { name, type: "AAAA", value: aaaa },
    ]),
  );
}
