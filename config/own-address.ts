import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

/**
 * Warns where SSH from this machine will be refused. Behind a router nobody here knows by which address it goes out:
 * then there is nothing to say.
 * @param own the machine's addresses
 */
export function addressWarnings(adminCidrs: readonly string[], own: readonly string[] = ownAddresses()): string[] {
  const networks = adminCidrs.map((cidr) => ipaddr.parseCIDR(cidr)).filter(([address]) => address.kind() === "ipv4");
  // Pulumi reaches the machines by IPv4.
  const outgoing = own.filter((address) => ipaddr.IPv4.isValid(address) && ipaddr.parse(address).range() === "unicast");
  const isIn = (address: string) => networks.some((network) => ipaddr.parse(address).match(network));
  return outgoing.length === 0 || outgoing.some(isIn)
    ? []
    : [`adminCidrs does not contain ${outgoing.join(", ")}, this machine's own: SSH from here will be refused`];
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}
