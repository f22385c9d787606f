import { isIP } from "node:net";

import { canonicalIpv6, defaultReverseName, freePublicAddress, inIpv6Network } from "./addresses";
import type { Cloud } from "./cloud";
import { ApiError, invalidInput, refused } from "./errors";
import type { PrimaryIp, Server } from "./model";
import type { Store } from "./store";

/** The addresses a server has, by type. */
export function addressesOf(cloud: Cloud, server: number): { ipv4?: Readonly<PrimaryIp>; ipv6?: Readonly<PrimaryIp> } {
  const own = cloud.store.primaryIps.all().filter((ip) => ip.server === server);
  return Object.fromEntries(own.map((ip) => [ip.type, ip]));
}

/** Adds an address of the pool; throws resource_limit_exceeded when the pool is empty. */
export function addPrimaryIp(
  cloud: Cloud,
  fields: Pick<PrimaryIp, "type" | "location" | "server" | "autoDelete" | "labels"> & { name?: string },
): Readonly<PrimaryIp> {
  const { primaryIps } = cloud.store;
  // Told before there is an id, which would be lost.
  publicAddress(cloud.store, fields.type, 0);
  return primaryIps.add((id) => ({
    ...{ name: `primary_ip-${id}`, ...fields },
    ip: publicAddress(cloud.store, fields.type, id - 4001),
    ...{ created: new Date().toISOString(), reverseNames: [], deleteProtection: false },
  }));
}

/** A public address that nobody has; throws resource_limit_exceeded when the pool is empty. */
export function publicAddress({ primaryIps, loadBalancers }: Store, type: "ipv4" | "ipv6", turn: number): string {
  const balancers = loadBalancers.all().flatMap(({ ipv4, ipv6Network }) => [ipv4, ipv6Network]);
  const free = freePublicAddress(type, turn, new Set([...primaryIps.all().map(({ ip }) => ip), ...balancers]));
  if (free !== undefined) return free;
  const limits = [{ name: "primary_ip_limit" }];
  throw new ApiError(403, "resource_limit_exceeded", `no ${type} address is left`, { limits });
}

/** Throws unless an address can be given to a server in a location. */
export function requireAssignable(ip: Readonly<PrimaryIp>, type: PrimaryIp["type"], location: string): void {
  if (ip.type !== type) throw refused("primary_ip_version_mismatch", `primary IP ${ip.id} is no ${type} address`);
  if (ip.server !== null) throw refused("primary_ip_assigned", `primary IP ${ip.id} is already assigned`);
  if (ip.location !== location) {
    throw refused("primary_ip_datacenter_mismatch", `primary IP ${ip.id} is in ${ip.location}, not in ${location}`);
  }
}

/** Takes the addresses away from a server that goes: its own ones vanish, the others become free. */
export function releaseAddresses({ store }: Cloud, server: Readonly<Server>): void {
  for (const ip of store.primaryIps.all().filter((each) => each.server === server.id)) {
    if (ip.autoDelete) store.primaryIps.remove(ip.id);
    else store.primaryIps.update(ip, { server: null });
  }
}

/** Sets the reverse name of one address, null for the default; throws invalid_input if the address is another's. */
export function setReverseName({ store }: Cloud, owner: Readonly<PrimaryIp>, ip: string, name: string | null): void {
  const belongs = owner.type === "ipv4" ? ip === owner.ip : inIpv6Network(ip, owner.ip);
  if (!belongs) throw invalidInput("ip", `must be an address of ${owner.ip}, got '${ip}'`);
  const canonical = isIP(ip) === 6 ? canonicalIpv6(ip) : ip;
  const others = owner.reverseNames.filter((each) => each.ip !== canonical);
  store.primaryIps.update(owner, { reverseNames: name === null ? others : [...others, { ip: canonical, name }] });
}

/** The reverse names of an address as the API shows them. */
export function reverseNamesView(ip: Readonly<PrimaryIp>): { ip: string; dns_ptr: string }[] {
  const names = ip.reverseNames.map((each) => ({ ip: each.ip, dns_ptr: each.name }));
  if (ip.type === "ipv6" || names.length > 0) return names;
  return [{ ip: ip.ip, dns_ptr: defaultReverseName(ip.ip) }];
}
