import { randomBytes } from "node:crypto";
import { isIPv4 } from "node:net";

import { holds, ipv4Number, ipv4Text, parseRange, type Range, rangeSize } from "./addresses";
import { invalidInput, refused } from "./errors";
import type { Network, Nic } from "./model";
import type { PrivateNic } from "./private-nic";
import type { Store } from "./store";

const reservedByFabric = ipv4Number("172.31.1.1");

/** What a client asks of a private address: nothing, one address, or any of one subnet. */
export interface AddressWish {
  networkZone: string;
  ip?: string | undefined;
  ipRange?: string | undefined;
}

/** Chooses the private address of a new interface; throws ip_not_available or no_subnet_available. */
export function choosePrivateIp(store: Store, network: Readonly<Network>, wish: AddressWish): string {
  const ranges = network.subnets
    .filter((subnet) => subnet.networkZone === wish.networkZone)
    .filter((subnet) => wish.ipRange === undefined || subnet.ipRange === wish.ipRange)
    .map((subnet) => parseRange(subnet.ipRange) as Range);
  if (ranges.length === 0) {
    throw refused("no_subnet_available", `network ${network.id} has no subnet ${wish.ipRange ?? ""} for this server`);
  }
  const taken = takenIn(store, network);
  if (wish.ip === undefined) return firstFree(network, ranges, taken);
  const wished = isIPv4(wish.ip) ? ipv4Number(wish.ip) : undefined;
  if (wished === undefined || !ranges.some((range) => isUsable(wished, range))) {
    throw invalidInput("ip", `must be an address inside a subnet of the network, got '${wish.ip}'`);
  }
  if (taken.has(wished)) throw refused("ip_not_available", `the private IP ${wish.ip} is already in use`);
  return wish.ip;
}

/** A private interface as the fabric plugs it in. */
export function privateNicOf({ networks }: Store, nic: Nic): PrivateNic {
  const network = networks.get(nic.network);
  const range = network && parseRange(network.ipRange);
  if (!range) throw new Error(`network ${nic.network} of a private interface is not on file; delete the lab`);
  const { ip, macAddress } = nic;
  return { networkId: nic.network, ip, ipRange: network.ipRange, gateway: ipv4Text(range.first + 1), macAddress };
}

/** A MAC address for a new private interface. */
export function newMacAddress(): string {
  return ["86", "00", "00", ...(randomBytes(3).toString("hex").match(/../g) ?? [])].join(":");
}

/** The private interfaces in a network, of servers and load balancers. */
export function nicsIn(store: Store, network: number): Nic[] {
  const servers = store.servers.all().flatMap((server) => server.nics);
  const balancers = store.loadBalancers.all().flatMap(({ nic }) => (nic === null ? [] : [nic]));
  return [...servers, ...balancers].filter((nic) => nic.network === network);
}

/** Throws unless all alias addresses are free and inside the network. */
export function requireFreeAliases(store: Store, network: Readonly<Network>, aliases: string[], own: Nic | null): void {
  const taken = takenIn(store, network);
  for (const alias of own?.aliasIps ?? []) taken.delete(ipv4Number(alias));
  const outer = parseRange(network.ipRange) as Range;
  for (const alias of aliases) {
    if (!isIPv4(alias) || !holds(outer, { first: ipv4Number(alias), prefix: 32 })) {
      throw invalidInput("alias_ips", `must be addresses inside ${network.ipRange}, got '${alias}'`);
    }
    if (taken.has(ipv4Number(alias))) throw refused("ip_not_available", `the alias IP ${alias} is already in use`);
  }
}

function takenIn(store: Store, network: Readonly<Network>): Set<number> {
  const gateway = (parseRange(network.ipRange) as Range).first + 1;
  return new Set([
    gateway,
    ...nicsIn(store, network.id)
      .flatMap((nic) => [nic.ip, ...nic.aliasIps])
      .map(ipv4Number),
  ]);
}

function isUsable(ip: number, range: Range): boolean {
  return ip > range.first && ip < range.first + rangeSize(range) - 1 && ip !== reservedByFabric;
}

function firstFree(network: Readonly<Network>, ranges: Range[], taken: Set<number>): string {
  for (const range of ranges) {
    for (let ip = range.first + 1; isUsable(ip, range); ip++) if (!taken.has(ip)) return ipv4Text(ip);
  }
  throw refused("no_subnet_available", `network ${network.id} has no free address left`);
}
