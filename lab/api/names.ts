import { defaultReverseName, reverseZoneName } from "./addresses";
import type { DnsRecord, Fabric } from "./fabric";
import type { LoadBalancer, PrimaryIp, RecordSet, Zone } from "./model";
import type { Store } from "./store";

/** The name servers every zone gets. */
export const nameServers = ["hydrogen.ns.hetzner.com.", "oxygen.ns.hetzner.com.", "helium.ns.hetzner.de."];

const reverseTtlSeconds = 3600;

// Which words of a value are names that may be written relative to the zone.
const nameAt: Record<string, number> = { CNAME: 0, NS: 0, PTR: 0, MX: 1, SRV: 3 };

/** Every record of every zone and every reverse name, absolute. */
export function allRecords(store: Store): DnsRecord[] {
  const addresses = [...store.primaryIps.all(), ...store.loadBalancers.all().flatMap(addressesOf)];
  return [...store.zones.all().flatMap(zoneRecords), ...addresses.flatMap(reverseRecords)];
}

/** The value of a zone's SOA record. */
export function startOfAuthority(serial: number): string {
  return `${nameServers[0]} dns.hetzner.com. ${serial} 86400 10800 3600000 3600`;
}

function zoneRecords(zone: Readonly<Zone>): DnsRecord[] {
  return zone.recordSets.flatMap((set) => {
    const name = set.name === "@" ? `${zone.name}.` : `${set.name}.${zone.name}.`;
    const ttl = set.ttl ?? zone.ttl;
    return set.records.map(({ value }) => ({ name, type: set.type, ttl, value: absoluteValue(zone, set, value) }));
  });
}

function absoluteValue(zone: Readonly<Zone>, set: RecordSet, value: string): string {
  if (set.type === "SOA") return startOfAuthority(zone.serial);
  const position = nameAt[set.type];
  if (position === undefined) return value;
  const words = value.split(/\s+/);
  const target = words[position] ?? "";
  words[position] = target === "@" ? `${zone.name}.` : target.endsWith(".") ? target : `${target}.${zone.name}.`;
  return words.join(" ");
}

type Address = Pick<PrimaryIp, "type" | "ip" | "reverseNames">;

function addressesOf({ ipv4, ipv6Network, reverseNames }: Readonly<LoadBalancer>): Address[] {
  const names = (isWanted: (ip: string) => boolean) => reverseNames.filter(({ ip }) => isWanted(ip));
  return [
    { type: "ipv4", ip: ipv4, reverseNames: names((ip) => ip === ipv4) },
    { type: "ipv6", ip: ipv6Network, reverseNames: names((ip) => ip !== ipv4) },
  ];
}

function reverseRecords(address: Readonly<Address>): DnsRecord[] {
  const names = address.reverseNames.map(({ ip, name }) => ({ ip, name }));
  if (address.type === "ipv4" && names.length === 0) {
    names.push({ ip: address.ip, name: defaultReverseName(address.ip) });
  }
  return names.map(({ ip, name }) => ({
    ...{ name: reverseZoneName(ip), type: "PTR", ttl: reverseTtlSeconds },
    value: name.endsWith(".") ? name : `${name}.`,
  }));
}

/** Publishes all records whenever asked; requests that come while one is under way share the next. */
export class Names {
  private current: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(
    private readonly store: Store,
    private readonly fabric: Fabric,
  ) {}

  /** Resolves once a publication that began after this call has finished. */
  publish(): Promise<void> {
    this.next ??= this.current
      .catch(() => undefined)
      .then(() => {
        this.current = this.next ?? this.current;
        this.next = undefined;
        return this.fabric.publish(allRecords(this.store));
      });
    return this.next;
  }
}
