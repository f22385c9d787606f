import type { Machine } from "../api/fabric";
import type { PrivateNic } from "../api/private-nic";
import { addresses, gateway } from "./addresses";

/** Name of the machine's network namespace and of the fabric's end of its public link. */
export function linkName(id: number): string {
  return `m${id}`;
}

/** Name of the namespace that routes one private network: nothing else is connected to it. */
export function networkName(networkId: number): string {
  return `n${networkId}`;
}

/** A machine's private NIC as the guest sees it: enp7s0 for the first network, then enp8s0, … */
export interface GuestNic extends PrivateNic {
  device: string;
}

/** Lines for `ip -batch`, for the fabric's namespace and for the guest's. */
export interface IpLines {
  fabric: string[];
  guest: string[];
}

interface PublicEnd {
  link: string;
  macAddress: string;
  ipv4: string | null;
  /** The machine's address and what is routed to it. */
  ipv6: { address: string; prefix: string } | null;
}

/** What connects a namespace to the fabric as Hetzner does: routed, the address a /32, the gateway on the link. */
export function publicLink({ link, macAddress, ipv4, ipv6 }: PublicEnd): IpLines {
  const fabric = [
    `netns add ${link}`,
    `link add ${link} type veth peer name eth0 address ${macAddress} netns ${link}`,
    `link set ${link} up`,
    `addr add ${gateway.ipv4}/32 dev ${link}`,
    `addr add ${gateway.ipv6}/64 dev ${link} nodad`,
  ];
  const guest = ["link set lo up", "link set eth0 up"];
  if (ipv4 !== null) {
    fabric.push(`route add ${ipv4}/32 dev ${link} src ${addresses.operator.ipv4}`);
    guest.push(`addr add ${ipv4}/32 dev eth0`, `route add ${gateway.ipv4} dev eth0 src ${ipv4}`);
    guest.push(`route add default via ${gateway.ipv4} dev eth0`);
  }
  if (ipv6 !== null) {
    fabric.push(`route add ${ipv6.prefix} dev ${link} src ${addresses.operator.ipv6}`);
    guest.push(`addr add ${ipv6.address} dev eth0 nodad`, `route add ::/0 via ${gateway.ipv6} dev eth0`);
  }
  return { fabric, guest };
}

/** What has links like a machine: a machine or a load balancer. */
export type LinkedMachine = Pick<Machine, "id" | "ipv4" | "ipv6Network">;

/** The public link of a machine. */
export function machineLink({ id, ipv4, ipv6Network }: LinkedMachine): IpLines {
  const ipv6 = ipv6Network === null ? null : { address: ipv6Network.replace("::/64", "::1/64"), prefix: ipv6Network };
  return publicLink({ link: linkName(id), macAddress: machineMac(id), ipv4, ipv6 });
}

/** A machine's public MAC address: Hetzner's prefix and the id. */
export function machineMac(id: number): string {
  const hex = id.toString(16).padStart(8, "0").slice(-8);
  return `96:00:${hex.match(/../g)?.join(":")}`;
}

/** What plugs a machine into a private network that exists; `router` are lines for the network's namespace. */
export function privateLink(id: number, nic: GuestNic): IpLines & { router: string[] } {
  const link = linkName(id);
  return {
    fabric: [
      `link add ${link} mtu 1450 netns ${networkName(nic.networkId)} type veth ` +
        `peer name ${nic.device} address ${nic.macAddress} mtu 1450 netns ${link}`,
    ],
    router: [`link set ${link} up`, `addr add ${nic.gateway}/32 dev ${link}`, `route add ${nic.ip}/32 dev ${link}`],
    guest: [
      `link set ${nic.device} up`,
      `addr add ${nic.ip}/32 dev ${nic.device}`,
      `route add ${nic.gateway} dev ${nic.device} src ${nic.ip}`,
      `route add ${nic.ipRange} via ${nic.gateway} dev ${nic.device} src ${nic.ip}`,
    ],
  };
}

/** The name the next private NIC of a machine gets. */
export function nextDevice(nics: readonly GuestNic[]): string {
  const taken = new Set(nics.map(({ device }) => device));
  let slot = 7;
  while (taken.has(`enp${slot}s0`)) slot++;
  return `enp${slot}s0`;
}

/** Whether a machine has an interface as it is wanted. */
export function sameNic(a: PrivateNic, b: PrivateNic): boolean {
  return a.ip === b.ip && a.ipRange === b.ipRange && a.gateway === b.gateway && a.macAddress === b.macAddress;
}
